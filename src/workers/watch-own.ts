import { ownWatchWrite } from "../acts/alerts/watch-own.ts";
import type { Configuration } from "../domain/commands/configuration.ts";
import type { Store } from "../domain/store.ts";
import { healthOf } from "../domain/systems/health.ts";
import type { System } from "../domain/systems/system.ts";
import { type StatePorts, systemStates } from "../reads/system-state.ts";
import type { ScheduleSlot } from "./schedule.ts";

/** How often a switched-off watch asks whether it is on, ms. */
const offMs = 60_000;

/**
 * Looks at every system once over all replicas, and tells what its sources, the bot's own rules and its health say that is new,
 * as if it had been posted.
 */
export function ownWatchSlot(
  ports: StatePorts & {
    readonly store: Store;
    readonly current: () => Pick<Configuration, "systems" | "watchEveryMs">;
  },
): ScheduleSlot {
  const { store, current } = ports;
  return {
    id: "own-watch",
    everyMs: () => current().watchEveryMs ?? offMs,
    async run() {
      const { systems, watchEveryMs } = current();
      if (watchEveryMs === undefined) return {};
      const states = await systemStates(ports, systems.all());
      const looks = states.map(({ system, components, facts, alerts }) => ({
        system: system.id,
        title: system.title,
        watched: alerts,
        isDown: healthOf(components, facts) === "down",
        keepMs: ({ watch }: { readonly watch: string }) =>
          alerts.find(({ source }) => source === watch)?.keepMs ?? keptMs(system, watch),
      }));
      // Where nothing answers at all it is the bot that is cut off, and says nothing of others.
      const isCutOff = looks.length > 1 && looks.every(({ isDown }) => isDown);
      return isCutOff ? {} : { write: await ownWatchWrite(store, looks) };
    },
  };
}

function keptMs({ rules }: System, watch: string): number {
  return rules.find(({ id }) => watch === `rule ${id}`)?.keepFiringFor ?? 0;
}
