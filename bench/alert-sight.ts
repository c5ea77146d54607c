import { percentile } from "./measure.ts";

/** What stands in a channel now, a text for each message. */
export type Standing = () => readonly string[];

const lookEveryMs = 50;

/** When alerts were to be seen after they were posted, ms; of what was never seen nothing is known. */
export interface Seen {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
}

/**
 * Watches a channel as people would: how many alerts its messages tell of, by their own words, and when each that has a message of its
 * own stands in it. What is folded has no name there, so that the alert posted as the hundredth counts as seen once a hundred are told.
 */
export class Sight {
  readonly #standing: Standing;
  readonly #levels: { readonly at: number; readonly count: number }[] = [];
  readonly #names = new Map<string, number>();
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

  /** Of those that have a name in a message, by what each was posted under. */
  named(postedAt: ReadonlyMap<string, number>): Seen {
    return summary(
      [...this.#names].flatMap(([name, at]) => (postedAt.has(name) ? [at - (postedAt.get(name) ?? 0)] : [])),
    );
  }

  #look(): void {
    const texts = this.#standing();
    const all = texts.join("\n");
    if (all === this.#last) return;
    this.#last = all;
    const at = performance.now();
    const count = texts.reduce((sum, text) => sum + toldIn(text), 0);
    if (count > this.count) this.#levels.push({ at, count });
    for (const [name] of all.matchAll(/pod-\d+(?= has too much to do \(critical)/g))
      if (!this.#names.has(name)) this.#names.set(name, at);
  }
}

function toldIn(text: string): number {
  const [, told = 0] =
    /Storm(?: over)?: (\d+) alerts? folded/.exec(text) ?? /(\d+) alerts? firing since/.exec(text) ?? [];
  return Number(told);
}

function summary(waits: readonly number[]): Seen {
  return { count: waits.length, p50: percentile(waits, 0.5), p99: percentile(waits, 0.99) };
}
