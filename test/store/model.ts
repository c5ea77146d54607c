import { isDeepStrictEqual } from "node:util";
import { jsonOf } from "../../src/domain/json.ts";
import type { Claimed, Commit, CommitResult, Document, Json, Range, StoredEntry } from "../../src/domain/store.ts";

interface Held {
  body: Json;
  due: number;
  version: string;
  fence: number;
  leased: boolean;
  leaseVersion: string;
  attempts: number;
}

/** What any time in the future is to the model: nothing in its tests waits for one. */
export const never = 4_000_000_000_000;

/** The store as a few maps, without time: a due time is past or `never`, a lease is over at once or lasts. */
export class StoreModel {
  readonly documents = new Map<string, Document & { index: Readonly<Record<string, string>> }>();
  readonly items = new Map<string, Held>();
  readonly journal: Json[] = [];
  readonly #ids = new Set<string>();
  readonly #once = new Map<string, Json>();

  commit(commit: Commit<StoredEntry>): CommitResult {
    if (this.#ids.has(commit.id)) return { outcome: "committed" };
    const answer = commit.once && this.#once.get(commit.once.key);
    if (answer !== undefined) return { outcome: "repeated", answer };
    if (commit.validUntil === 0) return { outcome: "late", now: 0 };
    const stale = Object.entries(commit.expect ?? {}).filter(
      ([key, revision]) => (this.documents.get(key)?.revision ?? null) !== revision,
    );
    const lost = (commit.settle ?? []).filter(({ queue, id, fence, version }) => {
      const item = this.items.get(`${queue}:${id}`);
      return item?.fence !== fence || item.leaseVersion !== version;
    });
    const keys = [...stale.map(([key]) => key), ...lost.map(({ queue, id }) => `${queue}:${id}`)];
    if (keys.length > 0) return { outcome: "conflict", keys };
    this.#apply(commit);
    return { outcome: "committed" };
  }

  claim(queue: string, lasting: boolean): Pick<Claimed, "id" | "body" | "fence" | "version" | "attempts">[] {
    return [...this.items]
      .filter(([name, item]) => name.startsWith(`${queue}:`) && item.due !== never && !item.leased)
      .map(([name, item]) => {
        item.fence += 1;
        item.attempts += 1;
        item.leased = lasting;
        item.leaseVersion = item.version;
        const { body, fence, version, attempts } = item;
        return { id: name.slice(queue.length + 1), body, fence, version, attempts };
      });
  }

  list(kind: string, index: string, range: Range & { limit?: number }): string[] {
    const found = [...this.documents.values()]
      .flatMap(({ key, index: indexes }) => {
        const value = indexes[index];
        return key.startsWith(`${kind}/`) && value !== undefined ? [{ key, value }] : [];
      })
      .filter(({ value }) => value >= (range.from ?? "") && (range.to === undefined || value < range.to))
      .toSorted((a, b) => compare(a.value, b.value) || compare(a.key, b.key));
    return (range.reverse ? found.toReversed() : found).slice(0, range.limit).map(({ key }) => key);
  }

  #apply(commit: Commit<StoredEntry>): void {
    this.#ids.add(commit.id);
    if (commit.once) this.#once.set(commit.once.key, jsonOf(commit.once.answer));
    for (const { queue, id, version, retryAt } of commit.settle ?? []) {
      const item = this.items.get(`${queue}:${id}`);
      if (!item) continue;
      if (item.version !== version) Object.assign(item, { due: 0, leased: false, leaseVersion: "" });
      else if (retryAt === undefined) this.items.delete(`${queue}:${id}`);
      else Object.assign(item, { due: retryAt, leased: false, leaseVersion: "" });
    }
    for (const { queue, id } of commit.cancel ?? []) this.items.delete(`${queue}:${id}`);
    for (const key of commit.remove ?? []) this.documents.delete(key);
    for (const { key, value, index = {} } of commit.put ?? []) {
      this.documents.set(key, { key, value: jsonOf(value), revision: commit.id, index });
    }
    for (const { queue, id, body: given, due, leaseMs } of [...(commit.notices ?? []), ...(commit.timers ?? [])]) {
      const body = jsonOf(given);
      const held = this.items.get(`${queue}:${id}`);
      if (held) Object.assign(held, { body, due, version: commit.id });
      else {
        const born = leaseMs === undefined ? 0 : 1;
        const lease = { fence: born, attempts: born, leased: (leaseMs ?? 0) > 0, leaseVersion: born ? commit.id : "" };
        this.items.set(`${queue}:${id}`, { body, due, version: commit.id, ...lease });
      }
    }
    if (commit.journal && commit.journal.length > 0) this.journal.push([...commit.journal]);
  }
}

/** Equal but for the clock, which the model does not have. */
export function sameResult(real: CommitResult, model: CommitResult): boolean {
  return real.outcome === "late" ? model.outcome === "late" : isDeepStrictEqual(real, model);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
