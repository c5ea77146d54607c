import { constants } from "node:fs";
import { access, open, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { errorCode } from "../../domain/failure.ts";
import type { FileFault } from "../../domain/systems/backend.ts";
import { hasKey } from "../../domain/systems/connections.ts";
import { receiptsMarker } from "./receipt.ts";
import { programFault } from "./run-command.ts";
import { AbsolutePath } from "./shell.ts";

/** Where programs run, as far as it has to be looked at. */
const Folder = z.looseObject({ cwd: AbsolutePath, user: z.string().optional() });
type Folder = Pick<z.output<typeof Folder>, "cwd" | "user">;

const Declared = z.looseObject({ backends: z.record(z.string(), z.unknown()).default({}) });
const Named = z.looseObject({ backend: z.string() });
const Called = z.looseObject({ command: z.array(z.string()).min(1) });
const Recorded = z.looseObject({ receipt: AbsolutePath });
type Place = readonly (string | number)[];
type Fault = Omit<FileFault, "place">;

/**
 * What is wrong with the programs that a system names, with the folders that they run in and with those of receipts: they are
 * there, and may be executed, or written into. Looks only, and starts nothing.
 */
export async function examinePrograms(system: unknown): Promise<FileFault[]> {
  const backends = Declared.safeParse(system).data?.backends ?? {};
  const folders = new Map(
    Object.entries(backends).flatMap(([name, declared]): [string, Folder][] => {
      const { exec } = z.looseObject({ exec: z.unknown() }).safeParse(declared).data ?? {};
      const folder = Folder.safeParse(exec).data;
      return folder ? [[name, folder]] : [];
    }),
  );
  return examineValue(system, { folders, place: [], folder: undefined });
}

interface Within {
  readonly folders: ReadonlyMap<string, Folder>;
  readonly place: Place;
  /** That of what stands around it: a probe runs where its step does. */
  readonly folder: Folder | undefined;
}

async function examineValue(value: unknown, within: Within): Promise<FileFault[]> {
  if (typeof value !== "object" || value === null) return [];
  const { folders, place } = within;
  const written = hasKey(value, "cwd") ? Folder.safeParse(value).data : undefined;
  const own =
    written ?? (hasKey(value, "backend") ? folders.get(Named.safeParse(value).data?.backend ?? "") : undefined);
  const folder = own ?? within.folder;
  const found: Promise<FileFault[]>[] = [];
  const command = hasKey(value, "command") ? Called.safeParse(value).data?.command : undefined;
  if (folder && command) found.push(at([...place, "command"], faultOfProgram(command, folder)));
  else if (own && own.cwd === written?.cwd)
    found.push(at([...place, "cwd"], faultOfFolder(own.cwd, "folder", constants.R_OK)));
  const receipt = hasKey(value, "receipt") ? Recorded.safeParse(value).data?.receipt : undefined;
  if (receipt !== undefined) found.push(at([...place, "receipt"], faultOfReceipts(receipt)));
  for (const [key, each] of Object.entries(value)) {
    const step = Array.isArray(value) ? Number(key) : key;
    found.push(examineValue(each, { folders, folder, place: [...place, step] }));
  }
  return (await Promise.all(found)).flat();
}

async function at(place: Place, look: Promise<Fault | undefined>): Promise<FileFault[]> {
  const fault = await look;
  return fault ? [{ place, ...fault }] : [];
}

async function faultOfProgram(command: readonly string[], { cwd, user }: Folder): Promise<Fault | undefined> {
  const folder = await faultOfFolder(cwd, "folder", constants.R_OK);
  if (folder) return folder;
  const found = await programFault(command, cwd);
  if ("fault" in found) return { message: found.fault, remedy: "Correct it, or name another program." };
  const { path } = found;
  const kind = await stat(path).catch((error: unknown) => errorCode(error) ?? "unknown");
  if (typeof kind === "string")
    return { message: `the program ${path} is not there (${kind})`, remedy: "Install it, or correct its path." };
  if (!kind.isFile()) return { message: `${path} is no program but a folder`, remedy: "Name a file in it." };
  // Who else it runs as is asked no rights here: then some right to execute it has to be there at all.
  const isExecutable = user === undefined ? await may(path, constants.X_OK) : (kind.mode & 0o111) !== 0;
  if (!isExecutable)
    return { message: `the program ${path} may not be executed`, remedy: `Give it that right: chmod +x ${path}` };
  const runner = await runnerOf(path);
  if (runner !== undefined && !(await may(runner, constants.X_OK)))
    return {
      message: `${path} names ${runner} in its first line, which is not there or may not be executed`,
      remedy: "Install it, or correct that line.",
    };
  return undefined;
}

async function faultOfFolder(path: string, what: string, right: number): Promise<Fault | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isDirectory())
    return { message: `the ${what} ${path} is not there`, remedy: "Make it, or correct the path." };
  if (await may(path, right)) return undefined;
  const does = right === constants.W_OK ? "write into" : "read";
  return { message: `the bot may not ${does} the ${what} ${path}`, remedy: "Give it that right." };
}

async function faultOfReceipts(path: string): Promise<Fault | undefined> {
  const folder = await faultOfFolder(path, "folder of receipts", constants.W_OK);
  if (folder) return folder;
  const marker = join(path, receiptsMarker);
  if (await may(marker, constants.F_OK)) return undefined;
  return {
    message: `${marker} is not there, so nobody can tell the folder of receipts from one whose volume is not mounted`,
    remedy: `Mount it, or make the file where it is new: touch ${marker}`,
  };
}

async function may(path: string, right: number): Promise<boolean> {
  return access(path, right).then(
    () => true,
    () => false,
  );
}

/** Bytes: the longest first line that the system reads (BINPRM_BUF_SIZE of Linux). */
const longestRunner = 256;

/** What the first line of a script has run it; undefined for a binary, and for what cannot be read. */
async function runnerOf(path: string): Promise<string | undefined> {
  try {
    await using handle = await open(path, "r");
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(longestRunner), 0, longestRunner, 0);
    return /^#![ \t]*(\/\S+)/.exec(buffer.toString("latin1", 0, bytesRead))?.[1];
  } catch {
    return undefined;
  }
}
