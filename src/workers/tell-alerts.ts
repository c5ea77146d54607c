import { z } from "zod";
import { calmStorms } from "../acts/alerts/calm-storms.ts";
import { type RunOfAlerts, type TellPorts, tellHeld, tellRuns } from "../acts/alerts/tell-episodes.ts";
import type { Log } from "../domain/log.ts";
import type { Store } from "../domain/store.ts";
import { toldHeld } from "../records/alert-told.ts";
import { tellQueue } from "../records/batch.ts";
import type { GiveWay } from "./give-way.ts";
import { type QueueWorker, startQueueWorker } from "./queue-worker.ts";
import type { ScheduleSlot } from "./schedule.ts";
import { together } from "./together.ts";

const Run = z.object({ batch: z.string(), from: z.number() });
/** So many are claimed at once, and told in as few commits as they fit into. */
const mostTogether = 16;

/** Held episodes are looked at so many at a time, those first that were not for longest: ten thousand of them cost no more. */
const perLook = 200;

/** Tells what was put on record: what a killed process had begun is told by another, once. */
export function startTellWorker(ports: TellPorts & { readonly log: Log; readonly way?: GiveWay }): QueueWorker {
  const { store, log } = ports;
  const tell = together<RunOfAlerts>((runs) => tellRuns(ports, runs));
  return startQueueWorker({
    queue: tellQueue,
    store,
    log,
    leaseMs: 15_000,
    // Runs of one storm are of the same groups: side by side they would only get into each other's way, and so they are told together.
    parallel: mostTogether,
    relaxed: true,
    everyMs: 1_000,
    async handle(item) {
      const run = Run.parse(item.body);
      await ports.way?.pass();
      await tell(run);
      return { done: true };
    },
  });
}

/** Looks at what is held: hours, windows, silences and whatever hid it may be over, and it is told then. */
export function heldSlot(ports: TellPorts): ScheduleSlot {
  return {
    id: "held-alerts",
    everyMs: () => 5_000,
    async run() {
      const due = await toldHeld(ports.store, (await ports.store.now()) + 1, perLook);
      if (due.length === 0) return {};
      await tellHeld(
        ports,
        due.map(({ episode }) => episode),
      );
      return {};
    },
  };
}

/** Groups of a storm get messages of their own so many at a time, once it is calm. */
const perUnfolding = 10;

/** Ends storms that have been calm for a while: what still fires is told by messages of its own, the worst first. */
export function stormSlot(store: Store): ScheduleSlot {
  return {
    id: "alert-storms",
    everyMs: () => 15_000,
    async run() {
      await calmStorms(store, perUnfolding);
      return {};
    },
  };
}
