import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openSqliteStore } from "../../src/store/sqlite/store.ts";
import { verifyJournal } from "../../src/store/verify.ts";
import { commit } from "./contract/context.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wardroom-sqlite-"));
  path = join(folder, "deep", "state.db");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function edit(sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

describe("the state file", () => {
  it("is made with its folder, for its owner only, and keeps its epoch", async () => {
    const first = openSqliteStore({ path });
    await first.commit(commit({ put: [{ key: "note/a", value: 1 }] }));
    const epoch = await first.epoch();
    expect(statSync(path).mode & 0o077).toBe(0);
    await first.close();
    const second = openSqliteStore({ path });
    expect(await second.epoch()).toBe(epoch);
    expect((await second.read(["note/a"]))[0]?.value).toBe(1);
    await second.close();
    await expect(second.commit(commit())).rejects.toThrow("closed");
  });

  it("is refused with its path when it is no database, another program's, or cut short", async () => {
    const store = openSqliteStore({ path });
    const put = Array.from({ length: 500 }, (_, at) => ({ key: `note/${at}`, value: "x".repeat(200) }));
    await store.commit(commit({ put }));
    await store.close();
    const whole = readFileSync(path);
    const file = join(folder, "other.db");
    const refusal = (content: Uint8Array | string): unknown => {
      writeFileSync(file, content);
      try {
        openSqliteStore({ path: file });
      } catch (error) {
        return error;
      }
      return undefined;
    };
    for (const content of ["not a database, however long it may be ".repeat(100), whole.subarray(0, 40_960)]) {
      expect(refusal(content)).toMatchObject({
        name: "UserError",
        message: expect.stringMatching(/other\.db is damaged or not a state file/),
        remedy: expect.stringContaining("backup"),
      });
    }
    expect(refusal("")).toBeUndefined();
    path = join(folder, "theirs.db");
    edit("CREATE TABLE theirs(x)");
    expect(() => openSqliteStore({ path })).toThrow(/theirs\.db is an SQLite file of another program/);
    expect(() => openSqliteStore({ path: folder })).toThrow(`The state file ${folder} cannot be opened`);
  });

  it("is refused when a newer release wrote it", async () => {
    await openSqliteStore({ path }).close();
    edit("PRAGMA user_version = 99");
    expect(() => openSqliteStore({ path })).toThrow(/state\.db was written by a newer release \(format 99/);
  });
});

/** On a busy machine a quiet moment may be long in coming. */
const patience = { timeout: 60_000 };

describe("time", () => {
  it("is read when the commit is made, not when it is asked for", async () => {
    let now = 1_000;
    const store = openSqliteStore({ path, now: () => now });
    const waiting = store.commit(commit({ validUntil: 1_500, put: [{ key: "note/a", value: 1 }] }));
    now = 1_501;
    expect(await waiting).toEqual({ outcome: "late", now: 1_501 });
    expect(await store.commit(commit({ validUntil: 1_501 }))).toEqual({ outcome: "committed" });
    await store.close();
  });

  it("is brought up to date from its log in quiet moments, which empties the log", async () => {
    const store = openSqliteStore({ path });
    for (let burst = 0; burst < 4; burst += 1) {
      const before = statSync(path).size;
      const notes = Array.from({ length: 120 }, (_, at) => `note/${burst}-${at}`);
      for (const key of notes) await store.commit(commit({ put: [{ key, value: "x".repeat(2_000) }] }));
      await vi.waitFor(() => expect(statSync(path).size).toBeGreaterThan(before + 200_000), patience);
      await vi.waitFor(() => expect(statSync(`${path}-wal`).size).toBe(0), patience);
    }
    await store.close();
  });

  it("lets ids go after ten minutes and deliveries after a day, and the file does not grow with them", async () => {
    let now = 1_000_000_000_000;
    const store = openSqliteStore({ path, now: () => now });
    const old = commit({
      once: { key: "d", answer: 1 },
      expect: { "note/a": null },
      put: [{ key: "note/a", value: 1 }],
    });
    await store.commit(old);
    now += 599_999;
    expect(await store.commit(old)).toEqual({ outcome: "committed" });
    now += 1;
    expect(await store.commit(old)).toEqual({ outcome: "repeated", answer: 1 });
    now += 86_400_000;
    expect((await store.commit(old)).outcome).toBe("conflict");
    const rest = Array.from({ length: 300 }, (_, at) => commit({ once: { key: `k${at}`, answer: at } }));
    await Promise.all(rest.map((one) => store.commit(one)));
    now += 86_400_000;
    for (let at = 0; at < 200; at += 1) await store.commit(commit());
    await store.close();
    const database = new DatabaseSync(path);
    expect(database.prepare("SELECT count(*) AS n FROM once").get()).toEqual({ n: 0 });
    expect(Number(database.prepare("SELECT count(*) AS n FROM recent").get()?.["n"])).toBeLessThanOrEqual(200);
    database.close();
  });
});

describe("a flush", () => {
  it("refuses only the commit that cannot be written, and the chain goes on without it", async () => {
    const store = openSqliteStore({ path });
    edit("CREATE TRIGGER bad BEFORE INSERT ON doc WHEN new.key = 'note/bad' BEGIN SELECT RAISE(ABORT, 'no room'); END");
    const write = (id: string) => commit({ put: [{ key: `note/${id}`, value: id }], journal: [{ kind: "wrote", id }] });
    const results = await Promise.allSettled(["a", "bad", "b"].map((id) => store.commit(write(id))));
    expect(results).toMatchObject([
      { status: "fulfilled", value: { outcome: "committed" } },
      { status: "rejected", reason: { name: "BackendError", fault: "broken", message: "state file: no room" } },
      { status: "fulfilled", value: { outcome: "committed" } },
    ]);
    expect(await verifyJournal(store)).toEqual({ ok: true, links: 2, archived: 0, head: await store.head() });
    await store.close();
  });

  it("is counted by outcome", async () => {
    const counts: string[] = [];
    const count = (name: string, labels?: Readonly<Record<string, string>>) =>
      counts.push(`${name} ${labels?.["outcome"] ?? ""}`);
    const store = openSqliteStore({ path, meter: { count, observe: () => {}, gauge: () => {} } });
    await store.commit(commit());
    await store.commit(commit({ expect: { "note/a": "never" } }));
    expect(counts).toEqual([
      "wardroom_commits_total committed",
      "wardroom_commits_total conflict",
      "wardroom_conflicts_total ",
    ]);
    await store.close();
  });
});
