import { z } from "zod";
import { UserError } from "../../domain/failure.ts";
import type { Meter } from "../../domain/meter.ts";
import type {
  ChainHead,
  Claimed,
  ClaimOptions,
  Commit,
  CommitResult,
  Document,
  JournalLink,
  JournalRange,
  Key,
  Range,
  Store,
  StoredEntry,
} from "../../domain/store.ts";
import { entriesOf, genesis } from "../chain.ts";
import { CommitQueue } from "../commit-queue.ts";
import { intactLinks } from "../intact.ts";
import { KnownDocuments } from "../known-documents.ts";
import { parseStored, prepare } from "../prepared.ts";
import { worthTellingMs } from "../worth-telling.ts";
import { fields, inspectRedis } from "./check.ts";
import { Connection } from "./connection.ts";
import { parseLink } from "./encode.ts";
import { exposureOf } from "./exposure.ts";
import { GroupWriter } from "./group.ts";
import { loadScript } from "./script.ts";

/** The format this release writes. A state of a newer one is refused, because it may hold what this one would lose. */
const format = 1;

const scripts = {
  open: loadScript("clock.lua", "open.lua"),
  read: loadScript("read.lua"),
  list: loadScript("list.lua"),
  claim: loadScript("clock.lua", "claim.lua"),
  now: loadScript("clock.lua", "now.lua"),
  owed: loadScript("owed.lua"),
  journal: loadScript("journal.lua"),
};

const Opened = z.tuple([z.coerce.number(), z.coerce.number(), z.string(), z.coerce.number(), z.coerce.number()]);
const Nullable = z.array(z.string().nullable());
const Texts = z.array(z.string());
const Counted = z.tuple([z.coerce.number()], z.coerce.number());
const Head = z.tuple([z.coerce.number(), z.string().nullable()]);

export interface RedisOptions {
  /** `redis://` or `rediss://`, with password and database where needed. */
  readonly url: string;
  /** Tells several states on one server apart. It is the hash tag of every key. */
  readonly prefix?: string;
  /** Accept that a crash of the machine loses up to a second of acknowledged commits. */
  readonly acceptEverysec?: boolean;
  /** How many replicas must have a durable commit. When left out: one if any is connected. */
  readonly replicas?: number;
  /** How long an operation is tried again while the server is away, in ms. Ten seconds when left out. */
  readonly patienceMs?: number;
  readonly meter?: Meter;
  /** Hears who else could use the server, and what to do. Left out, nobody looks. */
  readonly onWarning?: (what: string, remedy: string) => void;
  /** Hears, when it is opened, by how much the server's clock is behind what the state has seen, in ms. */
  readonly onSetBack?: (behindMs: number) => void;
}

/** The store for many replicas. Rejects with a BackendError when nobody answers and a UserError when the server may lose state. */
export async function openRedisStore(options: RedisOptions): Promise<Store<StoredEntry>> {
  const { prefix = "wardroom" } = options;
  if (!/^[\w.:-]+$/.test(prefix)) throw new UserError(`${prefix} cannot be the prefix of a Redis state.`);
  const connection = await Connection.open({ ...options, prefix });
  try {
    const { problems } = await inspectRedis(connection.redis, options.acceptEverysec === true);
    if (problems.length > 0) throw new UserError(`${connection.name} may lose state. ${problems.join(" ")}`);
    if (options.onWarning)
      for (const { what, remedy } of await exposureOf(connection.redis, options.url)) options.onWarning(what, remedy);
    const opened = await connection.run(scripts.open, [format], "opening the state");
    const [written, seq, hash, now, behindMs] = Opened.parse(opened);
    if (written > format) {
      throw new UserError(
        `The state on ${connection.name} was written by a newer release (format ${written}, this one reads up to ${format}).`,
        "Start the newer release, or restore a state from before the upgrade.",
      );
    }
    if (behindMs >= worthTellingMs) options.onSetBack?.(behindMs);
    return new RedisStore(connection, new GroupWriter(connection, { head: { seq, hash }, now }, options));
  } catch (error) {
    connection.close();
    throw error;
  }
}

class RedisStore implements Store<StoredEntry> {
  readonly #connection: Connection;
  readonly #queue: CommitQueue;
  readonly #known = new KnownDocuments();

  constructor(connection: Connection, writer: GroupWriter) {
    this.#connection = connection;
    this.#queue = new CommitQueue((group) => writer.flush(group), { disjoint: true, flights: 2 });
  }

  async commit(commit: Commit<StoredEntry>): Promise<CommitResult> {
    return this.#queue.add(prepare(commit));
  }

  async read(keys: readonly Key[]): Promise<(Document | undefined)[]> {
    if (keys.length === 0) return [];
    const known = keys.map((key) => this.#known.get(key));
    const asked = keys.flatMap((key, at) => [key, known[at]?.revision ?? ""]);
    const reply = Nullable.parse(await this.#connection.run(scripts.read, asked, "reading"));
    return keys.map((key, at) => {
      const [revision, value = null] = reply.slice(2 * at);
      return typeof revision === "string" ? this.#known.read(known[at], { key, revision }, value) : undefined;
    });
  }

  async list(kind: string, index: string, range: Range & { limit?: number } = {}): Promise<Document[]> {
    const lowest = range.from === undefined ? "-" : `[${range.from}`;
    const highest = range.to === undefined ? "+" : `(${range.to}`;
    const args = [`${kind}/${index}`, lowest, highest, range.reverse ? 1 : 0, range.limit ?? -1];
    const reply = Texts.parse(await this.#connection.run(scripts.list, args, "listing"));
    return rows(reply, 3).map(([key = "", revision = "", value = "null"]) => ({
      key,
      revision,
      value: parseStored(value),
    }));
  }

  async claim(queue: string, options: ClaimOptions): Promise<Claimed[]> {
    const args = [queue, Math.ceil(options.leaseMs), options.limit];
    const [leaseUntil, ...items] = Texts.parse(await this.#connection.run(scripts.claim, args, "claiming"));
    return rows(items, 6).map(([id = "", due, body = "null", version = "", fence, attempts]) => ({
      queue,
      id,
      due: Number(due),
      body: parseStored(body),
      fence: Number(fence),
      version,
      leaseUntil: Number(leaseUntil),
      attempts: Number(attempts),
    }));
  }

  async owed(queue: string): Promise<{ count: number; oldestDue?: number }> {
    const [count, oldestDue] = Counted.parse(await this.#connection.run(scripts.owed, [queue], "counting"));
    return oldestDue === undefined ? { count } : { count, oldestDue };
  }

  async journal(range: JournalRange): Promise<JournalLink[]> {
    const args = [range.fromSeq ?? 1, range.limit, range.reverse ? 1 : 0];
    const reply = Texts.parse(await this.#connection.run(scripts.journal, args, "reading the journal"));
    const links = rows(reply, 4).map(([seq, link = "", before = "", body = ""]) => ({
      seq: Number(seq),
      ...parseLink(link),
      previous: Number(seq) === 1 ? genesis.hash : parseLink(before).hash,
      ...(body === "" ? { entries: [], archived: true as const } : { entries: entriesOf(body) }),
    }));
    return range.intact ? intactLinks(links) : links;
  }

  async head(): Promise<ChainHead> {
    const { redis, root } = this.#connection;
    const reply = await this.#connection.persist(() => redis.hmget(`${root}:head`, "seq", "hash"), "reading");
    const [seq, hash] = Head.parse(reply);
    return { seq, hash: hash ?? genesis.hash };
  }

  async now(): Promise<number> {
    return z.coerce.number().parse(await this.#connection.run(scripts.now, [], "reading the clock"));
  }

  /** The server's replication id: a failover brings another. So does a restart, where asking once more does no harm. */
  async epoch(): Promise<string> {
    const { redis } = this.#connection;
    const info = await this.#connection.persist(() => redis.info("replication"), "reading the epoch");
    return fields(info).get("master_replid") ?? "unknown";
  }

  async close(): Promise<void> {
    await this.#queue.close();
    this.#connection.close();
  }
}

/** A flat reply as rows of so many columns. */
function rows(reply: readonly string[], columns: number): string[][] {
  return Array.from({ length: reply.length / columns }, (_, row) => reply.slice(row * columns, (row + 1) * columns));
}
