import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./gates.ts";

/** Path below the root → text. */
export type Tree = ReadonlyMap<string, string>;

/** Every file that is in git or would be added to it, so that a rule also sees what is about to be committed. A picture has no text. */
export function readTree(): Tree {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  const paths = listed.split("\0").filter((path) => path !== "" && existsSync(join(root, path)));
  const files = paths.map((path): [string, string] => [path, readFileSync(join(root, path), "utf8")]);
  return new Map(files.map(([path, text]) => [path, text.includes("\0") ? "" : text]));
}

/** The files of a tree below a folder that are code. */
export function codeIn(tree: Tree, ...folders: readonly string[]): (readonly [path: string, text: string])[] {
  return [...tree].filter(
    ([path]) => folders.some((folder) => path.startsWith(`${folder}/`)) && /\.(ts|js)$/.test(path),
  );
}

/**
 * What a file imports, in whatever way: `import … from`, `export … from`, a bare `import "x"`, `import("x")` as a call
 * or as a type, `require("x")` and `import.meta.resolve("x")`.
 */
export function importsOf(text: string): string[] {
  const ways = [
    /^\s*(?:import|export)\b[^"';]*?\bfrom\s*["']([^"']+)["']/gm,
    /^\s*import\s*["']([^"']+)["']/gm,
    /\b(?:import|require|import\.meta\.resolve)\(\s*["'`]([^"'`]+)["'`]/g,
  ];
  return ways.flatMap((way) => [...text.matchAll(way)].flatMap(([, specifier]) => specifier ?? []));
}
