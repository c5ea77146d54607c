import { tellStatusChanges, type WatchPorts } from "../acts/systems/watch-status.ts";
import type { ScheduleSlot } from "./schedule.ts";

/** Looks at systems whose changes are told, once over all replicas. */
export function statusWatchSlot(ports: WatchPorts): ScheduleSlot {
  return {
    id: "status-watches",
    everyMs: () => 10_000,
    async run() {
      await tellStatusChanges(ports);
      return {};
    },
  };
}
