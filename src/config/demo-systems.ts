import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDocument, visit } from "yaml";
import type { SourceText } from "./source.ts";
import { substitute } from "./substitute.ts";

/**
 * Does the config ask for the simulated systems? Read before the rest, because their addresses are what its `${NAME}`s
 * refer to. Whatever is wrong with the file is said when it is read as a whole.
 */
export async function wantsDemoSystems(folder: string): Promise<boolean> {
  const text = await readFile(join(folder, "wardroom.yaml"), "utf8").catch(() => "");
  return parseDocument(text).get("demoSystems") === true;
}

/**
 * Does a system's file reach only what the demo simulates? It does when it refers to those variables and to no others, and no
 * address stands in it as written. What it is called says nothing: a copy may have been pointed at something real.
 */
export function reachesOnlyDemo({ document }: SourceText, simulated: readonly string[]): boolean {
  const names: string[] = [];
  let elsewhere = false;
  visit(document, {
    Scalar(_key, { value }) {
      if (typeof value !== "string") return;
      names.push(...substitute(value, {}).unset);
      if (value.includes("://")) elsewhere = true;
    },
  });
  return !elsewhere && names.length > 0 && names.every((name) => simulated.includes(name));
}
