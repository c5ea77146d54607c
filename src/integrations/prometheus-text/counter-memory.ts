import type { Series } from "./exposition.ts";

/** What counters said at one moment. */
export interface Counted {
  /** ms since 1970. */
  readonly at: number;
  /** When their process began to count, ms since 1970, where it says so. */
  readonly startedAt: number | undefined;
  readonly series: readonly Series[];
}

/** How much each counter has grown over a time, or how much longer they have to be watched before that can be said. */
export type Growth =
  | { readonly known: true; readonly spanMs: number; readonly series: readonly Series[] }
  | { readonly known: false; readonly waitMs: number };

/** Less than this between two looks says nothing about a course. */
export const shortestSpanMs = 4_000;
/** A window is covered by about so many looks; those in between add nothing and are let go. */
const looksPerWindow = 60;
/** Two reports of one start may differ by this much, because some processes work it out anew each time. */
const startToleranceMs = 2_000;

interface Look {
  readonly at: number;
  /** Growth by series since the memory began. */
  readonly totals: ReadonlyMap<string, number>;
}

/**
 * Remembers the counters of one instance for one window. They are kept as growth since the memory began, so that a
 * restart in between (the counters fall, or the process says that it started anew) is counted once and for good.
 */
export class CounterMemory {
  readonly #windowMs: number;
  #looks: Look[] = [];
  #last = new Map<string, number>();
  #labels = new Map<string, Series["labels"]>();
  #startedAt: number | undefined;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** Takes one more look. One that is not newer than the last is left aside. */
  add(counted: Counted): void {
    const last = this.#looks.at(-1);
    if (last && counted.at <= last.at) return;
    const values = valuesOf(counted.series, this.#labels);
    const totals = last ? this.#grown(last, counted, values) : this.#first(counted, values);
    this.#startedAt = counted.startedAt;
    this.#looks.push({ at: counted.at, totals });
    this.#remember(values);
    this.#thin(counted.at);
  }

  /** Growth up to the newest look, over the window or as much of it as has been watched. */
  growth(): Growth {
    const newest = this.#looks.at(-1);
    if (!newest) return { known: false, waitMs: shortestSpanMs };
    const base = this.#base(newest.at - this.#windowMs);
    const spanMs = base ? newest.at - base.at : 0;
    if (!base || spanMs < shortestSpanMs) return { known: false, waitMs: shortestSpanMs - spanMs };
    const series = [...newest.totals].map(([key, total]) => ({
      labels: this.#labels.get(key) ?? {},
      value: total - (base.totals.get(key) ?? 0),
    }));
    return { known: true, spanMs, series };
  }

  /** The look that stands for the window's beginning: the last one before it unless that is far off, else the first in it. */
  #base(start: number): Look | undefined {
    const edge = start + this.#windowMs / looksPerWindow;
    const before = this.#looks.findLast((look) => look.at <= edge);
    if (before && before.at >= start - this.#windowMs) return before;
    return this.#looks.find((look) => look.at > edge);
  }

  /** A process that started inside the window has counted all it ever counted inside the window. */
  #first(counted: Counted, values: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
    const { startedAt, at } = counted;
    if (startedAt === undefined || startedAt > at || startedAt < at - this.#windowMs) return new Map();
    this.#looks.push({ at: startedAt, totals: new Map() });
    return values;
  }

  #grown(last: Look, counted: Counted, values: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
    const isAnew = this.#hasRestarted(counted, values);
    const totals = new Map(last.totals);
    for (const [key, value] of values) {
      const before = isAnew ? 0 : (this.#last.get(key) ?? 0);
      totals.set(key, (totals.get(key) ?? 0) + value - before);
    }
    return totals;
  }

  /** The counters of one process fall together: one that fell means that all began at zero again. */
  #hasRestarted(counted: Counted, values: ReadonlyMap<string, number>): boolean {
    if (counted.startedAt !== undefined && this.#startedAt !== undefined) {
      if (Math.abs(counted.startedAt - this.#startedAt) > startToleranceMs) return true;
    }
    return [...values].some(([key, value]) => value < (this.#last.get(key) ?? 0));
  }

  /** A series that is absent for one look keeps its value; when labels come and go without end the absent are forgotten. */
  #remember(values: ReadonlyMap<string, number>): void {
    for (const [key, value] of values) this.#last.set(key, value);
    if (this.#last.size <= 2 * values.size + 100) return;
    this.#last = new Map(values);
    this.#labels = new Map([...this.#labels].filter(([key]) => values.has(key)));
    this.#looks = this.#looks.map(({ at, totals }) => ({
      at,
      totals: new Map([...totals].filter(([key]) => values.has(key))),
    }));
  }

  #thin(now: number): void {
    const spacing = this.#windowMs / looksPerWindow;
    const [newest, between, before] = [this.#looks.at(-1), this.#looks.at(-2), this.#looks.at(-3)];
    if (newest && between && before && newest.at - before.at < spacing) this.#looks.splice(-2, 1);
    const first = this.#looks.findIndex((look) => look.at >= now - 2 * this.#windowMs);
    if (first > 0) this.#looks.splice(0, first);
  }
}

function valuesOf(series: readonly Series[], labels: Map<string, Series["labels"]>): Map<string, number> {
  const values = new Map<string, number>();
  for (const each of series) {
    // A counter that is not a number says nothing; taken as zero it would look like a restart.
    if (!Number.isFinite(each.value)) continue;
    const key = labelKey(each.labels);
    values.set(key, (values.get(key) ?? 0) + each.value);
    if (!labels.has(key)) labels.set(key, each.labels);
  }
  return values;
}

/** The same for the same labels, in whatever order they stand. */
export function labelKey(labels: Series["labels"]): string {
  return JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
