import { type FileHandle, open, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { errorCode } from "../../domain/failure.ts";
import { syncFolder } from "../wire/sync-folder.ts";
import { NotBegun } from "./run-command.ts";

/** What is on record of a step: that it was begun, and how it ended: its exit code, `never` where it was not started after all. */
export type Receipt =
  | { readonly is: "none" }
  | { readonly is: "begun" }
  | { readonly is: "ended"; readonly code: string };

/** Stands in every folder of receipts, made by whoever sets it up: the mount point of a volume that is gone is empty, too. */
export const receiptsMarker = ".wardroom-receipts";

/**
 * Puts on record, before it is started, that the step with this key was begun. True when it is so now, on disk; false when it
 * was so before, so that it must not be begun again. Throws NotBegun where nothing can be put on record, and then nothing is.
 */
export async function recordBegun(folder: string, key: string): Promise<boolean> {
  if (!(await isMarked(folder)))
    throw new NotBegun(
      `${folder} is no folder of receipts, or its volume is not mounted: it holds no ${receiptsMarker}, which is made where it is set up`,
    );
  const path = fileOf(folder, key);
  try {
    await using file = await open(path, "wx", 0o600);
    await beginIn(file, folder).catch(async (error: unknown) => {
      await rm(path, { force: true });
      throw error;
    });
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw new NotBegun(
      `no receipt can be written into ${folder} (${errorCode(error) ?? "unknown"}): let the bot write into it and read it`,
    );
  }
}

async function beginIn(file: FileHandle, folder: string): Promise<void> {
  await file.writeFile(`begun ${new Date().toISOString()}\n`);
  await file.sync();
  // The name in the folder has to be on disk, too.
  await syncFolder(folder);
}

/** Puts on record how it ended. What cannot be put there stays begun, which is unknown. */
export async function recordEnded(folder: string, key: string, code: number | "never"): Promise<void> {
  try {
    await using file = await open(fileOf(folder, key), "a");
    await file.writeFile(`ended ${code}\n`);
    await file.sync();
  } catch {
    // Whoever looks it up finds it begun.
  }
}

/**
 * What is on record. Undefined where nobody can tell, as where the folder or its marker is gone: what was begun there may be gone
 * with it. An end counts once its line is whole: what is left of `ended 255` may read `ended 2`.
 */
export async function readReceipt(folder: string, key: string): Promise<Receipt | undefined> {
  try {
    const text = await readFile(fileOf(folder, key), "utf8");
    const code = /^ended (\d{1,3}|never)\n/m.exec(text)?.[1];
    return code === undefined ? { is: "begun" } : { is: "ended", code };
  } catch (error) {
    if (errorCode(error) !== "ENOENT") return undefined;
    return (await isMarked(folder)) ? { is: "none" } : undefined;
  }
}

async function isMarked(folder: string): Promise<boolean> {
  const found = await stat(join(folder, receiptsMarker)).catch(() => undefined);
  return found !== undefined;
}

function fileOf(folder: string, key: string): string {
  return join(folder, `${encodeURIComponent(key)}.receipt`);
}
