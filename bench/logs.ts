import { execFile } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createBackends } from "../src/compose/world.ts";
import type { LogQuery, LogResult, Logs } from "../src/domain/systems/logs.ts";
import { systemSchema } from "../src/domain/systems/system-file.ts";
import { filesBackend } from "../src/integrations/files/files.ts";
import { createLogs } from "../src/integrations/logs.ts";
import { createHttp } from "../src/integrations/wire/http.ts";
import { against, alternating, printRows, type Row, rowOf, sameRows, timed } from "./measure.ts";

const bytes = 2 ** 30;
const hourMs = 3_600_000;
const hours = 24;
const start = Date.parse("2026-11-20T00:00:00Z");
/** Lines a millisecond, so that the day fills the file. */
const stepMs = (hours * hourMs) / (bytes / 187);
const needle = "RISK_LIMIT_EXCEEDED";
const lastHour = "2026-11-20T23";

const run = promisify(execFile);

/**
 * Two questions to a JSON log of 1 GiB, each beside the tools people use for it, in the same run on the same cached file:
 * what held this text, over the whole file (ripgrep), and what happened in its last hour (grep, jq).
 */
export async function benchLogs(): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-bench-"));
  const file = join(folder, "app.log");
  const files = filesBackend();
  const logs = createLogs([files]);
  try {
    const written = writeLog(file);
    const rows = [
      ...(await benchText(logs, file, written.needles)),
      ...(await benchHour(logs, file, written.lastHour)),
    ];
    printRows("Logs, 1 GiB of JSON lines, whole answers a second", rows);
    return rows;
  } finally {
    await files.close?.();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function benchText(logs: Logs, file: string, expected: number): Promise<Row[]> {
  const range = { from: 0, to: start + hours * hourMs };
  const ask = (): Promise<LogResult> => search(logs, file, { ...range, match: needle, limit: 10_000 });
  // The first question also starts the threads, which a bot asked once in a while pays for.
  const cold = await timed(async () => sameRows((await ask()).lines.length, expected));
  const [ours, rival] = await alternating(9, [
    async () => sameRows((await ask()).lines.length, expected),
    async () => sameRows((await rowsOf("rg", ["-F", needle, file])).length, expected),
  ]);
  const ripgrep = rowOf("text, whole file: ripgrep", rival);
  return [
    ripgrep,
    against(rowOf("text, whole file: logs", ours), ripgrep, 0.5),
    against(rowOf("text, whole file: logs, first question", [cold]), ripgrep),
  ];
}

async function benchHour(logs: Logs, file: string, expected: number): Promise<Row[]> {
  const from = start + (hours - 1) * hourMs;
  const to = start + hours * hourMs - 1;
  const [ours, theirs] = await alternating(9, [
    async () => sameRows((await search(logs, file, { from, to, limit: 100 })).matched, expected),
    async () => sameRows(Number((await run("grep", ["-c", `"time":"${lastHour}`, file])).stdout), expected),
  ]);
  const filter = `select(.time >= "${lastHour}" and .time < "${lastHour}Z") | 1`;
  const [jq] = await alternating(1, [
    async () => sameRows((await rowsOf("jq", ["-c", filter, file])).length, expected),
  ]);
  const grepRow = rowOf("last hour: grep", theirs);
  const jqRow = rowOf("last hour: jq", jq);
  return [
    grepRow,
    against(rowOf("last hour: logs (beside grep)", ours), grepRow, 1),
    jqRow,
    against(rowOf("last hour: logs (beside jq)", ours), jqRow, 20),
  ];
}

/** A day of lines, evenly spread; says how many hold the needle and how many fall into the last hour. */
function writeLog(file: string): { readonly needles: number; readonly lastHour: number } {
  const fd = openSync(file, "wx");
  const counts = { needles: 0, lastHour: 0 };
  let line = 0;
  for (let at = start; at < start + hours * hourMs; ) {
    const block: string[] = [];
    for (; block.length < 20_000 && at < start + hours * hourMs; at = start + line * stepMs) {
      const found = line % 100_003 === 50_000;
      if (found) counts.needles += 1;
      if (at >= start + (hours - 1) * hourMs) counts.lastHour += 1;
      block.push(`${jsonLine(line, at, found)}\n`);
      line += 1;
    }
    writeSync(fd, block.join(""));
  }
  closeSync(fd);
  return counts;
}

function jsonLine(line: number, at: number, found: boolean): string {
  return JSON.stringify({
    time: new Date(Math.floor(at)).toISOString(),
    level: line % 50 === 0 ? "error" : line % 7 === 0 ? "warning" : "info",
    logger: "pulseguard.scoring",
    event: "score_request",
    request_id: `r-${((line * 7_919) % 1e9).toString(36)}`,
    latency_ms: ((line * 37) % 900) / 10,
    status: line % 97 === 0 ? 500 : 200,
    message: found ? `${needle} for account ${line}` : "scored in time",
  });
}

function search(logs: Logs, file: string, query: Omit<LogQuery, "source" | "deadlineMs">): Promise<LogResult> {
  const system = systemSchema(createBackends({ http: createHttp() })).parse({
    id: "bench",
    title: "Bench",
    health: [{ id: "none", http: "http://127.0.0.1:1/" }],
    logs: [{ id: "app", file: "app.log", root: join(file, ".."), format: "json", time: "time", level: "level" }],
  });
  return logs.search(system, { source: "app", deadlineMs: 60_000, ...query });
}

async function rowsOf(command: string, args: readonly string[]): Promise<string[]> {
  const { stdout } = await run(command, [...args], { maxBuffer: 256 << 20 });
  return stdout.split("\n").slice(0, -1);
}

if (import.meta.main) await benchLogs();
