import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const root = join(import.meta.dirname, "..", "..");
const configs = [".oxlintrc.json", "tsconfig.json", "biome.json", "knip.json", ".gitignore", "package.json"];

export interface Fixture {
  readonly folder: string;
  /** Writes a file of the fixture, its folders with it. */
  write(path: string, text: string): void;
  run(program: string, ...args: string[]): { readonly status: number | null; readonly output: string };
  remove(): void;
}

/** An empty project under the real configuration of every gate. */
export function createFixture(): Fixture {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-gates-"));
  for (const name of configs) cpSync(join(root, name), join(folder, name));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return {
    folder,
    write(path, text) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    run(program, ...args) {
      const bin = join(root, "node_modules", ".bin");
      const env = { ...process.env, PATH: `${bin}:${process.env["PATH"] ?? ""}` };
      const result = spawnSync(join(bin, program), args, { cwd: folder, env, encoding: "utf8" });
      if (result.error) throw result.error;
      return { status: result.status, output: `${result.stdout}${result.stderr}` };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
