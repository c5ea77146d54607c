import { ownWatchWrite } from "../acts/alerts/watch-own.ts";
import { partsSeen } from "../domain/alerts/part-watch.ts";
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
    /** So long after this process began its first look follows, ms: what people ask first is answered before. At once when left out. */
    readonly beginsInMs?: number | undefined;
  },
): ScheduleSlot {
  const { store, current, beginsInMs = 0 } = ports;
  const beginsAt = performance.now() + beginsInMs;
  return {
    id: "own-watch",
    everyMs: () => current().watchEveryMs ?? offMs,
    async run() {
      const { systems, watchEveryMs } = current();
      if (watchEveryMs === undefined) return {};
      const tooSoonMs = beginsAt - performance.now();
      if (tooSoonMs > 0) return { tooSoonMs: Math.ceil(tooSoonMs) };
      const states = await systemStates(ports, systems.all());
      const looks = states.map((state) => ({
        system: state.system.id,
        title: state.system.title,
        watched: state.alerts,
        isDown: healthOf(state.components, state.facts) === "down",
        parts: partsSeen(state),
        keepMs: ({ watch }: { readonly watch: string }) =>
          state.alerts.find(({ source }) => source === watch)?.keepMs ?? keptMs(state.system, watch),
      }));
      // Where nothing answers at all it is the bot that is cut off, and says nothing of others.
      const parts = states.flatMap(({ components }) => components);
      const isUnheard = parts.length > 0 && parts.every(({ reading }) => !reading.ok);
      const isCutOff = looks.length > 1 && (isUnheard || looks.every(({ isDown }) => isDown));
      return isCutOff ? {} : { write: await ownWatchWrite(store, looks) };
    },
  };
}

function keptMs({ rules }: System, watch: string): number {
  return rules.find(({ id }) => watch === `rule ${id}`)?.keepFiringFor ?? 0;
}
