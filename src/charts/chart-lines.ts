import type { Sample } from "../domain/systems/metrics.ts";

/**
 * Samples in order, as the unbroken stretches between gaps: nothing is known where three in a row are missing, nor at a time
 * that has no number.
 */
export function stretches(samples: readonly Sample[]): Sample[][] {
  const dated = samples.filter(({ at }) => Number.isFinite(at)).toSorted((a, b) => a.at - b.at);
  const known = dated.filter(({ value }) => Number.isFinite(value));
  const steps = known.slice(1).map((sample, index) => sample.at - (known[index]?.at ?? 0));
  const usual = steps.toSorted((a, b) => a - b)[Math.floor((steps.length - 1) / 2)] ?? 0;
  const found: Sample[][] = [];
  let isBroken = true;
  for (const sample of dated) {
    const stretch = found.at(-1);
    const before = stretch?.at(-1);
    const isGap = isBroken || !before || (usual > 0 && sample.at - before.at > 3 * usual);
    isBroken = !Number.isFinite(sample.value);
    if (isBroken) continue;
    if (!stretch || isGap) found.push([sample]);
    else stretch.push(sample);
  }
  return found;
}

/** At most about `most` samples of all stretches together, each stretch keeping its shape, its first and its last. */
export function thinned(found: readonly (readonly Sample[])[], most: number): Sample[][] {
  const total = found.reduce((sum, stretch) => sum + stretch.length, 0);
  return found.map((stretch) =>
    total <= most ? [...stretch] : lttb(stretch, Math.ceil((stretch.length / total) * most)),
  );
}

/**
 * Largest triangle, three buckets (Steinarsson 2013): of every bucket stays the sample that stands out most between the
 * one kept before it and the mean of the next bucket, so that peaks survive.
 */
function lttb(samples: readonly Sample[], most: number): Sample[] {
  const first = samples[0];
  const last = samples.at(-1);
  if (samples.length <= Math.max(2, most) || !first || !last) return [...samples];
  const kept = [first];
  const buckets = Math.max(1, most - 2);
  const width = (samples.length - 2) / buckets;
  let before = first;
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const start = 1 + Math.floor(bucket * width);
    const end = 1 + Math.floor((bucket + 1) * width);
    const next = meanOf(samples.slice(end, Math.max(end + 1, 1 + Math.floor((bucket + 2) * width)))) ?? last;
    let best = samples[start] ?? last;
    let widest = -1;
    for (let index = start; index < end; index += 1) {
      const sample = samples[index] ?? best;
      const area = Math.abs(
        (before.at - next.at) * (sample.value - before.value) - (before.at - sample.at) * (next.value - before.value),
      );
      if (area > widest) [widest, best] = [area, sample];
    }
    kept.push(best);
    before = best;
  }
  return [...kept, last];
}

function meanOf(samples: readonly Sample[]): Sample | undefined {
  if (samples.length === 0) return undefined;
  const sum = samples.reduce((all, { at, value }) => ({ at: all.at + at, value: all.value + value }), {
    at: 0,
    value: 0,
  });
  return { at: sum.at / samples.length, value: sum.value / samples.length };
}

export interface ValueRange {
  readonly min: number;
  readonly max: number;
  /** Distance of the grid's lines. */
  readonly step: number;
}

/**
 * A range of round ends that holds every value; it begins at zero when that does not flatten the line. `base` is 1024
 * where round means binary.
 */
export function valueRange(values: readonly number[], base: 1_000 | 1_024 = 1_000): ValueRange {
  const finite = values.filter((value) => Number.isFinite(value));
  let low = finite.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  let high = finite.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (finite.length === 0 || (low === 0 && high === 0)) return { min: 0, max: 1, step: 0.25 };
  if (low >= 0 && (low <= high * 0.6 || low === high)) low = 0;
  if (high <= 0 && (high >= low * 0.6 || low === high)) high = 0;
  const unit = base === 1_024 ? base ** Math.floor(Math.log(Math.max(high, -low)) / Math.log(base)) : 1;
  const room = (high - low) * 0.06;
  const step = roundStep((high - low + 2 * room) / 5 / unit) * unit;
  return {
    min: low === 0 ? 0 : Math.floor((low - room) / step) * step,
    max: high === 0 ? 0 : Math.ceil((high + room) / step) * step,
    step,
  };
}

function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= least) ?? 10) * power;
}
