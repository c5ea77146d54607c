/** The bounds of a backoff: the first pause is about `firstMs` long, each further one twice as long, up to `mostMs`. */
export interface Backoff {
  readonly firstMs: number;
  readonly mostMs: number;
  /** No pause is shorter. */
  readonly leastMs?: number;
}

/**
 * How long to wait after so many failures. Anything from the least to the whole pause is as likely, so that many who failed
 * together do not come back together. `random` is from 0 to 1.
 */
export function backoffMs(failures: number, { firstMs, mostMs, leastMs = 0 }: Backoff, random = Math.random()): number {
  return leastMs + random * (Math.min(mostMs, leastMs + firstMs * 2 ** failures) - leastMs);
}
