import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A folder with these programs in it, which is gone when the test has ended. */
export function scriptFolder(programs: Readonly<Record<string, string>> = {}): {
  readonly cwd: string;
  readonly write: (name: string, text: string, mode?: number) => string;
} {
  const cwd = mkdtempSync(join(tmpdir(), "wardroom-scripts-"));
  onTestFinished(() => {
    rmSync(cwd, { recursive: true, force: true });
  });
  const write = (name: string, text: string, mode = 0o755): string => {
    const path = join(cwd, name);
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };
  for (const [name, text] of Object.entries(programs)) write(name, text);
  return { cwd, write };
}

/** Is there a process with this id that has not ended? One that nobody has buried yet has ended. */
export function isRunning(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
