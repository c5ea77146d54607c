import { isPast, type Limit, type Metric, type MetricSeries, type Sample } from "../systems/metrics.ts";

/** Between two samples further apart than this nobody knows what was, ms. */
const longestGapMs = 5 * 60_000;

/** What an alert of an incident rests on, a metric or the expression of a rule elsewhere, with its course over the incident's time. */
export interface IncidentCourse extends Pick<Metric, "title" | "unit" | "bad"> {
  readonly limits: readonly Limit[];
  readonly series: readonly MetricSeries[];
}

/** What one line of a metric did over an incident's time. Times are store times in ms. */
export interface MeasuredLine {
  readonly metric: string;
  /** What tells the line from the others of its metric; empty where it is the only one. */
  readonly line: string;
  readonly unit: string;
  /** The last value before its trouble began; absent where nothing was sampled before. */
  readonly before?: Sample;
  /** The value that was furthest on the bad side. */
  readonly worst: Sample;
  readonly last: Sample;
  /** The limit furthest out that was passed; absent where none was. */
  readonly passed?: Limit;
  /** For how long it is proven past that: between samples that both were, and that stand close enough to each other. */
  readonly passedMs: number;
}

/** What a metric did from when the trouble began until the incident was over. Lines of which nothing was sampled then are left out. */
export function measuredOf(
  { title: metric, unit, bad, limits, series }: IncidentCourse,
  { beganAt, endedAt }: { readonly beganAt: number; readonly endedAt: number },
): readonly MeasuredLine[] {
  return series.flatMap(({ name: line, samples }): readonly MeasuredLine[] => {
    const numbers = samples.filter(({ value }) => Number.isFinite(value));
    const within = numbers.filter(({ at }) => at >= beganAt && at <= endedAt);
    const [first] = within;
    const last = within.at(-1);
    if (!first || !last) return [];
    const worst = within.reduce((one, other) => (isWorse(bad, other, one) ? other : one), first);
    const passed = furthest(limits.filter((limit) => isPast(limit, worst.value) === true));
    const before = numbers.findLast(({ at }) => at < beganAt);
    return [
      {
        metric,
        line,
        unit,
        ...(before && { before }),
        worst,
        last,
        ...(passed && { passed }),
        passedMs: passed ? provenPast(within, passed) : 0,
      },
    ];
  });
}

function isWorse(bad: Metric["bad"], one: Sample, other: Sample): boolean {
  return bad === "above" ? one.value > other.value : one.value < other.value;
}

function furthest(passed: readonly Limit[]): Limit | undefined {
  return passed.find(({ severity }) => severity === "critical") ?? passed[0];
}

function provenPast(samples: readonly Sample[], limit: Limit): number {
  return samples.reduce((sum, { at, value }, index) => {
    const next = samples[index + 1];
    if (!next || next.at - at > longestGapMs) return sum;
    return isPast(limit, value) && isPast(limit, next.value) ? sum + next.at - at : sum;
  }, 0);
}
