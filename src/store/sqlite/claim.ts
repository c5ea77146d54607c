import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Claimed } from "../../domain/store.ts";
import { parseStored } from "../prepared.ts";
import { integer, text } from "./columns.ts";

/** Leases due items. `lease` runs inside a transaction that the caller has begun with the file's write lock. */
export class Claimer {
  readonly #due: StatementSync;
  readonly #lease: StatementSync;

  constructor(database: DatabaseSync) {
    this.#due = database.prepare("SELECT id FROM item WHERE queue = ? AND ready <= ? ORDER BY ready, id LIMIT ?");
    this.#lease = database.prepare(`UPDATE item SET fence = fence + 1, attempts = attempts + 1,
      lease_version = version, lease_until = ?, ready = max(due, ?) WHERE queue = ? AND id = ?
      RETURNING due, body, version, fence, attempts`);
  }

  /** Looks without a lock. */
  anyDue(queue: string, now: number): boolean {
    return this.#due.get(queue, now, 1) !== undefined;
  }

  lease(queue: string, limit: number, time: { readonly now: number; readonly until: number }): Claimed[] {
    const { now, until } = time;
    return this.#due.all(queue, now, limit).flatMap((due) => {
      const id = text(due, "id");
      const row = this.#lease.get(until, until, queue, id);
      if (!row) return [];
      return {
        queue,
        id,
        due: integer(row, "due"),
        body: parseStored(text(row, "body")),
        fence: integer(row, "fence"),
        version: text(row, "version"),
        leaseUntil: until,
        attempts: integer(row, "attempts"),
      };
    });
  }
}
