import { DatabaseSync } from "node:sqlite";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { Store, StoredEntry } from "../../src/domain/store.ts";
import { archiveHash, bodyOf, genesis, linkHash } from "../../src/store/chain.ts";
import { openRedisStore } from "../../src/store/redis/store.ts";
import { verifyJournal } from "../../src/store/verify.ts";
import { type RedisProcess, startRedis } from "../fakes/redis-process.ts";
import { commit } from "./contract/context.ts";
import { sqliteState } from "./states.ts";

/** What someone with the state in hand may do to it, as SQL and as Redis commands, and what the check answers. */
const changes = [
  {
    what: "an entry rewritten",
    sql: `UPDATE journal SET body = '[{"kind":"said","n":99}]' WHERE seq = 3`,
    redis: [["HSET", "{p}:bodies", "3", '[{"kind":"said","n":99}]']],
    verdict: { ok: false, seq: 3, links: 2, why: "what link 3 says was changed after it was written" },
  },
  {
    what: "an entry made unreadable",
    sql: "UPDATE journal SET body = 'not json' WHERE seq = 3",
    redis: [["HSET", "{p}:bodies", "3", "not json"]],
    verdict: { ok: false, seq: 3, links: 2, why: "what link 3 says was changed after it was written" },
  },
  {
    what: "an entry made an empty text",
    sql: "UPDATE journal SET body = '' WHERE seq = 3",
    redis: [["HSET", "{p}:bodies", "3", ""]],
    verdict: { ok: false, seq: 3, links: 2 },
  },
  {
    what: "what two links say changed round, hashes and all",
    sql: `UPDATE journal SET body = (SELECT other.body FROM journal other WHERE other.seq = 7 - journal.seq),
      body_hash = (SELECT other.body_hash FROM journal other WHERE other.seq = 7 - journal.seq) WHERE seq IN (3, 4)`,
    redis: undefined,
    verdict: { ok: false, seq: 3, links: 2, why: "the hash of link 3 does not fit" },
  },
  {
    what: "a link repeated in place of the next",
    sql: `UPDATE journal SET (at, hash, body_hash, body) = (SELECT at, hash, body_hash, body FROM journal WHERE seq = 3)
      WHERE seq = 4`,
    redis: undefined,
    verdict: { ok: false, seq: 4, links: 3, why: "the hash of link 4 does not fit" },
  },
  {
    what: "a link added beyond the head",
    sql: "INSERT INTO journal SELECT 6, at, hash, body_hash, body FROM journal WHERE seq = 5",
    redis: [["HSET", "{p}:links", "6", `5 ${"0".repeat(64)} ${"0".repeat(64)}`]],
    verdict: { ok: false, seq: 6, links: 5 },
  },
  {
    what: "a hash replaced",
    sql: "UPDATE journal SET hash = printf('%064d', 7) WHERE seq = 3",
    redis: [["HSET", "{p}:links", "3", `5 ${"0".repeat(63)}7 ${"0".repeat(64)}`]],
    verdict: { ok: false, seq: 3, links: 2 },
  },
  {
    what: "the time of a link moved",
    sql: "UPDATE journal SET at = at + 1 WHERE seq = 3",
    redis: undefined,
    verdict: { ok: false, seq: 3, links: 2, why: "the hash of link 3 does not fit" },
  },
  {
    what: "a link taken out",
    sql: "DELETE FROM journal WHERE seq = 3",
    redis: [
      ["HDEL", "{p}:links", "3"],
      ["HDEL", "{p}:bodies", "3"],
    ],
    verdict: { ok: false, seq: 3, links: 2, why: "link 3 is missing, 4 follows 2" },
  },
  {
    what: "two links changed round",
    sql: "UPDATE journal SET seq = CASE seq WHEN 3 THEN -4 ELSE -3 END WHERE seq IN (3, 4); UPDATE journal SET seq = -seq WHERE seq < 0",
    redis: undefined,
    verdict: { ok: false, seq: 3, links: 2, why: "the hash of link 3 does not fit" },
  },
  {
    what: "the tail cut off",
    sql: "DELETE FROM journal WHERE seq > 3",
    redis: [["HDEL", "{p}:links", "4", "5"]],
    verdict: { ok: false, seq: 4, links: 3, why: "links 4 to 5 have been cut off the end" },
  },
  {
    what: "everything cut off",
    sql: "DELETE FROM journal",
    redis: [["DEL", "{p}:links", "{p}:bodies"]],
    verdict: { ok: false, seq: 1, links: 0, why: "links 1 to 5 have been cut off the end" },
  },
  {
    what: "the head set back",
    sql: "UPDATE head SET seq = 4",
    redis: [["HSET", "{p}:head", "seq", "4"]],
    verdict: { ok: false, seq: 5, links: 5, why: "the chain is remembered to end at link 4" },
  },
  {
    what: "the head's hash replaced",
    sql: "UPDATE head SET hash = printf('%064d', 7)",
    redis: [["HSET", "{p}:head", "hash", "7"]],
    verdict: { ok: false, seq: 5, links: 5, why: "the chain ends on another hash than remembered" },
  },
  {
    what: "bodies emptied",
    sql: "UPDATE journal SET body = NULL WHERE seq < 4",
    redis: [["HDEL", "{p}:bodies", "1", "2", "3"]],
    verdict: { ok: false, seq: 1, links: 0, why: "what link 1 said is gone, and no entry says that it was archived" },
  },
  {
    what: "every body emptied",
    sql: "UPDATE journal SET body = NULL",
    redis: [["DEL", "{p}:bodies"]],
    verdict: { ok: false, seq: 1, links: 0, why: "what link 1 said is gone, and no entry says that it was archived" },
  },
] as const;

async function writeFive(store: Store<StoredEntry>): Promise<void> {
  for (let n = 1; n <= 5; n += 1) await store.commit(commit({ journal: [{ kind: "said", n }] }));
}

describe("the journal in SQLite", () => {
  it.each(changes)("tells of $what", async ({ sql, verdict }) => {
    const state = await sqliteState();
    const store = await state.open();
    await writeFive(store);
    expect(await verifyJournal(store)).toEqual({ ok: true, links: 5, archived: 0, head: await store.head() });
    const database = new DatabaseSync(state.path);
    database.exec(sql);
    database.close();
    expect(await verifyJournal(store)).toMatchObject(verdict);
    await store.close();
    await state.close();
  });
});

describe("the journal in Redis", () => {
  let server: RedisProcess;
  let redis: Redis;
  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis(server.url);
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  it.each(changes.filter(({ redis: commands }) => commands !== undefined))("tells of $what", async (change) => {
    await redis.flushall();
    const store = await openRedisStore({ url: server.url, prefix: "p" });
    await writeFive(store);
    for (const [command, ...args] of change.redis ?? []) await redis.call(command, ...args);
    expect(await verifyJournal(store)).toMatchObject(change.verdict);
    await store.close();
  });
});

/** Five links in a file, and a hand on that file. */
async function fiveLinks() {
  const state = await sqliteState();
  const store = await state.open();
  await writeFive(store);
  onTestFinished(async () => {
    await store.close();
    await state.close();
  });
  const tamper = (work: (database: DatabaseSync) => void): void => {
    const database = new DatabaseSync(state.path);
    work(database);
    database.close();
  };
  return { store, tamper };
}

describe("text that was archived", () => {
  async function archive(store: Store<StoredEntry>, to: number, hash?: string): Promise<void> {
    const links = await store.journal({ limit: to });
    const entry = {
      kind: "journal.archived",
      from: 1,
      to,
      hash: hash ?? archiveHash(links.map((link) => link.bodyHash)),
    };
    await store.commit(commit({ journal: [entry] }));
  }

  it("is covered by the entry that says so", async () => {
    const { store, tamper } = await fiveLinks();
    await archive(store, 3);
    tamper((database) => database.exec("UPDATE journal SET body = NULL WHERE seq < 4"));
    expect(await verifyJournal(store)).toMatchObject({ ok: true, links: 6, archived: 3 });
  });

  it("is not covered beyond what the entry names, nor by an entry with another hash", async () => {
    const { store, tamper } = await fiveLinks();
    await archive(store, 3);
    tamper((database) => database.exec("UPDATE journal SET body = NULL WHERE seq < 5"));
    expect(await verifyJournal(store)).toMatchObject({ ok: false, seq: 4 });
    const other = await fiveLinks();
    await archive(other.store, 3, "0".repeat(64));
    other.tamper((database) => database.exec("UPDATE journal SET body = NULL WHERE seq < 4"));
    expect(await verifyJournal(other.store)).toMatchObject({ ok: false, seq: 1 });
  });

  it("of an archiving is itself covered by a later one that begins at the first link", async () => {
    const { store, tamper } = await fiveLinks();
    await archive(store, 3);
    await archive(store, 6);
    tamper((database) => database.exec("UPDATE journal SET body = NULL WHERE seq < 7"));
    expect(await verifyJournal(store)).toMatchObject({ ok: true, links: 7, archived: 6 });
  });
});

describe("a head that was noted elsewhere", () => {
  it("is met in the chain it was noted from, also when that has grown, by place and beginning or by its hash alone", async () => {
    const { store } = await fiveLinks();
    const { seq, hash } = await store.head();
    await store.commit(commit({ journal: [{ kind: "said", n: 6 }] }));
    expect(await verifyJournal(store, { hash })).toMatchObject({ ok: true });
    expect(await verifyJournal(store, { seq, hash: hash.slice(0, 16) })).toMatchObject({ ok: true });
    expect(await verifyJournal(store, { seq: seq + 1, hash })).toMatchObject({ ok: false });
  });

  it("is none where it is what stands before the first link of every journal", async () => {
    const { store } = await fiveLinks();
    for (const noted of [{ hash: genesis.hash }, { seq: 0, hash: genesis.hash.slice(0, 16) }])
      expect(await verifyJournal(store, noted)).toMatchObject({ ok: false, links: 5 });
  });

  it("is missing where the tail was cut off and the head moved back", async () => {
    const { store, tamper } = await fiveLinks();
    const noted = await store.head();
    tamper((database) =>
      database.exec(`DELETE FROM journal WHERE seq > 2;
        UPDATE head SET seq = 2, hash = (SELECT hash FROM journal WHERE seq = 2)`),
    );
    expect(await verifyJournal(store)).toMatchObject({ ok: true, links: 2 });
    expect(await verifyJournal(store, noted)).toMatchObject({
      ok: false,
      seq: 5,
      why: expect.stringContaining("is not in this chain: its end was cut off, or it was written anew"),
    });
  });

  it("is missing where the whole chain was written anew", async () => {
    const { store, tamper } = await fiveLinks();
    const noted = await store.head();
    const links = await store.journal({ limit: 10 });
    tamper((database) => {
      let last = genesis;
      for (const { seq, at, entries } of links) {
        const body = bodyOf(entries.map((entry) => ({ ...entry, n: 99 })));
        last = { seq, hash: linkHash(last.hash, { seq, at, bodyHash: body.hash }) };
        database
          .prepare("UPDATE journal SET body = ?, body_hash = ?, hash = ? WHERE seq = ?")
          .run(body.text, body.hash, last.hash, seq);
      }
      database.prepare("UPDATE head SET hash = ?").run(last.hash);
    });
    expect(await verifyJournal(store)).toMatchObject({ ok: true, links: 5 });
    expect(await verifyJournal(store, noted)).toMatchObject({ ok: false, seq: 5 });
  });
});

it("walks a chain longer than a page while it grows", async () => {
  const state = await sqliteState();
  const store = await state.open();
  const write = async (count: number) =>
    Promise.all(Array.from({ length: count }, (_, n) => store.commit(commit({ journal: [{ kind: "said", n }] }))));
  await write(1_100);
  const [verdict] = await Promise.all([verifyJournal(store), write(300)]);
  expect(verdict).toMatchObject({ ok: true });
  expect(await verifyJournal(store)).toMatchObject({ ok: true, links: 1_400, archived: 0 });
  await store.close();
  await state.close();
});
