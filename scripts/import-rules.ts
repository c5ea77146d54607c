import { posix } from "node:path";
import { type Layer, layers, mayImport, mayUse, roots } from "./layers.ts";
import { codeIn, importsOf, type Tree } from "./source.ts";

const names = Object.keys(layers).filter((name): name is Layer => name in layers);
/** The deepest folder first, because rooms lie inside `src/bot`. */
const byDepth = names.toSorted((a, b) => layers[b].folder.length - layers[a].folder.length);

/** The layer a file belongs to; undefined for the wiring, and for what lies outside src. */
function layerOf(path: string): Layer | undefined {
  return byDepth.find((name) => path.startsWith(`${layers[name].folder}/`));
}

/** Every import of src that the design does not allow, as `file → what`. */
export function forbiddenImports(tree: Tree): string[] {
  return codeIn(tree, "src").flatMap(([path, text]) =>
    importsOf(text)
      .filter((specifier) => isForbidden(path, specifier))
      .map((specifier) => `${path} → ${specifier}`),
  );
}

/** Files of src that stand in no layer, so that no rule would see what they import. */
export function homelessFiles(tree: Tree): string[] {
  const known = [...Object.values(layers).map((layer) => layer.folder), ...Object.values(roots)];
  return codeIn(tree, "src")
    .map(([path]) => path)
    .filter((path) => path !== "src/main.ts" && !known.some((folder) => path.startsWith(`${folder}/`)));
}

function isForbidden(path: string, specifier: string): boolean {
  const from = layerOf(path);
  if (!specifier.startsWith(".")) return from !== undefined && !mayUse(from, specifier);
  const target = posix.join(posix.dirname(path), specifier);
  if (from === undefined) return !(target.startsWith("src/") || target.startsWith("demo/"));
  const to = layerOf(target);
  if (to === undefined || !mayImport(from, to)) return true;
  return from === "integrations" && isForeignBackend(path, target);
}

/** A backend may use what lies directly in `src/integrations`, the calls on the wire, the running of programs, and itself. */
function isForeignBackend(path: string, target: string): boolean {
  const [, top, owner, ...rest] = target.split("/");
  if (top !== "integrations" || rest.length === 0 || owner === "wire" || owner === "process") return false;
  const [, , own, ...below] = path.split("/");
  return below.length > 0 && own !== owner;
}
