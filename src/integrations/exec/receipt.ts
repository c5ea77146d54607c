import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { errorCode } from "../../domain/failure.ts";
import { syncFolder } from "../wire/sync-folder.ts";
import { NotBegun } from "./run-command.ts";

/** What is on record of a step: that it was begun, and how it ended: its exit code, `never` where it was not started after all. */
export type Receipt =
  | { readonly is: "none" }
  | { readonly is: "begun" }
  | { readonly is: "ended"; readonly code: string };

/**
 * Puts on record, before it is started, that the step with this key was begun. True when it is so now, on disk; false when it
 * was so before, so that it must not be begun again. Throws NotBegun where nothing can be put on record.
 */
export async function recordBegun(folder: string, key: string): Promise<boolean> {
  try {
    await using file = await open(fileOf(folder, key), "wx", 0o600);
    await file.writeFile(`begun ${new Date().toISOString()}\n`);
    await file.sync();
    // The name in the folder has to be on disk, too.
    await syncFolder(folder);
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw new NotBegun(
      `no receipt can be written into ${folder} (${errorCode(error) ?? "unknown"}): make it, for the bot to write into`,
    );
  }
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

/** What is on record. Undefined where nobody can tell, as where the folder is gone: what was begun there may be gone with it. */
export async function readReceipt(folder: string, key: string): Promise<Receipt | undefined> {
  try {
    const text = await readFile(fileOf(folder, key), "utf8");
    const code = /^ended (\d{1,3}|never)$/m.exec(text)?.[1];
    return code === undefined ? { is: "begun" } : { is: "ended", code };
  } catch (error) {
    if (errorCode(error) !== "ENOENT") return undefined;
    return (await isFolder(folder)) ? { is: "none" } : undefined;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    await using handle = await open(path, "r");
    return (await handle.stat()).isDirectory();
  } catch {
    return false;
  }
}

function fileOf(folder: string, key: string): string {
  return join(folder, `${encodeURIComponent(key)}.receipt`);
}
