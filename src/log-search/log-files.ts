import { constants } from "node:fs";
import { type FileHandle, open, readdir, realpath, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { BackendError, errorCode } from "../domain/failure.ts";
import { copiesAmong } from "./copied-files.ts";
import type { FileLog } from "./file-log.ts";
import { packingOf } from "./packed.ts";
import type { OpenFile } from "./scan-task.ts";

export interface OpenedFile extends OpenFile {
  readonly handle: FileHandle;
}

export interface OpenedFiles {
  /** Last written first. */
  readonly files: readonly OpenedFile[];
  /** Files that are there and were not opened, and why. */
  readonly skipped: readonly { readonly name: string; readonly why: string }[];
}

/**
 * Opens the source's file with its rotated and compressed siblings. Only regular files that really lie below the source's
 * root are opened, links followed, and what was opened is checked to be what was looked at. Throws BackendError.
 */
export async function openLogFiles(source: FileLog): Promise<OpenedFiles> {
  const fail = (fault: "missing" | "unauthorised" | "refused" | "broken", detail: string): BackendError =>
    new BackendError(`log ${source.id}`, { fault, detail });
  const pattern = namePattern(source, fail);
  const root = await realpath(source.root).catch((error: unknown) => {
    throw fail(errorCode(error) === "ENOENT" ? "missing" : "unauthorised", "the folder of the logs cannot be opened");
  });
  const folder = resolve(root, dirname(source.file));
  const names = await namesIn(folder, pattern, fail);
  const outcomes = await Promise.all(names.map((name) => openBelow(root, join(folder, name))));
  const opened = outcomes.filter((outcome) => typeof outcome === "object");
  const skipped = names.flatMap((name, at) => {
    const outcome = outcomes[at];
    return outcome === "denied" || outcome === "outside" || outcome === "foreign"
      ? [{ name, why: skippedWords[outcome] }]
      : [];
  });
  const files = await distinct(opened);
  if (files.length > 0) {
    return {
      files: files.toSorted((a, b) => b.modifiedAt - a.modifiedAt),
      skipped,
    };
  }
  const words = {
    gone: fail("missing", `there is no file ${source.file}`),
    denied: fail("unauthorised", `${source.file} ${skippedWords.denied}`),
    outside: fail("refused", `${source.file} ${skippedWords.outside}`),
  };
  throw words[outcomes.find((outcome) => outcome === "denied" || outcome === "outside") ?? "gone"];
}

/** What stands behind the name of a file that was put aside: a number, a day with or without a time and a zone. */
const aside = String.raw`(?:\.\d{1,5}|[._-]\d{4}-?\d{2}-?\d{2}(?:[-_T.]?\d{2}(?:[-:]?\d{2}){0,2}(?:[+-]\d{4}|Z)?|-\d{9,13})?(?:[.-]\d{1,5})?)`;
/** What is packed with the last four is told and not read: Node has nothing that unpacks them. */
const packed = String.raw`(?:\.(?:gz|zst|xz|bz2|lz4|lzma))`;
const unreadPacking = /\.(xz|bz2|lz4|lzma)$/;

type Fail = (fault: "missing" | "unauthorised" | "refused" | "broken", detail: string) => BackendError;

/** Names that the last part of the path stands for, rotated siblings included. */
function namePattern(source: FileLog, fail: Fail): RegExp {
  const { file } = source;
  const folder = dirname(file);
  if (file.includes("\0") || isAbsolute(file) || file.split(/[/\\]/).includes(".."))
    throw fail("refused", "its file must be a path below its root");
  if (/[*?]/.test(folder)) throw fail("refused", "only the last part of its file may hold * or ?");
  const whole = basename(file);
  const dotAt = whole.lastIndexOf(".");
  const [stem, ending] = dotAt > 0 ? [whole.slice(0, dotAt), whole.slice(dotAt)] : [whole, ""];
  // Some put the day before the ending: app-2026-11-21.log.
  return new RegExp(
    `^(?!\\.)(?:${namesOf(whole)}${aside}?|${namesOf(stem)}${aside}${namesOf(ending)})${packed}?$`,
    "u",
  );
}

function namesOf(written: string): string {
  return written
    .replaceAll(/[^\w*?]/gu, (character) => String.raw`\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
    .replaceAll(/\*+/g, "[^/]*")
    .replaceAll("?", "[^/]");
}

async function namesIn(folder: string, pattern: RegExp, fail: Fail): Promise<string[]> {
  try {
    const names = new Set(await readdir(folder));
    // While a file is being compressed it stands beside its archive, and its lines would count twice.
    return [...names].filter((name) => pattern.test(name) && !isBesideItself(name, names));
  } catch (error) {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR")
      throw fail("missing", "the folder of the file does not exist");
    throw fail("unauthorised", "the folder of the file may not be listed by the bot");
  }
}

function isBesideItself(name: string, names: ReadonlySet<string>): boolean {
  const unpackedName = name.replace(new RegExp(`${packed}$`), "");
  return unpackedName !== name && names.has(unpackedName);
}

const skippedWords = {
  foreign: "is packed in a way that is not read",
  denied: "may not be read by the bot",
  outside: "leads out of its folder or is not a regular file",
} as const;

type Unopened = "gone" | "denied" | "outside" | "foreign";

async function openBelow(root: string, path: string): Promise<OpenedFile | Unopened> {
  if (unreadPacking.test(path)) return "foreign";
  let handle: FileHandle | undefined;
  try {
    const real = await realpath(path);
    if (!isBelow(root, real)) return "outside";
    // Asked before opening, because opening a device can itself have effects.
    if (!(await stat(real)).isFile()) return "outside";
    handle = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const info = await handle.stat();
    const now = await stat(await realpath(path));
    if (!info.isFile() || now.ino !== info.ino || now.dev !== info.dev || !isBelow(root, await realpath(path))) {
      await handle.close();
      return "outside";
    }
    return {
      handle,
      fd: handle.fd,
      name: relative(root, path).split(sep).join("/"),
      size: info.size,
      packing: await packingOf(path, handle),
      modifiedAt: info.mtimeMs,
    };
  } catch (error) {
    await handle?.close();
    const code = errorCode(error);
    if (code === "EACCES" || code === "EPERM") return "denied";
    return code === "ELOOP" ? "outside" : "gone";
  }
}

/** A link and its target, or a file renamed while it was looked for, are one file. */
async function distinct(files: readonly OpenedFile[]): Promise<OpenedFile[]> {
  const seen = new Map<string, OpenedFile>();
  for (const file of files.toSorted((a, b) => a.name.length - b.name.length)) {
    const { dev, ino } = await file.handle.stat();
    const key = `${dev}:${ino}`;
    if (seen.has(key)) await file.handle.close();
    else seen.set(key, file);
  }
  const kept = [...seen.values()];
  const copies = await copiesAmong(kept);
  await Promise.all(copies.map(({ handle }) => handle.close()));
  return kept.filter((file) => !copies.includes(file));
}

function isBelow(root: string, real: string): boolean {
  return real.startsWith(root.endsWith(sep) ? root : root + sep);
}
