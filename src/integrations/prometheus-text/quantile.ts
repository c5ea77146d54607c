import type { Series } from "./exposition.ts";

/** A cumulative bucket: how many observations were at most `le`. */
export interface Bucket {
  readonly le: number;
  readonly count: number;
}

export type Quantile =
  | {
      readonly known: true;
      readonly value: number /** The true value lies at or above this one. */;
      readonly isFloor: boolean;
    }
  | { readonly known: false; readonly why: string };

/**
 * The quantile of a histogram, as Prometheus' histogram_quantile: linear inside the bucket it falls in; in the last,
 * open one the highest finite bound, which is then only a floor. Unknown without observations or an open bucket.
 */
export function histogramQuantile(quantile: number, buckets: readonly Bucket[]): Quantile {
  const sorted = rising(buckets.toSorted((a, b) => a.le - b.le));
  const total = sorted.at(-1);
  if (!total) return { known: false, why: "is not exposed as a histogram" };
  if (total.le !== Number.POSITIVE_INFINITY) return { known: false, why: "is a histogram without its +Inf bucket" };
  if (!(total.count > 0)) return { known: false, why: "counted nothing in the window" };
  const rank = quantile * total.count;
  const at = sorted.findIndex((bucket) => bucket.count >= rank);
  const bucket = sorted[at] ?? total;
  const below = at > 0 ? sorted[at - 1] : undefined;
  if (bucket.le === Number.POSITIVE_INFINITY) {
    return below
      ? { known: true, value: below.le, isFloor: true }
      : { known: false, why: "is a histogram of one bucket" };
  }
  const from = below?.le ?? Math.min(0, bucket.le);
  const inside = bucket.count - (below?.count ?? 0);
  const share = inside > 0 ? (rank - (below?.count ?? 0)) / inside : 1;
  return { known: true, value: from + (bucket.le - from) * share, isFloor: false };
}

/** Buckets are counted one after the other while calls come in: a lower one may be ahead of a higher by a few. */
function rising(sorted: readonly Bucket[]): Bucket[] {
  let most = 0;
  return sorted.map(({ le, count }) => {
    most = Math.max(most, count);
    return { le, count: most };
  });
}

/**
 * Sums bucket series into one histogram. Undefined when the histograms have different bounds: a bound that only some
 * of them have would make the sum neither of them.
 */
export function sumBuckets(series: readonly Series[]): Bucket[] | undefined {
  const sums = new Map<number, number>();
  const times = new Map<number, number>();
  for (const { labels, value } of series) {
    const le = labels["le"] === "+Inf" ? Number.POSITIVE_INFINITY : Number(labels["le"] ?? Number.NaN);
    if (Number.isNaN(le)) continue;
    sums.set(le, (sums.get(le) ?? 0) + value);
    times.set(le, (times.get(le) ?? 0) + 1);
  }
  if (new Set(times.values()).size > 1) return undefined;
  return [...sums].map(([le, count]) => ({ le, count }));
}
