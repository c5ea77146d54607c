import { chmodSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { z } from "zod";
import { terminalSocketName } from "../bot/terminal/private-socket.ts";
import type { Environment } from "../config/environment.ts";
import { UserError } from "../domain/failure.ts";
import { stamp } from "../domain/text/moment.ts";
import { type HeldFile, holdFile } from "../store/sqlite/hold-file.ts";

/** The longest path of a Unix socket that every system takes, in bytes: 104 with its end on macOS, 108 on Linux. */
const longestSocketPath = 103;

const OwnerFile = z.object({
  pid: z.int(),
  /** When it started, ms since 1970. */
  since: z.number(),
  production: z.boolean(),
  /** Started by `wardroom ask` for one question. */
  forOneQuestion: z.boolean(),
  /** Left out until it listens, and again once it has ended. */
  url: z.string().exactOptional(),
  /** Where its terminal's door is, and the token of whoever owns the folder: in the demo it opens the door, on a real bot it only reloads. */
  door: z
    .object({ at: z.union([z.object({ socket: z.string() }), z.object({ port: z.int() })]), token: z.string() })
    .exactOptional(),
});
/** Who runs on a state folder, or ran there last. Whether it still runs, the lock says and not this. */
export type StateOwner = z.output<typeof OwnerFile>;

/** The folder has an owner already. */
export class StateTakenError extends UserError {}

/** A state folder that this process alone runs on. */
export interface OwnedState {
  /** Where the terminal's socket is to be. */
  readonly socket: string;
  /** Tells terminals of this user, and whoever would start another bot here, where this one is. */
  announce(where: Pick<StateOwner, "url" | "door">): void;
  release(): void;
}

/**
 * Takes a state folder for this process, before anything in it is touched. Throws a StateTakenError that names the bot that
 * runs there, and a UserError for a demo on the state of a real bot or the other way round.
 */
export function ownState(
  { stateFolder, production }: Pick<Environment, "stateFolder" | "production">,
  { forOneQuestion = false }: { readonly forOneQuestion?: boolean } = {},
): OwnedState {
  mkdirSync(stateFolder, { recursive: true, mode: 0o700 });
  const folder = ownFolder(stateFolder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const held = holdFile(join(folder, "lock"));
  const before = readStateOwner(stateFolder);
  if (!held) throw taken(stateFolder, before);
  const misplaced = before && otherKind(stateFolder, before, production);
  if (misplaced) {
    held.release();
    throw misplaced;
  }
  removeShortFolder(folder, before);
  const owner: StateOwner = { pid: process.pid, since: Date.now(), production, forOneQuestion };
  writeOwner(folder, owner);
  return owned(folder, held, owner);
}

function owned(folder: string, held: HeldFile, owner: StateOwner): OwnedState {
  const socket = socketPath(folder);
  return {
    socket,
    announce: (where) => writeOwner(folder, { ...owner, ...where }),
    release() {
      writeOwner(folder, owner);
      if (dirname(socket) !== folder) rmSync(dirname(socket), { recursive: true, force: true });
      held.release();
    },
  };
}

/** Undefined where nobody has ever run. */
export function readStateOwner(stateFolder: string): StateOwner | undefined {
  try {
    const parsed = OwnerFile.safeParse(JSON.parse(readFileSync(join(ownFolder(stateFolder), "owner.json"), "utf8")));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** A folder of our own in the state folder, because that one may be shared and its mode is not ours to change. */
function ownFolder(stateFolder: string): string {
  return resolve(stateFolder, "door");
}

/** Whole or not at all: terminals read it at any time. */
function writeOwner(folder: string, owner: StateOwner): void {
  const path = join(folder, "owner.json");
  writeFileSync(`${path}.new`, JSON.stringify(owner), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** Beside the lock; in a private folder of the system's where that path is too long for a socket. */
function socketPath(folder: string): string {
  const path = join(folder, terminalSocketName);
  if (Buffer.byteLength(path) <= longestSocketPath) return path;
  return join(mkdtempSync(join(tmpdir(), "wardroom-")), terminalSocketName);
}

/** One that was killed leaves its private folder behind. */
function removeShortFolder(folder: string, before: StateOwner | undefined): void {
  const at = before?.door?.at;
  if (!at || !("socket" in at)) return;
  const left = dirname(at.socket);
  if (left !== folder && dirname(left) === resolve(tmpdir()) && basename(left).startsWith("wardroom-"))
    rmSync(left, { recursive: true, force: true });
}

/** The demo's people rule on the demo's state and real ones on a real bot's: neither could do anything on the other's. */
function otherKind(stateFolder: string, before: StateOwner, production: boolean): UserError | undefined {
  if (before.production === production) return undefined;
  return production
    ? new UserError(
        `${stateFolder} holds the demo's state, and a real bot may not run on it: the demo's people rule there.`,
        `Name another folder in WARDROOM_STATE, or remove ${stateFolder} when the demo is no longer wanted.`,
      )
    : new UserError(
        `${stateFolder} holds the state of a real bot, and the demo may not run on it.`,
        "Set WARDROOM_CONFIG to run that bot, or name another folder for the demo in WARDROOM_STATE.",
      );
}

function taken(stateFolder: string, owner: StateOwner | undefined): StateTakenError {
  const remedy = "Stop that one first, or give this one a folder of its own: WARDROOM_STATE=… npm start";
  if (!owner) return new StateTakenError(`Another Wardroom is starting on ${stateFolder}.`, remedy);
  const what = owner.forOneQuestion ? "A demo that `wardroom ask` started" : "Another Wardroom";
  const where = owner.url === undefined ? "" : `, ${owner.url}`;
  return new StateTakenError(
    `${what} runs on ${stateFolder}: process ${owner.pid}${where}, since ${stamp(owner.since)}.`,
    owner.forOneQuestion ? "It ends by itself when its question is answered; start again then." : remedy,
  );
}
