import { readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly session: number;
}

/** How often it is looked whether all have ended, in ms. */
const lookEveryMs = 25;
/** A process that no signal ends waits for a device; it is not waited for any longer, in ms. */
const longestMs = 2_000;
/** So many processes are looked at before others have a turn: some 3 ms. */
const readAtOnce = 200;

/**
 * What runs in the session that a process began, and all that was started from there, also in a session of its own. What left
 * the session and whose parents have ended belongs to nobody and is not found. Empty where the system does not tell.
 */
function membersOf(leader: number, all: readonly Process[]): readonly number[] {
  const members = new Set(all.filter(({ session }) => session === leader).map(({ pid }) => pid));
  for (let size = -1; size !== members.size; ) {
    size = members.size;
    for (const { pid, parent } of all) if (members.has(parent)) members.add(pid);
  }
  return [...members];
}

/** Have all of them ended, within this time? */
export async function allEnded(leader: number, withinMs: number): Promise<boolean> {
  return haveEnded(leader, new Set(), withinMs);
}

/** Asks all of them to end, and makes those that have not after `graceMs`. Ends when nothing of them is left. */
export async function endAll(leader: number, graceMs: number): Promise<void> {
  // Whose parent ends first is found no more: all that are known now are followed to their end.
  const known = new Set(membersOf(leader, await everyProcess()));
  for (const pid of [-leader, ...known]) send(pid, "SIGTERM");
  if (await haveEnded(leader, known, graceMs)) return;
  const end = performance.now() + longestMs;
  do {
    for (const pid of [-leader, ...(await alive(leader, known))]) send(pid, "SIGKILL");
  } while (!(await haveEnded(leader, known, lookEveryMs)) && performance.now() < end);
}

async function haveEnded(leader: number, known: Set<number>, withinMs: number): Promise<boolean> {
  const end = performance.now() + withinMs;
  for (;;) {
    if ((await alive(leader, known)).length === 0) return true;
    if (performance.now() >= end) return false;
    await pause(lookEveryMs);
  }
}

/** Those that are known and still there, and those that they have started meanwhile. */
async function alive(leader: number, known: Set<number>): Promise<readonly number[]> {
  const all = await everyProcess();
  const there = new Set(all.map(({ pid }) => pid));
  for (const pid of membersOf(leader, all)) known.add(pid);
  for (const pid of known) if (!there.has(pid)) known.delete(pid);
  return [...known];
}

/**
 * A process that has not ended and was started with a variable at this value, or by one that was; undefined for none. What was
 * given other variables, and what another user runs, is not found, and nothing is where the system does not tell.
 */
export async function startedWith(name: string, value: string): Promise<number | undefined> {
  const all = await Promise.all(
    (await processNames()).map(async (pid) => {
      // Of a zombie it is empty.
      const variables = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
      return variables.split("\0").includes(`${name}=${value}`) ? [Number(pid)] : [];
    }),
  );
  return all.flat()[0];
}

async function processNames(): Promise<readonly string[]> {
  const names = await readdir("/proc").catch(() => []);
  return names.filter((name) => /^\d+$/.test(name));
}

async function everyProcess(): Promise<readonly Process[]> {
  const all: Process[] = [];
  for (const [index, name] of (await processNames()).entries()) {
    if (index % readAtOnce === readAtOnce - 1) await nextTurn();
    const text = statOf(name);
    // The name of the program stands in brackets and may hold anything: state, parent, group and session follow the last one.
    const [state = "", parent, , session] = text.slice(text.lastIndexOf(")") + 2).split(" ");
    // A zombie has ended; only its parent has not looked yet.
    if (/^[ZX]?$/.test(state) || Number(parent) <= 0) continue;
    all.push({ pid: Number(name), parent: Number(parent), session: Number(session) });
  }
  return all;
}

/** The system has it in its memory, and to wait for it takes ten times as long as to read it. Empty where it has ended. */
function statOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return "";
  }
}

function send(pid: number, signal: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}
