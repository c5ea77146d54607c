import type { JournalEntry } from "./journal.ts";

/** The store's port. Two backends implement it: SQLite (embedded) and Redis (many replicas). See ARCHITECTURE.md. */

/** A JSON value as documents and bodies hold it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What is kept as its JSON: fields that are undefined are left out. */
export type Storable = Json | object;

/** `kind/id`, for example `request/4f2a…`. The kind is what `list` lists. */
export type Key = string;

export interface Document {
  readonly key: Key;
  /** The id of the commit that wrote it: never a counter, because counters repeat after a lossy failover. */
  readonly revision: string;
  readonly value: Json;
}

export interface Put {
  readonly key: Key;
  readonly value: Storable;
  /** Index name → sortable text. `list` ranges over it; an index left out on a later put is dropped. */
  readonly index?: Readonly<Record<string, string>>;
}

/** One thing that happened, as the journal keeps it: of this release or of one before. */
export interface StoredEntry {
  readonly kind: string;
  readonly [field: string]: Json;
}

/** Work owed: a notice to deliver, a timer to fire. `queue` says to whom. */
export interface Owed {
  readonly queue: string;
  readonly id: string;
  /** Store time in ms; due when it is not later than `now`. */
  readonly due: number;
  readonly body: Storable;
  /** Born leased to its committer for so many ms, saving the claim on the hot path. Fence 1. */
  readonly leaseMs?: number;
}

/** Ends or hands back a claim. */
export interface Settle {
  readonly queue: string;
  readonly id: string;
  /** From the claim. Another fence in the store means the lease was lost: the commit is a conflict. */
  readonly fence: number;
  /** From the claim. When a newer body has been put meanwhile, the item stays and is due at once. */
  readonly version: string;
  /** Keep the item and try again at this store time instead of removing it. */
  readonly retryAt?: number;
}

export interface Claimed {
  readonly queue: string;
  readonly id: string;
  readonly due: number;
  readonly body: Json;
  readonly fence: number;
  /** The id of the commit that put this body. */
  readonly version: string;
  readonly leaseUntil: number;
  /** How often it has been claimed, this time included. */
  readonly attempts: number;
}

export interface ClaimOptions {
  readonly leaseMs: number;
  readonly limit: number;
  /**
   * The disk of SQLite is not waited for, as of a relaxed commit: after a power failure an item may be claimed again under the same
   * fence. For work that comes to the same however often it is begun, and sends nothing.
   */
  readonly relaxed?: boolean;
}

/** What the bot journals is a `JournalEntry`; a store keeps whatever it is given. */
export interface Commit<Entry = JournalEntry> {
  /** Random per commit; a repeat within ten minutes answers `committed` and changes nothing. */
  readonly id: string;
  /** A delivery's id with the answer to give when it comes again. Kept for a day. */
  readonly once?: { readonly key: string; readonly answer: Storable };
  /** Revision each key was read at, or null for absent. */
  readonly expect?: Readonly<Record<Key, string | null>>;
  readonly put?: readonly Put[];
  readonly remove?: readonly Key[];
  readonly journal?: readonly Entry[];
  /** Queue items to put: notices owed. A put on an existing id replaces its body, newest wins, the lease stays. */
  readonly notices?: readonly Owed[];
  readonly timers?: readonly Owed[];
  /** Queue items to drop whatever their lease. */
  readonly cancel?: readonly { readonly queue: string; readonly id: string }[];
  readonly settle?: readonly Settle[];
  /** Store time in ms after which the commit is `late`: compared inside the commit, so expiry cannot be slept through. */
  readonly validUntil?: number;
  /** Wait until replicas (Redis) or the disk (SQLite) have it, before an effect in the world. */
  readonly durable?: boolean;
  /**
   * The disk of SQLite is not waited for: it has it a tenth of a second later. A power failure may take it until then, the end
   * of the process cannot. For what can be done again, or asked again.
   */
  readonly relaxed?: boolean;
}

export type CommitResult =
  | { readonly outcome: "committed" }
  /** `keys` that were not as expected, or `queue:id` of a lost lease. */
  | { readonly outcome: "conflict"; readonly keys: readonly string[] }
  | { readonly outcome: "late"; readonly now: number }
  /** `once` has been committed before: the answer recorded then. */
  | { readonly outcome: "repeated"; readonly answer: Json };

export interface Range {
  /** Inclusive. */
  readonly from?: string;
  /** Exclusive. */
  readonly to?: string;
  readonly reverse?: boolean;
}

export interface JournalRange {
  readonly fromSeq?: number;
  readonly limit: number;
  readonly reverse?: boolean;
  /** In chain order only: the answer ends before the first link that does not hold together with its body and the one before. */
  readonly intact?: boolean;
}

/** A link of the hash chain: one per commit that journalled anything. */
export interface JournalLink {
  readonly seq: number;
  readonly at: number;
  readonly hash: string;
  readonly previous: string;
  readonly bodyHash: string;
  readonly entries: readonly StoredEntry[];
  /** The body has been moved to an archive: `entries` is empty, the hashes still verify. */
  readonly archived?: true;
}

/** Where the chain ends, as the store itself remembers it. `seq` is 0 and `hash` 64 zeros before the first link. */
export interface ChainHead {
  readonly seq: number;
  readonly hash: string;
}

export interface Store<Entry = JournalEntry> {
  commit(commit: Commit<Entry>): Promise<CommitResult>;
  /** In the order asked; undefined where absent. */
  read(keys: readonly Key[]): Promise<(Document | undefined)[]>;
  /** Documents of a kind in the order of an index. */
  list(kind: string, index: string, range?: Range & { limit?: number }): Promise<Document[]>;
  /** Due items of a queue, each leased to the caller for `leaseMs` under a new fence. */
  claim(queue: string, options: ClaimOptions): Promise<Claimed[]>;
  /** How many items a queue holds and the due time of the oldest; for metrics and tests. */
  owed(queue: string): Promise<{ readonly count: number; readonly oldestDue?: number }>;
  /** Links in chain order, or newest first with `reverse`. */
  journal(range: JournalRange): Promise<JournalLink[]>;
  /** The remembered end of the journal, to tell a truncated chain from a short one. */
  head(): Promise<ChainHead>;
  /** The store's clock, ms since 1970. */
  now(): Promise<number>;
  /** Changes when the store may have forgotten acknowledged commits (a failover). */
  epoch(): Promise<string>;
  close(): Promise<void>;
}

/** A whole number as text that sorts as the number does, for indexes. Up to 2^53. */
export function sortable(value: number): string {
  return Math.max(0, Math.floor(value)).toString().padStart(16, "0");
}

/** What an index holds below a name, as `alphapulse/…` below `alphapulse`. */
export function rangeBelow(name: string): { readonly from: string; readonly to: string } {
  // In order a slash is followed by 0.
  return { from: `${name}/`, to: `${name}0` };
}
