import type { Tree } from "../../scripts/source.ts";

/** Top-level folders: a word in a document that starts with one of these is a path, and must lead somewhere. */
const folders = ["src", "test", "demo", "bench", "scripts", "systems", "bin", "schema", "docs", "manuals", ".ci"];

const documents = /^[A-Z]+\.md$|^docs\/.*\.md$/;

/** Every path named in the project's documents that is not there, as `document: path`. */
export function missingPaths(tree: Tree): string[] {
  return documentsOf(tree).flatMap(([name, text]) =>
    [...pathsIn(text), ...linksIn(text)].filter((path) => !exists(tree, path)).map((path) => `${name}: ${path}`),
  );
}

/** Every `npm run x` in the documents that is no script, as `document: script`. */
export function missingScripts(tree: Tree, scripts: readonly string[]): string[] {
  return documentsOf(tree).flatMap(([name, text]) =>
    [...text.matchAll(/\bnpm run ([\w:-]+)/g)]
      .flatMap(([, script]) => script ?? [])
      .filter((script) => !scripts.includes(script))
      .map((script) => `${name}: npm run ${script}`),
  );
}

function documentsOf(tree: Tree): (readonly [string, string])[] {
  return [...tree].filter(([path]) => documents.test(path));
}

function pathsIn(text: string): string[] {
  const start = folders.map((folder) => folder.replace(".", "\\.")).join("|");
  const paths = text.matchAll(new RegExp(`(?<![\\w/.-])(?:${start})/[\\w./*<>{},-]*`, "g"));
  return [...paths].map(([path]) => path.replace(/[.,]+$/, ""));
}

function linksIn(text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .flatMap(([, target]) => target ?? [])
    .filter((target) => !/^([a-z]+:|#)/.test(target))
    .map((target) => target.replace(/#.*$/, ""));
}

/** A placeholder, `<name>`, or a pattern, `*`, stands for at least one path that is there. */
function exists(tree: Tree, path: string): boolean {
  const pattern = path
    .replace(/\/$/, "")
    .replace(/[.+^$()|[\]\\]/g, "\\$&")
    .replace(/\{([^}]*)\}/g, (_braces, inner: string) => `(${inner.split(",").join("|")})`)
    .replace(/<[^>]*>|\*+/g, ".+");
  const wanted = new RegExp(`^${pattern}(/|$)`);
  return [...tree.keys()].some((known) => wanted.test(known));
}
