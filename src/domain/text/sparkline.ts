import type { Sample } from "../systems/metrics.ts";

const bars = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;
const gap = "·";

/**
 * The samples as one line of bars, oldest first, at most `width` characters: each is the mean of an equal slice of time.
 * A slice without samples is a dot, never a guess. One value throughout is a flat line of middle height; no samples, no text.
 */
export function sparkline(samples: readonly Sample[], width: number): string {
  const known = samples.filter((sample) => Number.isFinite(sample.value)).toSorted((a, b) => a.at - b.at);
  const columns = Math.floor(width);
  if (known.length === 0 || columns < 1) return "";
  const means =
    known.length <= columns && evenlySpaced(known) ? known.map(({ value }) => value) : slices(known, columns);
  const values = means.filter((mean) => mean !== undefined);
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return means.map((mean) => (mean === undefined ? gap : barOf(mean, low, high))).join("");
}

function barOf(value: number, low: number, high: number): string {
  // Halves keep the difference finite at the ends of the range of numbers.
  const share = high === low ? 0.4 : (value / 2 - low / 2) / (high / 2 - low / 2);
  return bars[Math.min(bars.length - 1, Math.floor(share * bars.length))] ?? bars[0];
}

/** Few samples at a steady pace are shown one by one, which slicing would blur or tear apart. */
function evenlySpaced(samples: readonly Sample[]): boolean {
  const steps = samples.slice(1).map((sample, index) => sample.at - (samples[index]?.at ?? 0));
  const middle = steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
  return steps.every((step) => step <= middle * 1.5);
}

function slices(samples: readonly Sample[], columns: number): (number | undefined)[] {
  const first = samples[0]?.at ?? 0;
  const span = Math.max(1, (samples.at(-1)?.at ?? 0) - first);
  const means: (number | undefined)[] = Array.from({ length: columns });
  const counts: number[] = Array.from({ length: columns }, () => 0);
  for (const { at, value } of samples) {
    const column = Math.min(columns - 1, Math.floor(((at - first) / span) * columns));
    const count = (counts[column] ?? 0) + 1;
    counts[column] = count;
    const mean = means[column] ?? value;
    means[column] = mean + value / count - mean / count;
  }
  return means;
}
