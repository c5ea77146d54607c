import { randomBytes } from "node:crypto";
import { lstat, open, readdir, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { BackendError, errorCode } from "../../domain/failure.ts";
import { syncFolder } from "../wire/sync-folder.ts";

/** Where a value stands in a file of variables, as `docker compose --env-file` and shells read it. */
interface Place {
  readonly value: string;
  /** The text of the file before and behind the value with its quotes. */
  readonly before: string;
  readonly after: string;
}

/** Bytes. */
const largestFile = 1_048_576;

/** The value of a key. Throws BackendError, also for a key that stands there twice: who reads the file decides which counts. */
export async function readKey(file: string, key: string): Promise<string> {
  const place = placeOf(await textOf(file), key, file);
  if (place === undefined) throw envFault(file, "missing", `holds no ${key}`);
  return place.value;
}

interface Setting {
  readonly key: string;
  readonly value: string;
  /** It may be added where the file has no such key. */
  readonly create: boolean;
}

/** Who writes a file of these now: two keys of one file set at once would each undo the other. */
const writing = new Map<string, Promise<unknown>>();

/**
 * Sets the value of a key and leaves everything else as it was. The file is replaced whole, with its rights and its owner; of
 * this process one write at a time. False when it holds that value already. Throws BackendError when nothing was changed; any other error
 * leaves open whether it was.
 */
export async function writeKey(file: string, setting: Setting): Promise<boolean> {
  const path = await realpath(file).catch(() => file);
  const write = (writing.get(path) ?? Promise.resolve()).then(() => setKey(file, path, setting));
  const over = write.catch(() => {});
  writing.set(path, over);
  void over.then(() => writing.get(path) === over && writing.delete(path));
  return write;
}

async function setKey(file: string, path: string, { key, value, create }: Setting): Promise<boolean> {
  const before = await statOf(path, file);
  const text = await textOf(path);
  const place = placeOf(text, key, file);
  if (place?.value === value) return false;
  if (place === undefined && !create)
    throw envFault(file, "missing", `holds no ${key}: correct the key, or allow it with create: true`);
  const gap = text === "" || text.endsWith("\n") ? "" : "\n";
  const quoted = quotedValue(value, file);
  const next = place ? `${place.before}${quoted}${place.after}` : `${text}${gap}${key}=${quoted}\n`;
  await replaceFile(path, next, { file, before });
  return true;
}

type Found = Awaited<ReturnType<typeof stat>>;

/** Throws BackendError while the file is as it was; any other error leaves open whether it is the new one. */
async function replaceFile(path: string, text: string, seen: { file: string; before: Found }): Promise<void> {
  await removeLeftovers(path);
  const fresh = join(dirname(path), `${basename(path)}.${randomBytes(6).toString("hex")}${unfinished}`);
  try {
    await writeFresh(fresh, text, seen.before);
    await checkUnchanged(path, seen);
  } catch (error) {
    await rm(fresh, { force: true }).catch(() => {});
    throw asFault(error, seen.file);
  }
  try {
    await rename(fresh, path);
  } catch (error) {
    // What still stands under its own name has replaced nothing.
    const isLeft = await rm(fresh).then(
      () => true,
      () => false,
    );
    throw isLeft ? asFault(error, seen.file) : error;
  }
  await syncFolder(dirname(path));
}

/** Ends the name of a file that is to replace another, and holds all of its secrets. */
const unfinished = ".tmp";
/** One as old as this, in ms, belongs to no write that is still under way, of another process either. */
const abandonedMs = 60_000;

/** Removes what a write left behind that was killed. A folder that cannot be read keeps nobody from writing the file. */
async function removeLeftovers(path: string): Promise<void> {
  const [folder, name] = [dirname(path), basename(path)];
  for (const each of await readdir(folder).catch(() => [])) {
    const made = each.startsWith(`${name}.`) && /^[0-9a-f]{12}\.tmp$/.test(each.slice(name.length + 1));
    // As they were called before they had an end of their own.
    const madeOnce = each.startsWith(`.${name}.`) && /^[0-9a-f]{12}$/.test(each.slice(name.length + 2));
    if (!made && !madeOnce) continue;
    const left = join(folder, each);
    const found = await lstat(left).catch(() => undefined);
    if (found?.isFile() && Date.now() - found.mtimeMs > abandonedMs) await rm(left, { force: true }).catch(() => {});
  }
}

/** Its last write is over, and on disk, when this is. */
async function writeFresh(fresh: string, text: string, { uid, gid, mode }: Found): Promise<void> {
  await using handle = await open(fresh, "wx", 0o600);
  await handle.writeFile(text);
  await handle.chown(Number(uid), Number(gid));
  await handle.chmod(Number(mode) & 0o7777);
  await handle.sync();
}

async function checkUnchanged(path: string, { file, before }: { file: string; before: Found }): Promise<void> {
  const now = await stat(path);
  if (now.ino !== before.ino || now.mtimeMs !== before.mtimeMs || now.size !== before.size)
    throw envFault(file, "refused", "was changed by somebody else meanwhile, so it was left as it is");
}

function asFault(error: unknown, file: string): BackendError {
  if (error instanceof BackendError) return error;
  const code = errorCode(error) ?? "no reason given";
  return envFault(file, "refused", `could not be written (${code}): let the bot write its folder and keep its owner`);
}

/** Undefined where the key does not stand there. Throws BackendError for what cannot be read without guessing. */
function placeOf(text: string, key: string, file: string): Place | undefined {
  const found: Place[] = [];
  let at = 0;
  for (const whole of text.split(/(?<=\n)/)) {
    const line = whole.replace(/\r?\n$/, "");
    const parts = /^(\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=[ \t]*)(.*)$/s.exec(line);
    const [, head = "", name, rest = ""] = parts ?? [];
    if (parts) {
      const value = /^(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^"'\s#](?:[^#]|(?<=\S)#)*?|))(?=\s*$|\s+#)/.exec(rest);
      if (!value && (name === key || /^["']/.test(rest)))
        throw envFault(file, "nonsense", `has a value of ${name} that does not end on its line, or is quoted oddly`);
      const [taken = "", double, single, bare] = value ?? [];
      const start = at + head.length;
      if (name === key)
        found.push({
          value: double ?? single ?? bare ?? "",
          before: text.slice(0, start),
          after: text.slice(start + taken.length),
        });
    }
    at += whole.length;
  }
  if (found.length > 1) throw envFault(file, "nonsense", `holds ${key} ${found.length} times: keep one`);
  return found[0];
}

/** Single quotes are literal for compose and for shells alike. Throws BackendError for what they cannot hold. */
function quotedValue(value: string, file: string): string {
  if (/^[\w@%+:,./-]*$/.test(value)) return value;
  if (/['\\\p{Cc}]/u.test(value))
    throw envFault(file, "refused", "takes no value with quotes, backslashes or line ends");
  return `'${value}'`;
}

async function statOf(path: string, file: string): Promise<Found> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw envFault(file, "missing", "is not there: correct its path");
  if (!found.isFile()) throw envFault(file, "refused", "is no plain file");
  if (found.size > largestFile) throw envFault(file, "refused", "is larger than 1 MiB, which no file of variables is");
  return found;
}

async function textOf(file: string): Promise<string> {
  await statOf(file, file);
  const bytes = await readFile(file).catch(() => undefined);
  if (!bytes) throw envFault(file, "missing", "cannot be read: let the bot read it");
  const text = bytes.toString("utf8");
  if (!Buffer.from(text, "utf8").equals(bytes)) throw envFault(file, "nonsense", "holds what is no text in UTF-8");
  return text;
}

function envFault(file: string, fault: "missing" | "refused" | "nonsense", said: string): BackendError {
  return new BackendError(file, { fault, detail: said });
}
