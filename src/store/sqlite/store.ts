import type { DatabaseSync, StatementSync } from "node:sqlite";
import { BackendError } from "../../domain/failure.ts";
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
import { CommitQueue, type Waiting } from "../commit-queue.ts";
import { intactLinks } from "../intact.ts";
import { meterGroup } from "../meter-group.ts";
import { prepare } from "../prepared.ts";
import { Claimer } from "./claim.ts";
import { openDatabase } from "./database.ts";
import { ForwardClock } from "./forward-clock.ts";
import { Reader } from "./read.ts";
import { Upkeep } from "./upkeep.ts";
import { Writer } from "./write.ts";

export interface SqliteOptions {
  /** The state file. Its folder is made when missing; `-wal` and `-shm` files stand beside it. */
  readonly path: string;
  /** The store's clock, ms since 1970. For tests; every process on a file must have the same one. */
  readonly now?: () => number;
  readonly meter?: Meter;
  /** Hears that the machine's clock was set back, and by how many ms it is behind the newest time the store has seen. */
  readonly onSetBack?: (behindMs: number) => void;
}

/** The embedded store. Throws a UserError when the file cannot be used. Any number of processes may share one file. */
export function openSqliteStore(options: SqliteOptions): Store<StoredEntry> {
  return new SqliteStore(openDatabase(options.path), options);
}

type Begin = "BEGIN" | "BEGIN IMMEDIATE";

class SqliteStore implements Store<StoredEntry> {
  readonly #database: DatabaseSync;
  readonly #clock: ForwardClock;
  readonly #meter: Meter | undefined;
  readonly #queue: CommitQueue;
  readonly #writer: Writer;
  readonly #reader: Reader;
  readonly #claimer: Claimer;
  readonly #upkeep: Upkeep;
  readonly #steps: Readonly<Record<Begin | "COMMIT", StatementSync>>;
  #waits = true;

  constructor(database: DatabaseSync, options: SqliteOptions) {
    this.#database = database;
    this.#meter = options.meter;
    this.#writer = new Writer(database);
    this.#reader = new Reader(database);
    this.#clock = new ForwardClock(options.now ?? (() => Date.now()), this.#reader.newestTime(), options.onSetBack);
    this.#claimer = new Claimer(database);
    this.#queue = new CommitQueue((group) => this.#flush(group), { disjoint: false, flights: 1 });
    this.#steps = {
      BEGIN: database.prepare("BEGIN"),
      "BEGIN IMMEDIATE": database.prepare("BEGIN IMMEDIATE"),
      COMMIT: database.prepare("COMMIT"),
    };
    this.#upkeep = new Upkeep(database, { path: options.path });
  }

  async commit(commit: Commit<StoredEntry>): Promise<CommitResult> {
    return this.#queue.add(prepare(commit));
  }

  async read(keys: readonly Key[]): Promise<(Document | undefined)[]> {
    return keys.length < 2
      ? this.#reader.documents(keys)
      : this.#transaction("BEGIN", () => this.#reader.documents(keys));
  }

  async list(kind: string, index: string, range: Range & { limit?: number } = {}): Promise<Document[]> {
    return this.#reader.list(kind, index, range);
  }

  async claim(queue: string, options: ClaimOptions): Promise<Claimed[]> {
    // Asked first without a lock: an idle worker neither writes nor waits for the disk.
    if (!this.#claimer.anyDue(queue, this.#clock.now())) return [];
    this.#waitForDisk(options.relaxed !== true);
    return this.#transaction("BEGIN IMMEDIATE", () => {
      const now = this.#clock.now();
      return this.#claimer.lease(queue, options.limit, { now, until: now + Math.ceil(options.leaseMs) });
    });
  }

  async owed(queue: string): Promise<{ count: number; oldestDue?: number }> {
    return this.#reader.owed(queue);
  }

  async journal(range: JournalRange): Promise<JournalLink[]> {
    const links = this.#transaction("BEGIN", () => this.#reader.journal(range));
    return range.intact ? intactLinks(links) : links;
  }

  async head(): Promise<ChainHead> {
    return this.#writer.head();
  }

  async now(): Promise<number> {
    return this.#clock.now();
  }

  async epoch(): Promise<string> {
    return this.#reader.epoch();
  }

  async close(): Promise<void> {
    await this.#queue.close();
    await this.#upkeep.stop();
    if (this.#database.isOpen) this.#database.close();
  }

  #flush(group: readonly Waiting[]): void {
    try {
      const results = this.#write(group);
      for (const [at, result] of results.entries()) group[at]?.resolve(result);
      meterGroup(
        this.#meter,
        results.map(({ outcome }) => outcome),
      );
      this.#upkeep.written(group.length, { waited: this.#waits });
    } catch (error) {
      if (group.length > 1 && error instanceof BackendError && error.fault === "broken") {
        // Something in the group cannot be written. Alone each stands for itself.
        for (const waiting of group) this.#flush([waiting]);
        return;
      }
      meterGroup(
        this.#meter,
        group.map(() => "failed"),
      );
      for (const waiting of group) waiting.reject(error);
    }
  }

  #write(group: readonly Waiting[]): CommitResult[] {
    const commits = group.map(({ commit }) => commit);
    this.#waitForDisk(!commits.every(({ relaxed }) => relaxed));
    // The clock is read under the lock, so that waiting for it counts against `validUntil`.
    return this.#transaction("BEGIN IMMEDIATE", () => this.#writer.write(commits, this.#clock.now()));
  }

  /** In WAL mode NORMAL loses nothing but the last commits, and only with the machine; the next FULL one keeps them too. */
  #waitForDisk(waits: boolean): void {
    if (waits === this.#waits) return;
    this.#waits = waits;
    this.#database.exec(`PRAGMA synchronous = ${waits ? "FULL" : "NORMAL"}`);
  }

  #transaction<Result>(begin: Begin, run: () => Result): Result {
    let step: BackendError["fault"] = "overloaded";
    try {
      this.#steps[begin].run();
      step = "broken";
      const result = run();
      step = "lost";
      this.#steps.COMMIT.run();
      return result;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw new BackendError("state file", { fault: step, detail: detail(error, step) });
    }
  }
}

function detail(error: unknown, step: BackendError["fault"]): string {
  const words = error instanceof Error ? error.message : String(error);
  return step === "lost" ? `${words}; whether the commit is kept is not known` : words;
}
