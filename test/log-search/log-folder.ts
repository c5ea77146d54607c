import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import type { LogQuery, LogResult } from "../../src/domain/systems/logs.ts";
import { filesBackend } from "../../src/integrations/files/files.ts";
import { createLogs } from "../../src/integrations/logs.ts";
import type { FileLog } from "../../src/log-search/file-log.ts";
import { SystemFile } from "../fakes/backends.ts";

export const hourMs = 3_600_000;
/** The first moment of the tests' logs. */
export const zero = Date.parse("2026-11-20T00:00:00Z");

export interface LogFolder {
  readonly path: string;
  /** Searches the files for everything, unless the query narrows it. */
  search(source: Partial<Record<keyof FileLog, unknown>>, query?: Partial<LogQuery>): Promise<LogResult>;
}

/** A folder of its own for a test file, and a reader over it; both go away afterwards. */
export function useLogFolder(): LogFolder {
  let path = "";
  let backend: ReturnType<typeof filesBackend>;
  beforeAll(async () => {
    path = await mkdtemp(join(tmpdir(), "wardroom-logs-"));
    backend = filesBackend({ threads: 2 });
  });
  afterAll(async () => {
    await backend.close?.();
    await rm(path, { recursive: true, force: true });
  });
  return {
    get path() {
      return path;
    },
    search: (source, query = {}) => {
      const known = { id: "app", root: path, format: "json", time: "time", level: "level", ...source };
      return createLogs([backend]).search(systemWith(known), {
        source: "app",
        from: 0,
        to: zero + 1_000 * hourMs,
        limit: 50,
        deadlineMs: 20_000,
        ...query,
      });
    },
  };
}

/** A key that is undefined is left out, as a file leaves it out. */
function systemWith(source: object) {
  const log = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined));
  return SystemFile.parse({
    id: "shop",
    title: "Shop",
    health: [{ id: "web", http: "http://127.0.0.1:1/" }],
    logs: [log],
  });
}

/** A JSON line `seconds` after the tests' zero. */
export function jsonLine(seconds: number, fields: object = {}): string {
  return `${JSON.stringify({ time: new Date(zero + seconds * 1_000).toISOString(), level: "info", ...fields })}\n`;
}
