import type { Store } from "../domain/store.ts";
import type { Metric, MetricReading, MetricSeries, Metrics, Sample } from "../domain/systems/metrics.ts";
import type { System } from "../domain/systems/system.ts";
import { metricHistory } from "./metric-history.ts";

/** What a metric is now, and the samples that led there with it at their end. */
export interface MetricCourse {
  readonly now: MetricReading | undefined;
  /** Every line of it; never none. */
  readonly series: readonly [MetricSeries, ...MetricSeries[]];
  /** Whether the lines are what the metric's own backend keeps, or what was sampled. */
  readonly keeper: "backend" | "samples";
  /** Why the backend's own course is not there, where it keeps one; the lines are then what was sampled. */
  readonly without?: string;
}

/**
 * Reads a metric live, and its course from a time (ms) on: as its own backend keeps it, else as it was sampled. What cannot
 * be read now is no sample.
 */
export async function metricCourse(
  ports: { readonly store: Store; readonly systems: { readonly metrics: Metrics } },
  system: System,
  metric: Pick<Metric, "id">,
  from: number,
): Promise<MetricCourse> {
  const [read, kept, past] = await Promise.all([
    ports.systems.metrics.read(system, [metric.id]),
    ports.systems.metrics.course(system, metric.id, from),
    metricHistory(ports.store, system.id, metric.id, from),
  ]);
  const now = read.find(({ id }) => id === metric.id);
  const [first, ...others] = kept?.ok ? kept.value : [];
  if (first) return { now, series: [first, ...others], keeper: "backend" };
  const samples = now?.reading.ok ? endingIn(past, now.reading) : past;
  const sampled = { now, series: [{ name: "", samples }], keeper: "samples" } as const;
  if (!kept) return sampled;
  return { ...sampled, without: kept.ok ? "it keeps nothing of that time" : kept.detail };
}

function endingIn(past: readonly Sample[], { at, value }: Sample): readonly Sample[] {
  return [...past.filter((sample) => sample.at < at), { at, value }];
}
