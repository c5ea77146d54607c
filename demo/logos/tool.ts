import { execFile } from "node:child_process";
import { errorCode } from "../../src/domain/failure.ts";

interface ToolCall {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What it reads from standard input. */
  readonly input?: string;
}

/** Runs a program of the machine to its end. False where there is none of this name; rejects when it fails. */
export function runTool(
  program: string,
  words: readonly string[],
  { input = "", ...where }: ToolCall,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, words, where, (error) => {
      if (error && errorCode(error) !== "ENOENT") reject(error);
      else resolve(!error);
    });
    // One that has ended, or was never there, reads nothing.
    child.stdin?.on("error", () => {}).end(input);
  });
}
