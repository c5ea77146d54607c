import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type { z } from "zod";

/** Ends a script as the real one ends: with its words and its exit code. */
export class ScriptEnd extends Error {
  override name = "ScriptEnd";
  readonly code: number;
  constructor(said: string, code: number) {
    super(said);
    this.code = code;
  }
}

/** Exit code of a script that was called wrongly, or refuses: it has changed nothing. */
export const refusedCode = 2;

/** Runs a script: the folder of its state, and what it was called with. What it throws is what it says last. */
export async function runScript(
  work: (folder: string, words: readonly string[]) => void | Promise<void>,
): Promise<void> {
  const [flag, folder = "", ...words] = process.argv.slice(2);
  try {
    if (flag !== "--state") throw new ScriptEnd("say where the state is kept: --state FOLDER", refusedCode);
    await work(folder, words);
  } catch (error) {
    process.stderr.write(`[ERROR] ${error instanceof Error ? error.message : "it failed"}\n`);
    process.exitCode = error instanceof ScriptEnd ? error.code : 1;
  }
}

/** A line that tells how far it has come; what it tells of takes a moment. */
export async function say(line: string, ms = 60): Promise<void> {
  process.stdout.write(`${line}\n`);
  await new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** What a script keeps in a file; as the schema has it where nothing was kept yet. */
export function keptIn<Schema extends z.ZodType>(path: string, schema: Schema): z.output<Schema> {
  return schema.parse(existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {});
}

/** Replaces what is kept, whole. */
export function keep(path: string, value: unknown): void {
  writeFileSync(`${path}.new`, JSON.stringify(value, undefined, 1), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
