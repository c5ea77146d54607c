import type { Store } from "../domain/store.ts";
import { type Backend, serving } from "../domain/systems/backend.ts";
import type { MetricReading, Metrics, Sample } from "../domain/systems/metrics.ts";
import type { Look } from "../domain/systems/reading.ts";
import { chunkKeys, samplesIn } from "../domain/systems/series.ts";
import type { Metric } from "../domain/systems/system.ts";
import { take } from "./wire/reading.ts";

const deadlineMs = 3_000;

/** Reads metrics of the backends that expose them, and their course from what was sampled. */
export function createMetrics(parts: {
  readonly backends: readonly Backend[];
  readonly store: Pick<Store, "read" | "now">;
}): Metrics {
  const { backends, store } = parts;
  return {
    read(system, ids) {
      const wanted = system.metrics.filter((metric) => ids === undefined || ids.includes(metric.id));
      const look: Look = { system: system.id, deadlineMs, round: {} };
      return Promise.all(wanted.map((metric) => readMetric(backends, metric, look)));
    },
    async history(system, metric, from) {
      const chunks = await store.read(chunkKeys(system, metric, { from, to: await store.now() }));
      return chunks.flatMap(samplesIn).filter((sample: Sample) => sample.at >= from);
    },
  };
}

async function readMetric(backends: readonly Backend[], { id, source }: Metric, look: Look): Promise<MetricReading> {
  let note: string | undefined;
  const reading = await take(async () => {
    const noted = await serving(backends, source.backend, "metric").read(source.spec, look);
    note = noted.note;
    return noted;
  });
  return { id, reading, ...(note !== undefined && { note }) };
}
