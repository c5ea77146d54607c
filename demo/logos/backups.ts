import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dataArchive } from "../compose/one-off.ts";
import { releaseBefore, releasedVariables } from "./releases.ts";
import { runTool } from "./tool.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** So many of each are kept. */
const [hours, days] = [24, 7];
/** Backups of the configuration that are older than this are of the release before. */
const releasedDaysAgo = 3;

/**
 * The backups that a schedule makes: the data each hour, which the manual never saves though it promises to lose an hour at most,
 * and the configuration each day at 02:00 UTC, as it has it. What somebody took stays.
 */
export class LogosBackups {
  /** Holds the folders `data` and `config`. */
  readonly folder: string;
  readonly #home: string;
  #hour = 0;
  #written: Promise<unknown> = Promise.resolve();

  constructor(folder: string, home: string) {
    this.folder = folder;
    this.#home = home;
    for (const kind of ["data", "config"]) mkdirSync(join(folder, kind), { recursive: true, mode: 0o700 });
  }

  /** Makes what is due, and drops what is too old. What `tar` makes of the configuration stands there once it is settled. */
  keep(now: number): void {
    const hour = Math.floor(now / hourMs) * hourMs;
    if (hour === this.#hour) return;
    this.#hour = hour;
    const due = Array.from({ length: hours }, (_, back) => hour - back * hourMs);
    const data = new Set(due.map((at) => `data-backup-${named(at)}.tar.gz`));
    for (const name of readdirSync(join(this.folder, "data")))
      if (name.endsWith("0000Z.tar.gz") && !data.has(name)) rmSync(join(this.folder, "data", name));
    for (const at of due) {
      const path = join(this.folder, "data", `data-backup-${named(at)}.tar.gz`);
      if (!existsSync(path)) writeFileSync(path, dataArchive(at), { mode: 0o600 });
    }
    this.#written = Promise.all([this.#written.catch(() => undefined), ...this.#keepConfig(now)]);
  }

  /** Waits for what was due. */
  async settled(): Promise<void> {
    await this.#written;
  }

  #keepConfig(now: number): Promise<void>[] {
    const newest = Math.floor((now - 2 * hourMs) / dayMs) * dayMs + 2 * hourMs;
    const due = Array.from({ length: days }, (_, back) => ({
      path: join(this.folder, "config", `config-backup-${named(newest - back * dayMs).slice(0, 10)}.tar.gz`),
      isOld: back > releasedDaysAgo,
    })).filter(({ path }) => !existsSync(path));
    return [false, true].map((isOld) => {
      const paths = due.filter((each) => each.isOld === isOld).map(({ path }) => path);
      return keepArchive(this.#home, isOld, paths);
    });
  }
}

/** `2026-11-29T090000Z`: no colon, which `tar` takes for a machine's name. */
function named(at: number): string {
  return new Date(at).toISOString().replaceAll(":", "").replace(".000", "");
}

const files = ["docker-compose.yml", "docker-compose.prod.yml", ".env"];

/** The files of the stack as they are now; those of then name the release before. Keeps none on a machine without `tar`. */
async function keepArchive(home: string, isOld: boolean, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  const folder = mkdtempSync(join(tmpdir(), "wardroom-logos-"));
  try {
    for (const name of files) cpSync(join(home, name), join(folder, name), { preserveTimestamps: true });
    if (isOld) writeFileSync(join(folder, ".env"), withRelease(readFileSync(join(folder, ".env"), "utf8")));
    if (!(await runTool("tar", ["-czf", "archive", ...files], { cwd: folder }))) return;
    const archive = await readFile(join(folder, "archive"));
    await Promise.all(paths.map((path) => writeFile(path, archive, { mode: 0o600 })));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function withRelease(text: string): string {
  const before: Readonly<Record<string, string>> = releasedVariables(releaseBefore);
  return text.replaceAll(/^(LOGOS_RELEASE|\w+_IMAGE)=.*$/gm, (line, name: string) => `${name}=${before[name] ?? line}`);
}
