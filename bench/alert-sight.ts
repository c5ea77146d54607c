import { percentile } from "./measure.ts";

/** What stands in a channel now: each message, as it reads. */
export type Standing = () => readonly { readonly id: string; readonly text: string }[];

const lookEveryMs = 50;

/** When alerts were to be seen after they were posted, ms; of what was never seen nothing is known. */
export interface Seen {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
}

/**
 * Watches a channel as people would: how many alerts its messages tell of, by their own words, and when a message that names
 * something critical first stood in it. What is folded has no name there, so that the alert posted as the hundredth counts as seen once a
 * hundred are told.
 */
export class Sight {
  readonly #standing: Standing;
  readonly #levels: { readonly at: number; readonly count: number }[] = [];
  /** Messages that were seen, and the critical alerts that each named when it first stood there. */
  readonly #first = new Map<string, { readonly at: number; readonly names: readonly string[] }>();
  readonly #timer: NodeJS.Timeout;
  #last = "";

  constructor(standing: Standing) {
    this.#standing = standing;
    this.#timer = setInterval(() => this.#look(), lookEveryMs);
  }

  /** How many alerts are told of now. */
  get count(): number {
    return this.#levels.at(-1)?.count ?? 0;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Of all, in the order in which they were posted, at these times. */
  all(postedAt: readonly number[]): Seen {
    let level = 0;
    const waits: number[] = [];
    for (const [index, at] of postedAt.entries()) {
      while (level < this.#levels.length && (this.#levels[level]?.count ?? 0) <= index) level += 1;
      const seen = this.#levels[level];
      if (seen) waits.push(Math.max(0, seen.at - at));
    }
    return summary(waits);
  }

  /** Of the first post of each message that names something critical, since the first that it names was posted, by when each was. */
  firstPosts(postedAt: ReadonlyMap<string, number>): Seen {
    return summary(
      [...this.#first.values()].flatMap(({ at, names }) => {
        const times = names.flatMap((name) => postedAt.get(name) ?? []);
        return times.length > 0 ? [at - Math.min(...times)] : [];
      }),
    );
  }

  #look(): void {
    const messages = this.#standing();
    const all = messages.map(({ text }) => text).join("\n");
    if (all === this.#last) return;
    this.#last = all;
    const at = performance.now();
    const count = messages.reduce((sum, { text }) => sum + toldIn(text), 0);
    if (count > this.count) this.#levels.push({ at, count });
    for (const { id, text } of messages) if (!this.#first.has(id)) this.#first.set(id, { at, names: criticalIn(text) });
  }
}

function criticalIn(text: string): string[] {
  return [...text.matchAll(/pod-\d+(?= has too much to do \(critical)/g)].map(([name]) => name);
}

function toldIn(text: string): number {
  const [, told = 0] =
    /Storm(?: over)?: (\d+) alerts? folded/.exec(text) ?? /(\d+) alerts? firing since/.exec(text) ?? [];
  return Number(told);
}

function summary(waits: readonly number[]): Seen {
  return { count: waits.length, p50: percentile(waits, 0.5), p99: percentile(waits, 0.99) };
}
