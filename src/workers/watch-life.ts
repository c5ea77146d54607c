import { type AwaitedInFile, lifeWrite } from "../acts/alerts/watch-life.ts";
import type { Routing } from "../domain/alerts/routing.ts";
import type { Store } from "../domain/store.ts";
import type { ScheduleSlot } from "./schedule.ts";

/** How late at the most it is seen that something is overdue, ms. */
const everyMs = 15_000;

/** Sees once over all replicas which jobs have not called, and which alerts do not fire that have to. */
export function lifeSlot({
  store,
  alerts,
  routing,
}: {
  readonly store: Store;
  readonly alerts: () => AwaitedInFile;
  readonly routing: () => Routing;
}): ScheduleSlot {
  return {
    id: "alert-life",
    everyMs: () => everyMs,
    run: async () => ({ write: await lifeWrite(store, alerts(), routing()) }),
  };
}
