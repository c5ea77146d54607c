import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDocument } from "yaml";

/**
 * Does the config ask for the simulated systems? Read before the rest, because their addresses are what its `${NAME}`s
 * refer to. Whatever is wrong with the file is said when it is read as a whole.
 */
export async function wantsDemoSystems(folder: string): Promise<boolean> {
  const text = await readFile(join(folder, "wardroom.yaml"), "utf8").catch(() => "");
  return parseDocument(text).get("demoSystems") === true;
}
