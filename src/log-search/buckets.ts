import type { LogBeginning, LogResult } from "../domain/systems/logs.ts";

const minute = 60_000;
const widths = [1, 5, 15, 30, 60, 180, 360, 720, 1_440].map((minutes) => minutes * minute);
const bucketsMax = 120;
/** Beyond this the range is taken to mean "everything": buckets begin with the first match. */
const rangeMax = 40 * 1_440 * minute;

type Buckets = Pick<LogResult, "bucketMs" | "counts" | "begins">;

/** Counts per minute as counts per bucket over the range as far as the log reaches back, with where it begins. */
export function bucketed(
  minutes: ReadonlyMap<number, number>,
  range: Range,
  begins: LogBeginning | undefined,
): Buckets {
  return begins ? { ...bucketsOf(minutes, { from: begins.at, to: range.to }), begins } : bucketsOf(minutes, range);
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Zeros included: minutes for an hour, days for months. */
function bucketsOf(minutes: ReadonlyMap<number, number>, range: Range): Buckets {
  if (range.from > range.to) return { bucketMs: minute, counts: [] };
  const times = [...minutes.keys()].map((key) => key * minute);
  if (range.to - range.from > rangeMax && times.length === 0) return { bucketMs: widths.at(-1) ?? minute, counts: [] };
  const wide = range.to - range.from > rangeMax;
  const from = wide ? extreme(times, Math.min) : range.from;
  const to = wide ? extreme(times, Math.max) : range.to;
  const bucketMs = widthFor(to - from);
  const first = Math.floor(from / bucketMs);
  const counts = Array.from({ length: Math.floor(to / bucketMs) - first + 1 }, (_, index) => ({
    at: (first + index) * bucketMs,
    count: 0,
  }));
  for (const [key, count] of minutes) {
    const bucket = counts[Math.floor((key * minute) / bucketMs) - first];
    if (bucket) bucket.count += count;
  }
  return { bucketMs, counts };
}

function widthFor(spanMs: number): number {
  const day = widths.at(-1) ?? minute;
  return widths.find((width) => spanMs / width <= bucketsMax) ?? Math.ceil(spanMs / bucketsMax / day) * day;
}

function extreme(times: readonly number[], pick: (a: number, b: number) => number): number {
  return times.reduce((a, b) => pick(a, b));
}
