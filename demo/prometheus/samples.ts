import { fits, type Matcher } from "./syntax.ts";

export type Labels = Readonly<Record<string, string>>;

/** A value at a moment, ms. */
export interface Point {
  readonly at: number;
  readonly value: number;
}

/** What is kept of one series, oldest first. */
export interface KeptSeries {
  readonly labels: Labels;
  readonly times: number[];
  /** NaN marks where it ended, as a stale marker does: nothing in the demo exposes one. */
  readonly values: number[];
}

/** The samples of the demo's services, as much as is kept of each. */
export class Samples {
  readonly #series = new Map<string, KeptSeries>();
  readonly #most: number;

  /** At most so many points a series: what is older goes. */
  constructor(most: number) {
    this.#most = most;
  }

  add(labels: Labels, { at, value }: Point): void {
    const key = labelKey(labels);
    const known = this.#series.get(key) ?? { labels, times: [], values: [] };
    this.#series.set(key, known);
    // A point is never older than the one before it, and none replaces another.
    if ((known.times.at(-1) ?? Number.NEGATIVE_INFINITY) >= at) return;
    known.times.push(at);
    known.values.push(value);
    // Not at every point: moving a list costs as much as the list is long.
    if (known.times.length < this.#most * 1.2) return;
    known.times.splice(0, known.times.length - this.#most);
    known.values.splice(0, known.values.length - this.#most);
  }

  /** Older points of a series that is there. Those of a counter are moved so that they lead to its first one. */
  putBefore(labels: Labels, points: readonly Point[], { isCounter }: { readonly isCounter: boolean }): void {
    const known = this.#series.get(labelKey(labels));
    const [begins, first] = [known?.times[0], known?.values[0]];
    const last = points.at(-1);
    if (!known || begins === undefined || first === undefined || !last) return;
    const shift = isCounter ? first - last.value : 0;
    const older = points.filter(({ at }) => at < begins);
    known.times.unshift(...older.map(({ at }) => at));
    known.values.unshift(...older.map(({ value }) => value + shift));
  }

  /** Series that carry these labels end here: what is not scraped is not there. */
  end(labels: Labels, at: number): void {
    for (const series of this.#series.values()) {
      const isOf = Object.entries(labels).every(([name, value]) => series.labels[name] === value);
      if (isOf && !Number.isNaN(series.values.at(-1) ?? Number.NaN)) this.add(series.labels, { at, value: Number.NaN });
    }
  }

  select(matchers: readonly Matcher[]): KeptSeries[] {
    return [...this.#series.values()].filter(({ labels }) =>
      matchers.every((matcher) => fits(matcher, labels[matcher.label] ?? "")),
    );
  }

  all(): readonly KeptSeries[] {
    return [...this.#series.values()];
  }
}

/** The newest value within so many ms before a moment; undefined where there is none, or the series had ended. */
export function valueAt({ times, values }: KeptSeries, at: number, lookbackMs: number): number | undefined {
  const index = firstAfter(times, at) - 1;
  const time = times[index];
  if (time === undefined || time <= at - lookbackMs) return undefined;
  const value = values[index];
  return value === undefined || Number.isNaN(value) ? undefined : value;
}

/** The points from one moment to another, both among them. */
export function pointsIn({ times, values }: KeptSeries, from: number, to: number): Point[] {
  const points: Point[] = [];
  for (let index = firstAfter(times, from - 1); index < times.length; index += 1) {
    const [at, value] = [times[index] ?? 0, values[index] ?? Number.NaN];
    if (at > to) break;
    if (!Number.isNaN(value)) points.push({ at, value });
  }
  return points;
}

/** The index of the first moment after this one. */
function firstAfter(times: readonly number[], at: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The same text for the same labels. */
export function labelKey(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
