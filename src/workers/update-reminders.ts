import { type ReminderPorts, remindOfUpdates } from "../acts/incidents/remind-of-updates.ts";
import type { ScheduleSlot } from "./schedule.ts";

/** Reminds of updates of incidents that are due, once over all replicas. */
export function updateSlot(ports: ReminderPorts): ScheduleSlot {
  return {
    id: "incident-updates",
    everyMs: () => 5_000,
    async run() {
      await remindOfUpdates(ports);
      return {};
    },
  };
}
