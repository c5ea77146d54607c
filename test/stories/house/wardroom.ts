import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import { z } from "zod";

const run = promisify(execFile);
const Failed = z.object({ code: z.number(), stdout: z.string(), stderr: z.string() });

/** The program itself, as a person starts it. */
export const bin = fileURLToPath(new URL("../../../bin/wardroom.js", import.meta.url));

export interface Where {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What a command line printed, each stream for itself. */
interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function toItsEnd(args: readonly string[], where: Partial<Where>): Promise<Ended> {
  try {
    const { stdout, stderr } = await run(process.execPath, [bin, ...args], where);
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = Failed.parse(error);
    return { code, out: stdout, err: stderr };
  }
}

/** Runs one command line to its end, whatever that is; `out` is all that it said, on either stream. */
export async function runWardroom(
  where: Where,
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly out: string }> {
  const { code, out, err } = await toItsEnd(args, where);
  return { code, out: out + err };
}

/** The same in the clone, with errors alone in its log. */
export const wardroom = (args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> =>
  toItsEnd(args, { env: { ...quiet(), ...env } });

/** A folder for the state of one test. */
export function stateFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

interface RunningWardroom {
  readonly url: string;
  /** Ends it as an operator does, and answers its exit code. */
  stop(): Promise<number | null>;
}

/** Starts the program and answers where it listens, once it says so. `whenOver` is told at once how it is killed, for it may never say so. */
export async function startWardroom(
  env: Readonly<Record<string, string>>,
  whenOver: (kill: () => void) => void,
): Promise<RunningWardroom> {
  const child = spawn(process.execPath, [bin, "start"], {
    env: { ...quiet(), PORT: "0", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  whenOver(() => void child.kill("SIGKILL"));
  const url = await new Promise<string>((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      const found = /http:\/\/[\d.:]+/.exec(said)?.[0];
      if (found) resolve(found);
    });
    child.once("exit", () => reject(new Error(`it ended and said: ${said}`)));
  });
  return {
    url,
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", (code) => resolve(code));
        child.kill("SIGTERM");
      }),
  };
}

/** The same for one test alone. */
export const startForTest = (env: Readonly<Record<string, string>>): Promise<RunningWardroom> =>
  startWardroom(env, onTestFinished);

/** The environment of every one of them: nothing of whoever runs the tests, and no log below errors. */
export const quiet = (): Record<string, string> => ({ PATH: process.env["PATH"] ?? "", LOG_LEVEL: "error" });
