/** A cumulative bucket: how many observations were at most `le`. */
export interface Bucket {
  readonly le: number;
  readonly count: number;
}

/**
 * The quantile of a histogram, as Prometheus' histogram_quantile: linear inside the bucket it falls in; in the last,
 * open one the highest finite bound. Undefined without observations or without an open bucket.
 */
export function histogramQuantile(quantile: number, buckets: readonly Bucket[]): number | undefined {
  const sorted = buckets.toSorted((a, b) => a.le - b.le);
  const total = sorted.at(-1);
  if (!total || total.le !== Number.POSITIVE_INFINITY || !(total.count > 0)) return undefined;
  const rank = quantile * total.count;
  const at = sorted.findIndex((bucket) => bucket.count >= rank);
  const bucket = sorted[at];
  const below = sorted[at - 1];
  if (!bucket) return undefined;
  if (bucket.le === Number.POSITIVE_INFINITY) return below?.le;
  const from = below?.le ?? Math.min(0, bucket.le);
  const inside = bucket.count - (below?.count ?? 0);
  return inside > 0 ? from + (bucket.le - from) * ((rank - (below?.count ?? 0)) / inside) : bucket.le;
}
