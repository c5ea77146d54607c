import type { CommitResult } from "../domain/store.ts";
import type { PreparedCommit } from "./prepared.ts";

/** A commit whose caller waits. A flush settles each exactly once. */
export interface Waiting {
  readonly commit: PreparedCommit;
  readonly resolve: (result: CommitResult) => void;
  readonly reject: (error: unknown) => void;
}

/** Enough to share one fsync widely, few enough that no flush holds the loop or the server for long. */
const groupLimit = 64;
/** How far behind the head of the queue a group is picked, so that a long line for one key costs no long search. */
const searchLimit = 1_024;

/**
 * The commits of this process, flushed one group at a time. While a group is under way the next one gathers,
 * so load makes groups larger instead of the line longer. Commits that touch the same key keep their order.
 */
export class CommitQueue {
  #waiting: Waiting[] = [];
  #flying = 0;
  #woken = false;
  #closing: (() => void) | undefined;
  #closed: Promise<void> | undefined;
  readonly #flush: (group: readonly Waiting[]) => Promise<void> | void;
  readonly #flights: number;
  readonly #disjoint: boolean;

  constructor(
    flush: (group: readonly Waiting[]) => Promise<void> | void,
    options: {
      /** No two commits of a group may touch the same key, because the store checks them all before it writes. */
      readonly disjoint: boolean;
      /** How many full groups may be under way. More than one only for a store that takes them in the order sent. */
      readonly flights: number;
    },
  ) {
    this.#flush = flush;
    this.#flights = options.flights;
    this.#disjoint = options.disjoint;
  }

  add(commit: PreparedCommit): Promise<CommitResult> {
    if (this.#closed) return Promise.reject(new Error("The store is closed"));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ commit, resolve, reject });
      this.#wake();
    });
  }

  get idle(): boolean {
    return this.#flying === 0 && this.#waiting.length === 0;
  }

  /** Takes nothing more and resolves when all that was taken has been flushed. */
  close(): Promise<void> {
    this.#closed ??= new Promise((resolve) => {
      if (this.idle) resolve();
      else this.#closing = resolve;
    });
    return this.#closed;
  }

  #wake(): void {
    if (this.#woken || this.#waiting.length === 0) return;
    // A group that is not full is better sent when the one before has come back: by then it is larger.
    const room = this.#flying === 0 || (this.#flying < this.#flights && this.#waiting.length >= groupLimit);
    if (!room) return;
    this.#woken = true;
    // A turn of the loop, so that everyone just answered can bring the next commit into this group.
    setImmediate(() => {
      this.#woken = false;
      void this.#fly(this.#take());
    });
  }

  async #fly(group: readonly Waiting[]): Promise<void> {
    this.#flying += 1;
    this.#wake();
    try {
      await this.#flush(group);
    } catch (error) {
      for (const waiting of group) waiting.reject(error);
    }
    this.#flying -= 1;
    if (this.idle) this.#closing?.();
    this.#wake();
  }

  #take(): readonly Waiting[] {
    if (!this.#disjoint) return this.#waiting.splice(0, groupLimit);
    const group: Waiting[] = [];
    const left: Waiting[] = [];
    const taken = new Set<string>();
    let seen = 0;
    for (const waiting of this.#waiting) {
      seen += 1;
      if (group.length === groupLimit || seen > searchLimit) {
        left.push(...this.#waiting.slice(seen - 1));
        break;
      }
      const { reads, writes } = touched(waiting.commit);
      const free = [...reads, ...writes].every((key) => !taken.has(key));
      (free ? group : left).push(waiting);
      for (const key of writes) taken.add(key);
      // Whoever has to wait is not overtaken on what it reads either.
      if (!free) for (const key of reads) taken.add(key);
    }
    this.#waiting = left;
    return group;
  }
}

/** What a commit looks at and what it changes. Two may share what both only read, such as the policy in force. */
function touched(commit: PreparedCommit): { readonly reads: readonly string[]; readonly writes: readonly string[] } {
  const writes = [`c${commit.id}`];
  if (commit.once) writes.push(`o${commit.once.key}`);
  for (const put of commit.puts) writes.push(`d${put.key}`);
  for (const key of commit.removes) writes.push(`d${key}`);
  for (const item of [...commit.items, ...commit.cancels, ...commit.settles]) writes.push(`q${item.queue}\0${item.id}`);
  return { reads: commit.expect.map(([key]) => `d${key}`), writes };
}
