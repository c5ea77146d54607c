import { type ChildProcess, spawn } from "node:child_process";
import { stat } from "node:fs/promises";
import { errorCode } from "../../domain/failure.ts";
import { LineSplitter, OutputTail } from "./output.ts";
import { allEnded, endAll } from "./process-tree.ts";
import { type RunAs, userOf } from "./user.ts";

/** Where programs are looked for that are no part of a system: nothing of the bot's own environment reaches them. */
export const programPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** One program with its arguments, which reach it as they are: there is no shell in between. */
interface ProcessCall {
  /** A path, or a name that is looked up along PATH of `env`. */
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment of the program: nothing of the bot's own is added. */
  readonly env: Readonly<Record<string, string>>;
  /** The name of the user it runs as; the bot's own when left out. */
  readonly user?: string | undefined;
  /** What it reads from standard input, which is empty when left out. */
  readonly input?: string | undefined;
  readonly timeoutMs: number;
  /** How much is kept of each of its two outputs: their end. What it writes beyond that is read and dropped. */
  readonly mostBytes: number;
  /** Ends it as the timeout does. */
  readonly signal?: AbortSignal | undefined;
  /** Each line as it is written, of either output, without its line end. */
  readonly onLine?: ((line: string) => void) | undefined;
}

/** How it ended. What was not started had no effect. */
export type ProcessEnd =
  | { readonly started: false; readonly why: string }
  | {
      readonly started: true;
      /** Null where a signal ended it. */
      readonly code: number | null;
      readonly signal: string | null;
      readonly stdout: string;
      readonly stderr: string;
      /** There was more than is kept here. */
      readonly cut: boolean;
      readonly timedOut: boolean;
      /** It ended by itself and left processes running, which were ended then. */
      readonly left: boolean;
    };

/** Between asking a program to end and ending it, in ms. */
const graceMs = 2_000;
/** What a program has started may end a little after it, as a `tee` that it wrote through, in ms. */
const lingerMs = 1_000;
/** How long outputs may stay open, in ms, when all that wrote to them has ended or cannot be found. */
const drainMs = 1_000;

/**
 * Runs a program to its end, in a session of its own. At the timeout it is ended with all that it has started: asked first
 * (SIGTERM), made to two seconds later (SIGKILL). Never rejects.
 */
export async function runProcess(call: ProcessCall): Promise<ProcessEnd> {
  if (call.signal?.aborted) return { started: false, why: "it was stopped before it was started" };
  const as = await userOf(call.user);
  if (!as.ok) return { started: false, why: as.why };
  const started = await start(call, as.as);
  return "why" in started ? { started: false, why: started.why } : new Running(call, started.child, started.pid).end();
}

type Started = { readonly why: string } | { readonly child: ChildProcess; readonly pid: number };

async function start(call: ProcessCall, as: RunAs): Promise<Started> {
  const { file, args, cwd, env, input } = call;
  try {
    const stdin = input === undefined ? "ignore" : "pipe";
    const child = spawn(file, args, { cwd, env, ...as, detached: true, shell: false, stdio: [stdin, "pipe", "pipe"] });
    const { pid } = child;
    if (pid !== undefined) return { child, pid };
    const [error] = await new Promise<unknown[]>((resolve) => {
      child.once("error", (...all) => {
        resolve(all);
      });
    });
    return { why: await whyNot(call, errorCode(error) ?? "no reason given") };
  } catch (error) {
    // What no system call takes, as an argument with a zero byte.
    return { why: await whyNot(call, errorCode(error) ?? "no reason given") };
  }
}

/** One that has started, until it has ended and nothing of it is left. */
class Running {
  readonly #call: ProcessCall;
  readonly #child: ChildProcess;
  readonly #pid: number;
  readonly #stdout: OutputTail;
  readonly #stderr: OutputTail;
  #timedOut = false;
  #ending: Promise<void> | undefined;

  constructor(call: ProcessCall, child: ChildProcess, pid: number) {
    this.#call = call;
    this.#child = child;
    this.#pid = pid;
    this.#stdout = new OutputTail(call.mostBytes);
    this.#stderr = new OutputTail(call.mostBytes);
  }

  async end(): Promise<ProcessEnd> {
    const { signal, timeoutMs } = this.#call;
    const child = this.#child;
    const exited = new Promise<{ readonly code: number | null; readonly signal: string | null }>((resolve) => {
      child.once("exit", (code, by) => {
        resolve({ code, signal: by });
      });
    });
    const closed = new Promise<void>((resolve) => {
      child.once("close", () => {
        resolve();
      });
    });
    // An error after the start is one of a signal that could not be sent; the end tells what came of it.
    child.on("error", () => {});
    this.#readOutputs();
    this.#writeInput();
    const timer = setTimeout(() => {
      this.#timedOut = true;
      this.#endEverything();
    }, timeoutMs);
    const onAbort = () => {
      this.#endEverything();
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    const end = await exited;
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
    const left = this.#ending === undefined && !(await allEnded(this.#pid, lingerMs));
    if (left) this.#endEverything();
    await this.#ending;
    await this.#drained(closed);
    // Only the text says how much of it was cut.
    const [stdout, stderr] = [this.#stdout.text(), this.#stderr.text()];
    return {
      started: true,
      ...end,
      stdout,
      stderr,
      cut: this.#stdout.cut || this.#stderr.cut,
      timedOut: this.#timedOut,
      left,
    };
  }

  #readOutputs(): void {
    const { onLine } = this.#call;
    for (const [stream, kept] of [
      [this.#child.stdout, this.#stdout],
      [this.#child.stderr, this.#stderr],
    ] as const) {
      const lines = onLine && new LineSplitter(onLine);
      stream?.on("data", (chunk: Buffer) => {
        kept.add(chunk);
        lines?.add(chunk);
      });
      stream?.once("end", () => {
        lines?.end();
      });
      stream?.on("error", () => {});
    }
  }

  #writeInput(): void {
    const { stdin } = this.#child;
    // A program need not read what it is given.
    stdin?.on("error", () => {});
    stdin?.end(this.#call.input);
  }

  #endEverything(): void {
    this.#ending ??= endAll(this.#pid, graceMs);
  }

  /** What left the session keeps an output open, perhaps for ever. */
  async #drained(closed: Promise<void>): Promise<void> {
    const patience = setTimeout(() => {
      this.#child.stdout?.destroy();
      this.#child.stderr?.destroy();
    }, drainMs);
    await closed;
    clearTimeout(patience);
  }
}

/** Why a program was not started, and what to do. */
async function whyNot({ file, cwd, user }: ProcessCall, code: string): Promise<string> {
  if (!(await is(cwd, "folder"))) return `the folder ${cwd} is not there: make it, or correct the path`;
  if (code === "ENOENT" && (await is(file, "file")))
    return `what ${file} names in its first line is not there: install it, or correct that line`;
  if (code === "ENOENT") return `${file} is not there: install it, or correct the path`;
  if (code === "EACCES" && (await is(file, "folder"))) return `${file} is a folder, not a program`;
  if (code === "EACCES")
    return `${file} may not be executed${user === undefined ? "" : ` by ${user}`}: give it that right, as chmod +x does`;
  if (code === "E2BIG") return "its arguments and environment are too long for this machine";
  if (code === "ERR_INVALID_ARG_VALUE") return "an argument holds a zero byte, which no program can be given";
  if (code === "EAGAIN" || code === "ENOMEM" || code === "EMFILE")
    return `this machine has no room for another process (${code})`;
  return `${file} could not be started (${code})`;
}

async function is(path: string, what: "file" | "folder"): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && found.isDirectory() === (what === "folder");
}
