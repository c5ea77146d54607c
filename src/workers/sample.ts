import { dropOldSamples, type Measured, recordSamples } from "../acts/systems/record-samples.ts";
import type { Configuration } from "../domain/commands/configuration.ts";
import type { Log } from "../domain/log.ts";
import type { Store } from "../domain/store.ts";
import type { Metrics } from "../domain/systems/metrics.ts";

export interface Sampling {
  readonly store: Store;
  readonly current: () => Pick<Configuration, "systems" | "history">;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Counters say nothing at the first look: the second comes early, so that rates are known soon after the start. */
const secondLookMs = 5_000;

/** Reads every metric of every system at a fixed pace and keeps what was read, so that there is a course to draw. */
export function startSampling(sampling: Sampling): { stop(): Promise<void> } {
  const { everyMs } = sampling.current().history;
  let underWay: Promise<void> | undefined;
  const tick = (): void => {
    // A round that takes longer than the pace is not overtaken by the next.
    underWay ??= round(sampling).finally(() => {
      underWay = undefined;
    });
  };
  const tidied = tidy(sampling);
  tick();
  const timer = setInterval(tick, everyMs).unref();
  const early = setTimeout(tick, Math.min(secondLookMs, everyMs)).unref();
  return {
    async stop() {
      clearInterval(timer);
      clearTimeout(early);
      await Promise.all([tidied, underWay]);
    },
  };
}

async function round({ store, current, metrics, log }: Sampling): Promise<void> {
  const { systems, history } = current();
  try {
    const read = await Promise.all(
      systems.all().map(async (system) => ({ system, readings: await metrics.read(system) })),
    );
    const measured = read.flatMap(({ system, readings }) =>
      readings.flatMap(({ id, reading }): Measured[] =>
        // A document of the store cannot hold an infinity, and a chart has no place for one.
        reading.ok && Number.isFinite(reading.value)
          ? [{ system: system.id, metric: id, sample: { at: reading.at, value: reading.value } }]
          : [],
      ),
    );
    await recordSamples(store, measured, history.keepMs);
  } catch (error) {
    log.warn("a round of samples could not be kept", { error });
  }
}

async function tidy({ store, current, log }: Sampling): Promise<void> {
  const { systems, history } = current();
  try {
    const series = systems
      .all()
      .flatMap((system) => system.metrics.map((metric) => ({ system: system.id, metric: metric.id })));
    await dropOldSamples(store, series, { now: await store.now(), keepMs: history.keepMs });
  } catch (error) {
    log.warn("old samples could not be dropped", { error });
  }
}
