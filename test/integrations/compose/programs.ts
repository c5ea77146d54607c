import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Connected } from "./asking.ts";

/** A program in the place of docker that does what a test is about. */
export function program(source: string): Connected {
  const cwd = mkdtempSync(join(tmpdir(), "wardroom-compose-"));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  const path = join(cwd, "docker");
  writeFileSync(path, `#!${process.execPath} --\nconst words = process.argv.slice(2);\n${source}`);
  chmodSync(path, 0o755);
  const files = ["docker-compose.yml"];
  return { connection: { project: "logos", files, envFile: ".env", cwd, program: [path, "compose"] } };
}

/** One that runs, as `ps` tells of it. */
export const container = { Name: "logos-api-1", Service: "api", Project: "logos", State: "running", ExitCode: 0 };
