import { constants, type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import { BackendError, errorCode } from "../../domain/failure.ts";
import { syncFolder } from "../wire/sync-folder.ts";

/** How much of the end of a file is looked through for a line, in bytes. */
const lookedThrough = 4 << 20;
/** By write(2) they say that there was no room or no right for any of it; others, as EIO, may come after a part. */
const wroteNothing: ReadonlySet<string> = new Set(["EDQUOT", "EFBIG", "ENOSPC", "EPERM", "EROFS"]);

/** Is a line in a file? `beyond`: not at its end, and it may stand before that. `endsLine`: what follows begins a line. */
interface LineFound {
  readonly is: "held" | "absent" | "beyond";
  readonly endsLine: boolean;
}

/** Looks for exactly this line. Throws BackendError for what cannot be read, as a file that is not there. */
export async function findLine(file: string, line: string): Promise<LineFound> {
  try {
    await using handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const size = await sizeOf(handle, file);
    const from = Math.max(0, size - lookedThrough);
    const bytes = await bytesFrom(handle, from, size - from);
    const isHeld = Buffer.concat([Buffer.from(from === 0 ? "\n" : ""), bytes]).includes(`\n${line}\n`);
    const is = isHeld ? "held" : from === 0 ? "absent" : "beyond";
    return { is, endsLine: bytes.length === 0 || bytes.at(-1) === 0x0a };
  } catch (error) {
    throw asFault(error, file);
  }
}

/**
 * Writes a line at the end of a file, in one piece and onto the disk. Throws BackendError when nothing was written; any other
 * error leaves open whether it was.
 */
export async function appendLine(
  file: string,
  { line, endsLine, create }: { readonly line: string; readonly endsLine: boolean; readonly create: boolean },
): Promise<void> {
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_NONBLOCK | (create ? constants.O_CREAT : 0);
  const bytes = Buffer.from(`${endsLine ? "" : "\n"}${line}\n`);
  await using handle = await open(file, flags, 0o640).catch((error: unknown) => {
    throw asFault(error, file);
  });
  await sizeOf(handle, file);
  const { bytesWritten } = await handle.write(bytes).catch((error: unknown) => {
    throw wroteNothing.has(errorCode(error) ?? "") ? asFault(error, file) : error;
  });
  if (bytesWritten < bytes.length) throw new Error("only a part of the line was written");
  await handle.sync();
  if (!create) return;
  // The name of a new file has to be on disk, too.
  await syncFolder(dirname(file));
}

async function sizeOf(handle: FileHandle, file: string): Promise<number> {
  const found = await handle.stat();
  if (!found.isFile()) throw new BackendError(file, { fault: "refused", detail: "is no plain file" });
  return found.size;
}

async function bytesFrom(handle: FileHandle, from: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, from + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

function asFault(error: unknown, file: string): BackendError {
  if (error instanceof BackendError) return error;
  const code = errorCode(error) ?? "no reason given";
  if (code === "ENOENT" || code === "ENOTDIR")
    return new BackendError(file, { fault: "missing", detail: "is not there: make it, or correct its path" });
  if (code === "EISDIR" || code === "ENXIO")
    return new BackendError(file, { fault: "refused", detail: "is no plain file" });
  const detail = `cannot be read and written (${code}): let the bot do both, and look whether its disk is full`;
  return new BackendError(file, { fault: "refused", detail });
}
