import { type Backend, serving } from "../domain/systems/backend.ts";
import type { Metric, MetricReading, Metrics, Reliance } from "../domain/systems/metrics.ts";
import type { Look } from "../domain/systems/reading.ts";
import { take } from "./wire/reading.ts";

const deadlineMs = 3_000;

/** Reads metrics of the backends that expose them. */
export function createMetrics({ backends }: { readonly backends: readonly Backend[] }): Metrics {
  return {
    read(system, ids) {
      const wanted = system.metrics.filter((metric) => ids === undefined || ids.includes(metric.id));
      const look: Look = { system: system.id, deadlineMs, round: {} };
      return Promise.all(wanted.map((metric) => readMetric(backends, metric, look)));
    },
    async course(system, id, from) {
      const source = system.metrics.find((metric) => metric.id === id)?.source;
      const metric = source && serving(backends, source.backend, "metric");
      const { course } = metric ?? {};
      if (!source || !course) return undefined;
      const look = { system: system.id, deadlineMs, round: {}, from };
      return take(async () => ({ value: await course(source.spec, look) }));
    },
  };
}

async function readMetric(backends: readonly Backend[], { id, source }: Metric, look: Look): Promise<MetricReading> {
  let reliance: Reliance = {};
  const reading = await take(async () => {
    const { missing, isFloor, ...taken } = await serving(backends, source.backend, "metric").read(source.spec, look);
    reliance = { ...(missing && { missing }), ...(isFloor && { isFloor }) };
    return taken;
  });
  return { id, reading, ...reliance };
}
