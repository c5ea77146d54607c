import { readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { ConfigPlace } from "./load-config.ts";
import { yamlFilesIn } from "./read-file.ts";

/** What system files were found to name, by how each stood when it was read: one that has not changed is not read again. */
export type NamedBefore = Map<string, { readonly as: string; readonly names: readonly string[] }>;

/** Which files a config is read from and when each was last written: equal while there is nothing new to read. */
export async function configFingerprint(
  { folder, systemFolders }: ConfigPlace,
  before: NamedBefore = new Map(),
): Promise<string> {
  const found = await Promise.all((systemFolders ?? [join(folder, "systems")]).map(yamlFilesIn));
  const systems = found.flatMap((each) => ("files" in each ? each.files : []));
  const written = await Promise.all(
    [join(folder, "wardroom.yaml"), join(folder, "people.yaml"), ...systems].map(writtenAt),
  );
  const named = (await Promise.all(systems.map((system, at) => namedIn(system, written[at + 2] ?? "", before)))).flat();
  return [...written, ...(await Promise.all(named.map(writtenAt)))].join("\n");
}

async function namedIn(system: string, as: string, before: NamedBefore): Promise<readonly string[]> {
  const known = before.get(system);
  if (known?.as === as) return known.names;
  const names = await filesNamedIn(system);
  before.set(system, { as, names });
  return names;
}

/** Other YAML files that a system's file names, as rule files: one more than is read only costs a look. */
async function filesNamedIn(system: string): Promise<readonly string[]> {
  const text = await readFile(system, "utf8").catch(() => "");
  return [...text.matchAll(/\bfile:\s*["']?([^\s"',}]+\.ya?ml)\b/g)].map(([, name = ""]) =>
    resolve(dirname(system), name),
  );
}

/** A file may be replaced by another of the same age, as a mounted volume does: its number counts, too. */
async function writtenAt(file: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(file);
    return `${file} ${mtimeMs} ${size} ${ino}`;
  } catch {
    return `${file} cannot be read`;
  }
}
