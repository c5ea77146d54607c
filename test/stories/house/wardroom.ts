import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";

const run = promisify(execFile);
const Failed = z.object({ code: z.number(), stdout: z.string(), stderr: z.string() });

/** The program itself, as a person starts it. */
export const bin = fileURLToPath(new URL("../../../bin/wardroom.js", import.meta.url));

export interface Where {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Runs one command line to its end, whatever that is. */
export async function runWardroom(
  where: Where,
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly out: string }> {
  try {
    const { stdout, stderr } = await run(process.execPath, [bin, ...args], where);
    return { code: 0, out: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = Failed.parse(error);
    return { code, out: stdout + stderr };
  }
}
