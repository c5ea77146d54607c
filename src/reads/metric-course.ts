import type { Store } from "../domain/store.ts";
import type { MetricReading, Metrics, Sample } from "../domain/systems/metrics.ts";
import type { Metric, System } from "../domain/systems/system.ts";
import { metricHistory } from "./metric-history.ts";

/** What a metric is now, and the samples that led there with it at their end. */
export interface MetricCourse {
  readonly now: MetricReading | undefined;
  readonly samples: readonly Sample[];
}

/** Reads a metric live, and what was sampled of it from a time (ms) on. What cannot be read now is no sample. */
export async function metricCourse(
  ports: { readonly store: Store; readonly systems: { readonly metrics: Metrics } },
  system: System,
  metric: Pick<Metric, "id">,
  from: number,
): Promise<MetricCourse> {
  const [read, past] = await Promise.all([
    ports.systems.metrics.read(system, [metric.id]),
    metricHistory(ports.store, system.id, metric.id, from),
  ]);
  const now = read.find(({ id }) => id === metric.id);
  if (!now?.reading.ok) return { now, samples: past };
  const { at, value } = now.reading;
  return { now, samples: [...past.filter((sample) => sample.at < at), { at, value }] };
}
