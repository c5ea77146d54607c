/** The gate of names: what a file of src exports has a name of its own, so that one word means one thing everywhere. */
import { codeIn, readTree, type Tree } from "./source.ts";

/** What a file exports by name: declarations, and lists in braces under the name that others import. */
export function exportsOf(text: string): string[] {
  const declared =
    /^export\s+(?:declare\s+|abstract\s+|async\s+)*(?:function\*?|class|const|let|interface|type)\s+(\w+)/gm;
  const listed = /^export\s+(?:type\s+)?\{([^}]*)\}/gm;
  const names = [...text.matchAll(declared)].flatMap(([, name]) => name ?? []);
  const inLists = [...text.matchAll(listed)].flatMap(([, list = ""]) =>
    list.split(",").flatMap((item) => /(\w+)\s*$/.exec(item.trim())?.[1] ?? []),
  );
  return [...new Set([...names, ...inLists])];
}

/** Names that several files of src export, as `name: file, file`. */
export function ambiguousNames(tree: Tree): string[] {
  const files = new Map<string, string[]>();
  for (const [path, text] of codeIn(tree, "src")) {
    for (const name of exportsOf(text)) files.set(name, [...(files.get(name) ?? []), path]);
  }
  return [...files]
    .filter(([, paths]) => paths.length > 1)
    .map(([name, paths]) => `${name}: ${paths.join(", ")}`)
    .toSorted();
}

if (import.meta.main) {
  const found = ambiguousNames(readTree());
  for (const line of found) console.log(`${line}: one name stands for one thing; give each a name of its own`);
  process.exitCode = found.length === 0 ? 0 : 1;
}
