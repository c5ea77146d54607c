import { distance } from "../domain/distance.ts";

/**
 * The candidate a mistyped word most likely means; undefined when none is close enough to be worth offering. `within`
 * is how many letters may differ.
 */
export function nearest(
  word: string,
  candidates: Iterable<string>,
  within = Math.max(1, Math.floor(word.length / 3)),
): string | undefined {
  let best: string | undefined;
  let bestDistance = within + 1;
  for (const candidate of candidates) {
    const apart = distance(word.toLowerCase(), candidate.toLowerCase());
    if (apart < bestDistance) [best, bestDistance] = [candidate, apart];
  }
  return best;
}
