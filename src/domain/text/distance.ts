/**
 * How many letters must be put in, left out, replaced or swapped with their neighbour to turn one word into the other
 * (optimal string alignment). Case counts.
 */
export function distance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const cost = from[row - 1] === to[column - 1] ? 0 : 1;
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + cost,
        swapped ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [beforeLast, last] = [last, current];
  }
  return last[to.length] ?? 0;
}

/** Longest word that is compared. A longer one is no slip of the finger, and the comparison takes time squared. */
const longest = 60;

/**
 * The candidate that a mistyped word most likely means, whatever its case; undefined when none is close enough to be
 * worth offering. A word that starts a candidate means it: `alpha` is `alphapulse`.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const meant = word.toLowerCase();
  if (meant.length === 0 || meant.length > longest) return undefined;
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(meant.length / 3)) + 1;
  for (const candidate of candidates) {
    const other = candidate.toLowerCase();
    const apart = meant.length >= 3 && other.startsWith(meant) ? 0.5 : distance(meant, other.slice(0, longest));
    if (apart < bestDistance) [best, bestDistance] = [candidate, apart];
  }
  return best;
}
