import { fillTimelines } from "../acts/incidents/fill-timelines.ts";
import type { Store } from "../domain/store.ts";
import type { ScheduleSlot } from "./schedule.ts";

/** Fills the timelines of incidents by itself, once over all replicas. `systemNamed`: the system that people call so. */
export function timelineSlot(
  store: Store,
  systemNamed: (name: string) => { readonly id: string } | undefined,
): ScheduleSlot {
  return { id: "timelines", everyMs: () => 2_000, run: () => fillTimelines(store, systemNamed) };
}
