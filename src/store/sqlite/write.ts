import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { ChainHead, CommitResult } from "../../domain/store.ts";
import { linkHash } from "../chain.ts";
import {
  itemName,
  kindOf,
  type PreparedCommit,
  type PreparedItem,
  type PreparedPut,
  parseStored,
} from "../prepared.ts";
import { integer, text } from "./columns.ts";

const recentMs = 600_000;
const onceMs = 86_400_000;
/** Commits between two times that what has expired is looked for. */
const pruneEvery = 32;

/** Writes commits inside a transaction that the caller has begun. Each is checked whole before its first write. */
export class Writer {
  readonly #sql: ReturnType<typeof statements>;
  #unpruned = 0;

  constructor(database: DatabaseSync) {
    this.#sql = statements(database);
  }

  /** The results in order, as if the commits had come one by one. */
  write(commits: readonly PreparedCommit[], now: number): CommitResult[] {
    const results: CommitResult[] = [];
    let head: ChainHead | undefined;
    for (const commit of commits) {
      const refusal = this.#check(commit, now);
      if (refusal === undefined) {
        this.#apply(commit, now);
        if (commit.body) head = this.#link(commit.body, now, head ?? this.head());
      }
      results.push(refusal ?? { outcome: "committed" });
    }
    if (head) this.#sql.setHead.run(head.seq, head.hash);
    this.#prune(commits.length, now);
    return results;
  }

  /** Now and then, and twice what can have been added since, so that what has expired shrinks under any load. */
  #prune(added: number, now: number): void {
    this.#unpruned += added;
    if (this.#unpruned < pruneEvery) return;
    this.#sql.pruneRecent.run(this.#unpruned * 2, now - recentMs);
    this.#sql.pruneOnce.run(this.#unpruned * 2, now - onceMs);
    this.#unpruned = 0;
  }

  head(): ChainHead {
    const row = this.#sql.head.get();
    if (!row) throw new Error("The state file has lost the head of its journal");
    return { seq: integer(row, "seq"), hash: text(row, "hash") };
  }

  #check(commit: PreparedCommit, now: number): CommitResult | undefined {
    if (this.#sql.recent.get(commit.id, now - recentMs)) return { outcome: "committed" };
    if (commit.once) {
      const row = this.#sql.once.get(commit.once.key, now - onceMs);
      if (row) return { outcome: "repeated", answer: parseStored(text(row, "answer")) };
    }
    if (commit.validUntil !== undefined && now > commit.validUntil) return { outcome: "late", now };
    const keys: string[] = [];
    for (const [key, revision] of commit.expect) {
      const row = this.#sql.revision.get(key);
      if ((row ? text(row, "rev") : null) !== revision) keys.push(key);
    }
    for (const settle of commit.settles) {
      if (!this.#sql.leased.get(settle.queue, settle.id, settle.fence, settle.version)) keys.push(itemName(settle));
    }
    return keys.length > 0 ? { outcome: "conflict", keys } : undefined;
  }

  #apply(commit: PreparedCommit, now: number): void {
    this.#sql.addRecent.run(commit.id, now);
    if (commit.once) this.#sql.addOnce.run(commit.once.key, now, commit.once.answer);
    for (const settle of commit.settles) {
      const superseded = this.#sql.handBack.run(now, now, settle.queue, settle.id, settle.version).changes;
      if (superseded !== 0) continue;
      if (settle.retryAt === undefined) this.#sql.drop.run(settle.queue, settle.id);
      else this.#sql.retry.run(settle.retryAt, settle.retryAt, settle.queue, settle.id);
    }
    for (const { queue, id } of commit.cancels) this.#sql.drop.run(queue, id);
    for (const key of commit.removes) this.#remove(key);
    for (const put of commit.puts) this.#put(put, commit.id);
    for (const item of commit.items) this.#owe(item, commit.id, now);
  }

  #put(put: PreparedPut, revision: string): void {
    const indexes = put.index.length > 0 ? JSON.stringify(put.index) : "";
    const row = this.#sql.indexes.get(put.key);
    const old = row ? text(row, "indexes") : "";
    this.#sql.put.run(put.key, revision, put.value, indexes);
    if (old === indexes) return;
    this.#dropIndexes(put.key, old);
    for (const [name, value] of put.index) this.#sql.addIndex.run(put.kind, name, value, put.key);
  }

  #remove(key: string): void {
    const row = this.#sql.indexes.get(key);
    if (!row) return;
    this.#dropIndexes(key, text(row, "indexes"));
    this.#sql.remove.run(key);
  }

  #dropIndexes(key: string, indexes: string): void {
    if (indexes === "") return;
    const pairs: [string, string][] = JSON.parse(indexes);
    for (const [name, value] of pairs) this.#sql.dropIndex.run(kindOf(key), name, value, key);
  }

  #owe(item: PreparedItem, version: string, now: number): void {
    const { queue, id, due, body, leaseMs } = item;
    if (leaseMs === undefined) {
      this.#sql.owe.run(queue, id, due, due, body, version, 0, 0, "", 0);
      return;
    }
    const until = now + leaseMs;
    this.#sql.owe.run(queue, id, due, Math.max(due, until), body, version, 1, until, version, 1);
  }

  #link(body: { readonly text: string; readonly hash: string }, at: number, head: ChainHead): ChainHead {
    const seq = head.seq + 1;
    const hash = linkHash(head.hash, { seq, at, bodyHash: body.hash });
    this.#sql.addLink.run(seq, at, hash, body.hash, body.text);
    return { seq, hash };
  }
}

function statements(database: DatabaseSync) {
  const sql = (source: string): StatementSync => database.prepare(source);
  return {
    head: sql("SELECT seq, hash FROM head"),
    setHead: sql("UPDATE head SET seq = ?, hash = ?"),
    addLink: sql("INSERT INTO journal(seq, at, hash, body_hash, body) VALUES(?, ?, ?, ?, ?)"),
    recent: sql("SELECT 1 FROM recent WHERE id = ? AND at > ?"),
    addRecent: sql("INSERT OR REPLACE INTO recent(id, at) VALUES(?, ?)"),
    // The inner LIMIT keeps this from reading further than it may delete.
    pruneRecent: sql(`DELETE FROM recent WHERE number IN
      (SELECT number FROM (SELECT number, at FROM recent ORDER BY number LIMIT ?) WHERE at <= ?)`),
    once: sql("SELECT answer FROM once WHERE key = ? AND at > ?"),
    addOnce: sql("INSERT OR REPLACE INTO once(key, at, answer) VALUES(?, ?, ?)"),
    pruneOnce: sql(`DELETE FROM once WHERE number IN
      (SELECT number FROM (SELECT number, at FROM once ORDER BY number LIMIT ?) WHERE at <= ?)`),
    revision: sql("SELECT rev FROM doc WHERE key = ?"),
    indexes: sql("SELECT indexes FROM doc WHERE key = ?"),
    put: sql(`INSERT INTO doc(key, rev, value, indexes) VALUES(?, ?, ?, ?)
      ON CONFLICT(key) DO UPDATE SET rev = excluded.rev, value = excluded.value, indexes = excluded.indexes`),
    remove: sql("DELETE FROM doc WHERE key = ?"),
    addIndex: sql("INSERT INTO idx(kind, name, value, key) VALUES(?, ?, ?, ?)"),
    dropIndex: sql("DELETE FROM idx WHERE kind = ? AND name = ? AND value = ? AND key = ?"),
    leased: sql("SELECT 1 FROM item WHERE queue = ? AND id = ? AND fence = ? AND lease_version = ?"),
    // Only when a newer body has been put since the claim.
    handBack: sql(`UPDATE item SET due = ?, ready = ?, lease_until = 0, lease_version = ''
      WHERE queue = ? AND id = ? AND version <> ?`),
    retry: sql("UPDATE item SET due = ?, ready = ?, lease_until = 0, lease_version = '' WHERE queue = ? AND id = ?"),
    drop: sql("DELETE FROM item WHERE queue = ? AND id = ?"),
    owe: sql(`INSERT INTO item(queue, id, due, ready, body, version, fence, lease_until, lease_version, attempts)
      VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT(queue, id) DO UPDATE SET body = excluded.body, version = excluded.version, due = excluded.due,
        ready = max(excluded.due, item.lease_until)`),
  };
}
