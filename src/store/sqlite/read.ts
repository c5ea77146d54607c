import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Document, JournalLink, Key, Range } from "../../domain/store.ts";
import { entriesOf, genesis } from "../chain.ts";
import { KnownDocuments } from "../known-documents.ts";
import { parseStored } from "../prepared.ts";
import { integer, text, textOrNull } from "./columns.ts";

type Row = NonNullable<ReturnType<StatementSync["get"]>>;

/** The reads that need no lock. Each statement sees one state of the file. */
export class Reader {
  readonly #document: StatementSync;
  readonly #lists: Readonly<Record<"forward" | "backward", StatementSync>>;
  readonly #journal: Readonly<Record<"forward" | "backward", StatementSync>>;
  readonly #hash: StatementSync;
  readonly #owed: StatementSync;
  readonly #epoch: StatementSync;
  readonly #newest: StatementSync;
  readonly #known = new KnownDocuments();

  constructor(database: DatabaseSync) {
    this.#document = database.prepare(
      "SELECT rev, CASE WHEN rev = ? THEN NULL ELSE value END AS value FROM doc WHERE key = ?",
    );
    this.#lists = { forward: listing(database, "ASC"), backward: listing(database, "DESC") };
    const links = "SELECT seq, at, hash, body_hash, body FROM journal WHERE seq >= ? ORDER BY seq";
    this.#journal = {
      forward: database.prepare(`${links} LIMIT ?`),
      backward: database.prepare(`${links} DESC LIMIT ?`),
    };
    this.#hash = database.prepare("SELECT hash FROM journal WHERE seq = ?");
    this.#owed = database.prepare("SELECT count(*) AS count, min(due) AS oldest FROM item WHERE queue = ?");
    this.#epoch = database.prepare("SELECT value FROM meta WHERE name = 'epoch'");
    this.#newest = database.prepare("SELECT at FROM recent ORDER BY number DESC LIMIT 1");
  }

  documents(keys: readonly Key[]): (Document | undefined)[] {
    return keys.map((key) => {
      const known = this.#known.get(key);
      const row = this.#document.get(known?.revision ?? "", key);
      return row && this.#known.read(known, { key, revision: text(row, "rev") }, textOrNull(row, "value"));
    });
  }

  list(kind: string, index: string, range: Range & { limit?: number }): Document[] {
    const { from = "", to, reverse, limit = -1 } = range;
    return this.#lists[reverse ? "backward" : "forward"]
      .all(kind, index, from, to === undefined ? 1 : 0, to ?? "", limit)
      .map(document);
  }

  journal(range: { readonly fromSeq?: number; readonly limit: number; readonly reverse?: boolean }): JournalLink[] {
    const rows = this.#journal[range.reverse ? "backward" : "forward"].all(range.fromSeq ?? 1, range.limit);
    const hashes = new Map(rows.map((row) => [integer(row, "seq"), text(row, "hash")]));
    return rows.map((row) => {
      const before = integer(row, "seq") - 1;
      return link(row, before === 0 ? genesis.hash : (hashes.get(before) ?? this.#hashOf(before)));
    });
  }

  owed(queue: string): { count: number; oldestDue?: number } {
    const row = this.#owed.get(queue);
    if (!row) return { count: 0 };
    const count = integer(row, "count");
    return count === 0 ? { count } : { count, oldestDue: integer(row, "oldest") };
  }

  epoch(): string {
    const row = this.#epoch.get();
    if (!row) throw new Error("The state file has lost its epoch");
    return text(row, "value");
  }

  /** When anything was written last, ms since 1970; 0 in a new file. The newest commit's id is never pruned. */
  newestTime(): number {
    const row = this.#newest.get();
    return row ? integer(row, "at") : 0;
  }

  /** Empty when the link is missing: nothing can follow from that. */
  #hashOf(seq: number): string {
    const row = this.#hash.get(seq);
    return row ? text(row, "hash") : "";
  }
}

function listing(database: DatabaseSync, order: "ASC" | "DESC"): StatementSync {
  return database.prepare(`SELECT doc.key, doc.rev, doc.value FROM idx JOIN doc ON doc.key = idx.key
    WHERE idx.kind = ? AND idx.name = ? AND idx.value >= ? AND (? OR idx.value < ?)
    ORDER BY idx.value ${order}, idx.key ${order} LIMIT ?`);
}

function document(row: Row): Document {
  return { key: text(row, "key"), revision: text(row, "rev"), value: parseStored(text(row, "value")) };
}

function link(row: Row, previous: string): JournalLink {
  const body = row["body"];
  return {
    seq: integer(row, "seq"),
    at: integer(row, "at"),
    hash: text(row, "hash"),
    previous,
    bodyHash: text(row, "body_hash"),
    ...(typeof body === "string" ? { entries: entriesOf(body) } : { entries: [], archived: true }),
  };
}
