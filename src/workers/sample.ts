import { samplesWrite } from "../acts/systems/record-samples.ts";
import type { Configuration } from "../domain/commands/configuration.ts";
import type { Store } from "../domain/store.ts";
import type { MetricLooks } from "./look.ts";
import type { ScheduleSlot } from "./schedule.ts";

/** Reads every metric once over all replicas and keeps what was read, so that there is a course to draw. */
export function sampleSlot(ports: {
  readonly store: Store;
  readonly current: () => Pick<Configuration, "history">;
  readonly looks: MetricLooks;
}): ScheduleSlot {
  const { store, current, looks } = ports;
  return {
    id: "sample",
    everyMs: () => current().history.everyMs,
    run: async () => ({ write: await samplesWrite(store, await looks.read()) }),
  };
}
