import { tellWindows } from "../acts/alerts/tell-windows.ts";
import type { MaintenanceWindow } from "../domain/alerts/routing.ts";
import { concernedBy } from "../domain/alerts/window-times.ts";
import { type Policy, readableChannels } from "../domain/people/policy.ts";
import type { Store } from "../domain/store.ts";
import type { System } from "../domain/systems/system.ts";
import { overrunOf } from "../reads/overrun.ts";
import type { ScheduleSlot } from "./schedule.ts";

/** Tells of maintenance windows, once over all replicas. */
export function windowSlot(ports: {
  readonly store: Store;
  readonly policyInForce: () => Promise<Policy>;
  readonly systems: () => readonly Pick<System, "id">[];
  readonly windows: () => readonly MaintenanceWindow[];
}): ScheduleSlot {
  const { store } = ports;
  return {
    id: "maintenance",
    everyMs: () => 15_000,
    async run() {
      const policy = await ports.policyInForce();
      const systems = ports.systems().map(({ id }) => id);
      await tellWindows(store, {
        windows: ports.windows(),
        leftOf: (window) => overrunOf(store, window),
        systemsOf: (window) => concernedBy(window, systems),
        // A channel hears of windows only whose systems are shown there.
        placesOf: ({ announce, systems: concerned }) =>
          readableChannels(policy, { ids: announce, systems: concerned }).map(({ surface, channel }) => ({
            surface,
            channel,
          })),
      });
      return {};
    },
  };
}
