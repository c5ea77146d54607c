import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { receiptsMarker } from "../../src/integrations/exec/receipt.ts";

/**
 * Lays a program where a manual has it: a script that starts a module of the demo. The state that the module keeps is named
 * before the words that the program is given.
 */
export function layProgram(path: string, module: URL, state: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const words = [process.execPath, fileURLToPath(module), "--state", state].map(quoted).join(" ");
  // Each call starts it anew: what has been compiled once is not compiled again.
  const compiled = quoted(join(tmpdir(), "node-compile-cache"));
  writeFileSync(
    path,
    `#!/bin/sh\n# Stands for the real one: it changes only what the demo simulates.\nNODE_COMPILE_CACHE=${compiled} exec ${words} "$@"\n`,
  );
  chmodSync(path, 0o700);
}

/** Makes a system's folder of receipts, with the mark by which the bot knows it. */
export function layReceipts(home: string): void {
  const folder = join(home, "receipts");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, receiptsMarker), "", { mode: 0o600 });
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
