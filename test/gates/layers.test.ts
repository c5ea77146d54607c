import { expect, test } from "vitest";
import { forbiddenImports, homelessFiles } from "../../scripts/import-rules.ts";
import { homes, type Layer, layers, mayImport, mayUse, roots } from "../../scripts/layers.ts";

const names = Object.keys(layers).filter((name): name is Layer => name in layers);
const edges = names.flatMap((from) => names.map((to) => ({ from, to, allowed: mayImport(from, to) })));
const rootEdges = names.flatMap((from) => Object.entries(roots).map(([to, folder]) => ({ from, to, folder })));
const vendorEdges = names.flatMap((from) =>
  Object.keys(homes).map((vendor) => ({ from, vendor, allowed: mayUse(from, vendor) })),
);

/** A file of a layer that imports something, as the gate sees it. */
function planted(from: Layer, specifier: string): string[] {
  const path = `${layers[from].folder}/planted.ts`;
  return forbiddenImports(new Map([[path, `import { x } from "${specifier}";\nexport const edge = () => x;\n`]]));
}

/** The specifier of `x.ts` in a folder, as a file of the layer would write it. */
function up(from: Layer, folder: string): string {
  return layers[from].folder === folder
    ? "./x.ts"
    : `${"../".repeat(layers[from].folder.split("/").length)}${folder}/x.ts`;
}

test.each(edges.filter((edge) => !edge.allowed))("$from may not import $to", ({ from, to }) => {
  expect(planted(from, up(from, layers[to].folder))).toHaveLength(1);
});

test.each(rootEdges)("$from may not import $to", ({ from, folder }) => {
  expect(planted(from, up(from, folder))).toHaveLength(1);
});

test.each(vendorEdges.filter((edge) => !edge.allowed))("$from may not know $vendor", ({ from, vendor }) => {
  expect(planted(from, vendor)).toHaveLength(1);
});

test("what is allowed is not reported", () => {
  const allowed = [
    ...edges.filter((edge) => edge.allowed).map(({ from, to }) => planted(from, up(from, layers[to].folder))),
    ...vendorEdges.filter((edge) => edge.allowed).map(({ from, vendor }) => planted(from, vendor)),
  ];
  expect(allowed.flat()).toEqual([]);
  expect(allowed.length).toBeGreaterThan(60);
});

test("a file that stands in no layer is reported", () => {
  const tree = new Map([
    ["src/main.ts", ""],
    ["src/domain/text/a.ts", ""],
    ["src/cli/a.ts", ""],
    ["src/strange/a.ts", ""],
    ["src/stray.ts", ""],
  ]);
  expect(homelessFiles(tree)).toEqual(["src/strange/a.ts", "src/stray.ts"]);
});
