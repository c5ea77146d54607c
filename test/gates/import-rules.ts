import { posix } from "node:path";
import { homes, type Layer, layers, mayImport } from "./layers.ts";
import { codeIn, importsOf, type Tree } from "./source.ts";

const names = Object.keys(layers).filter((name): name is Layer => name in layers);
/** The deepest folder first, because a surface lies inside `src/bot`. */
const byDepth = names.toSorted((a, b) => layers[b].folder.length - layers[a].folder.length);

/** The layer a file belongs to; undefined for the composition root and what lies outside src. */
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

function isForbidden(path: string, specifier: string): boolean {
  if (!specifier.startsWith(".")) return isStrangeVendor(path, specifier);
  const target = posix.join(posix.dirname(path), specifier);
  const from = layerOf(path);
  if (from === undefined) return !(target.startsWith("src/") || target.startsWith("demo/"));
  const to = layerOf(target);
  if (to === undefined || !mayImport(from, to)) return true;
  return from === "integrations" && isForeignBackend(path, target);
}

/** A backend may use what lies directly in `src/integrations`, and itself. */
function isForeignBackend(path: string, target: string): boolean {
  const [, , owner, ...rest] = target.split("/");
  return rest.length > 0 && path.split("/")[2] !== owner;
}

function isStrangeVendor(path: string, specifier: string): boolean {
  const from = layerOf(path);
  const allowed = homes[specifier];
  return from !== undefined && allowed !== undefined && !allowed.includes(from);
}
