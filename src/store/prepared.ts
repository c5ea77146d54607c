import type { Commit, Json, Key, Owed, Put, Settle, Storable, StoredEntry } from "../domain/store.ts";
import { bodyOf, type JournalBody } from "./chain.ts";

/** A commit checked and turned into text, so that nothing about it can fail or change while its group is written. */
export interface PreparedCommit {
  readonly id: string;
  readonly once: { readonly key: string; readonly answer: string } | undefined;
  readonly expect: readonly (readonly [Key, string | null])[];
  readonly puts: readonly PreparedPut[];
  readonly removes: readonly Key[];
  readonly items: readonly PreparedItem[];
  readonly cancels: readonly { readonly queue: string; readonly id: string }[];
  readonly settles: readonly Settle[];
  readonly validUntil: number | undefined;
  readonly durable: boolean;
  readonly relaxed: boolean;
  readonly body: JournalBody | undefined;
}

export interface PreparedPut {
  readonly key: Key;
  readonly kind: string;
  readonly value: string;
  readonly index: readonly (readonly [name: string, value: string])[];
}

export interface PreparedItem {
  readonly queue: string;
  readonly id: string;
  readonly due: number;
  readonly body: string;
  readonly leaseMs: number | undefined;
}

/** Throws a TypeError when the commit cannot be stored as asked: a fault of the program, not of its input. */
export function prepare(commit: Commit<StoredEntry>): PreparedCommit {
  const { once, journal = [] } = commit;
  return {
    id: name(commit.id),
    once: once && { key: name(once.key), answer: json(once.answer) },
    expect: commit.expect ? Object.entries(commit.expect) : [],
    puts: (commit.put ?? []).map(preparePut),
    removes: (commit.remove ?? []).map((key) => checkedKey(key)),
    items: [...(commit.notices ?? []), ...(commit.timers ?? [])].map(prepareItem),
    cancels: commit.cancel ?? [],
    settles: (commit.settle ?? []).map(prepareSettle),
    validUntil: commit.validUntil === undefined ? undefined : Math.floor(time(commit.validUntil)),
    durable: commit.durable === true,
    relaxed: commit.relaxed === true,
    body: journal.length > 0 ? bodyOf(journal) : undefined,
  };
}

/** The kind of a key: what stands before its first slash. */
export function kindOf(key: Key): string {
  return key.slice(0, key.indexOf("/"));
}

/** How a queue item is named in a conflict. */
export function itemName(item: { readonly queue: string; readonly id: string }): string {
  return `${item.queue}:${item.id}`;
}

/** Text that this store wrote as JSON. */
export function parseStored(text: string): Json {
  const value: Json = JSON.parse(text);
  return value;
}

function preparePut(put: Put): PreparedPut {
  const key = checkedKey(put.key);
  const index: [string, string][] = [];
  for (const [indexName, value] of Object.entries(put.index ?? {})) index.push([name(indexName), plain(value)]);
  return { key, kind: kindOf(key), value: json(put.value), index: index.toSorted(([a], [b]) => (a < b ? -1 : 1)) };
}

function prepareItem(item: Owed): PreparedItem {
  return {
    queue: name(item.queue),
    id: name(item.id),
    due: Math.ceil(time(item.due)),
    body: json(item.body),
    leaseMs: item.leaseMs === undefined ? undefined : Math.ceil(time(item.leaseMs)),
  };
}

function prepareSettle(settle: Settle): Settle {
  return settle.retryAt === undefined ? settle : { ...settle, retryAt: Math.ceil(time(settle.retryAt)) };
}

function checkedKey(key: Key): Key {
  if (key.indexOf("/") < 1) throw new TypeError(`A document's key is kind/id, not ${JSON.stringify(key)}`);
  return plain(key);
}

function name(text: string): string {
  if (text === "") throw new TypeError("A name in a commit is empty");
  return plain(text);
}

/** NUL separates the parts of stored keys, and half a surrogate pair is not the same text after a trip through UTF-8. */
function plain(text: string): string {
  if (text.includes("\0") || !text.isWellFormed()) {
    throw new TypeError(`Not a text the store can order or find again: ${JSON.stringify(text)}`);
  }
  return text;
}

function time(ms: number): number {
  if (Number.isNaN(ms)) throw new TypeError("A time in a commit is not a number");
  return Math.min(Math.max(ms, 0), Number.MAX_SAFE_INTEGER);
}

function json(value: Storable): string {
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) throw new TypeError("A value in a commit is not JSON");
  return text;
}
