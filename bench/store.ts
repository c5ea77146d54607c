import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Redis } from "ioredis";
import type { Commit, Store, StoredEntry } from "../src/domain/store.ts";
import { openRedisStore } from "../src/store/redis/store.ts";
import { openSqliteStore } from "../src/store/sqlite/store.ts";
import { verifyJournal } from "../src/store/verify.ts";
import { startRedis } from "../test/fakes/redis-process.ts";
import { against, measure, printRows, type Row } from "./measure.ts";

const callers = [1, 16, 256];
const totals: Readonly<Record<number, number>> = { 1: 2_000, 16: 16_000, 256: 32_000 };
const targets = { sqlite: 1.5, redis: 0.4 };

/** What a decision writes: a document expected absent, one journal entry, a notice and a timer. About 900 bytes. */
function decision(label: string, number: number): Commit<StoredEntry> {
  const key = `request/${label}-${number}`;
  const what = { who: "ana", what: "flatten alphapulse", reason: "x".repeat(200), outcome: "ok", ms: 12 };
  return {
    id: randomUUID(),
    expect: { [key]: null },
    put: [{ key, value: { ...what, number } }],
    journal: [{ kind: "decision", ...what, number }],
    notices: [{ queue: "notices", id: `${label}-${number}`, due: 0, body: { card: "x".repeat(100) } }],
    timers: [{ queue: "timers", id: `${label}-${number}`, due: 4_000_000_000_000, body: {} }],
  };
}

/** The bytes of such a commit as one value. */
function payload(label: string, number: number): string {
  const { id: _, expect: __, ...written } = decision(label, number);
  return JSON.stringify(written);
}

/**
 * Commits a second, beside the raw ceiling of the same medium in the same run: the same bytes with the same fsync,
 * one write a transaction, without checks, chain, index or queue.
 */
export async function benchStore(): Promise<readonly Row[]> {
  return [...(await benchSqlite()), ...(await benchRedis())];
}

async function benchSqlite(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-bench-"));
  const raw = new DatabaseSync(join(folder, "raw.db"));
  raw.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE raw(key TEXT PRIMARY KEY, value TEXT)");
  const insert = raw.prepare("INSERT INTO raw VALUES(?, ?)");
  const store = openSqliteStore({ path: join(folder, "state.db") });
  try {
    return await compare("SQLite FULL", store, {
      target: targets.sqlite,
      write: (label, number) => insert.run(`${label}-${number}`, payload(label, number)),
    });
  } finally {
    await store.close();
    raw.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function benchRedis(): Promise<Row[]> {
  const server = await startRedis();
  const redis = new Redis(server.url);
  const store = await openRedisStore({ url: server.url });
  const sha = String(await redis.script("LOAD", "redis.call('SET', KEYS[1], ARGV[1]) return 'ok'"));
  try {
    return await compare("Redis fsync always", store, {
      target: targets.redis,
      write: (label, number) => redis.evalsha(sha, 1, `{wardroom}:raw:${label}-${number}`, payload(label, number)),
    });
  } finally {
    await store.close();
    redis.disconnect();
    await server.stop();
  }
}

interface Rival {
  readonly target: number;
  readonly write: (label: string, number: number) => unknown;
}

async function compare(medium: string, store: Store<StoredEntry>, rival: Rival): Promise<Row[]> {
  const rows: Row[] = [];
  for (const count of callers) {
    const load = { total: totals[count] ?? 1_000, callers: count };
    // Once unmeasured, so that neither side pays for the other's warming up.
    await measure("warm up", { total: 500, callers: count }, (number) => rival.write(`w${count}`, number));
    await measure("warm up", { total: 500, callers: count }, (number) => commit(store, `w${count}`, number));
    const raw = await measure(`${medium} raw, ${count} writers`, load, (number) => rival.write(`r${count}`, number));
    const ours = await measure(`${medium} commit, ${count} committers`, load, (number) =>
      commit(store, `c${count}`, number),
    );
    rows.push(raw, count === 1 ? against(ours, raw) : against(ours, raw, rival.target));
  }
  const verdict = await verifyJournal(store);
  if (!verdict.ok) throw new Error(`The chain does not verify at ${verdict.seq}: ${verdict.why}`);
  return rows;
}

async function commit(store: Store<StoredEntry>, label: string, number: number): Promise<void> {
  const { outcome } = await store.commit(decision(label, number));
  if (outcome !== "committed") throw new Error(`${label}-${number} is ${outcome}`);
}

if (import.meta.main) printRows("Store", await benchStore());
