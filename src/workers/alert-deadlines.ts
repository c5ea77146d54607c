import { lapseAcks } from "../acts/alerts/lapse-acks.ts";
import { wakeSnoozes } from "../acts/alerts/snooze.ts";
import type { TellPorts } from "../acts/alerts/tell-episodes.ts";
import { warnOfEnds } from "../acts/alerts/warn-of-ends.ts";
import type { ScheduleSlot } from "./schedule.ts";

/** Tells, once over all replicas, what time alone brings: acknowledgements and snoozes that end, and silences that soon do. */
export function deadlineSlot(ports: Pick<TellPorts, "store" | "routing" | "policyInForce">): ScheduleSlot {
  const { store } = ports;
  return {
    id: "alert-deadlines",
    everyMs: () => 5_000,
    async run() {
      await lapseAcks(store);
      await wakeSnoozes(store);
      await warnOfEnds(ports);
      return {};
    },
  };
}
