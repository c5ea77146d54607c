import { armSlot } from "../acts/schedule/arm-slot.ts";
import { endRound, type RoundWrite } from "../acts/schedule/end-round.ts";
import type { Log } from "../domain/log.ts";
import { nextSlotAt, scheduleQueue } from "../domain/schedule.ts";
import type { Claimed, Store } from "../domain/store.ts";
import { readSlot } from "../records/slot.ts";
import { startQueueWorker } from "./queue-worker.ts";

/** Periodic work that is done once over all replicas. */
export interface ScheduleSlot {
  readonly id: string;
  /** How far apart its rounds are. Asked when the schedule starts and when the configuration has changed. */
  everyMs(): number;
  /** Does what is due. A round that takes longer than `roundMs` has lost its slot, and what it answers is not written. */
  run(): Promise<Round>;
}

export interface Round {
  /** Written in the commit that arms the slot again, so that a round counts once or not at all. */
  readonly write?: RoundWrite;
  /** There is more than one round could do: the next one follows at once. */
  readonly more?: boolean;
  /** Nothing was done: it was too soon, by so many ms. */
  readonly tooSoonMs?: number;
}

export interface Schedule {
  /** Takes over the paces of a configuration that has changed. Never rejects. */
  rearm(): Promise<void>;
  /** Begins no further round and waits for those under way. */
  stop(): Promise<void>;
}

export interface SchedulePorts {
  readonly store: Store;
  readonly log: Log;
  readonly slots: readonly ScheduleSlot[];
  /** Longest a round may take; `roundMs` when left out. */
  readonly roundMs?: number;
  /** How often slots are looked for that another replica armed, or left behind. Every second when left out. */
  readonly lookEveryMs?: number;
}

/** Longest a round may take. */
export const roundMs = 10_000;
/** How long beyond a round a slot is its claimer's. Whoever dies during a round keeps the others from it no longer. */
const leaseMarginMs = 2_000;
/** A round that failed is repeated so soon, unless its next slot is sooner. */
const afterFailureMs = 10_000;
/** How soon slots are armed again that a store out of reach did not take. */
const armAgainMs = 2_000;
/** What a timer of this machine can wait at the most. */
const longestTimerMs = 2 ** 31 - 1;
/** A slot that this release does not know is left to a replica that does. */
const unknownMs = 30_000;

/**
 * Runs the slots. Each is one item of a queue: whichever replica claims it when it is due runs its round, and the commit
 * that ends the round makes it due again. A slot that was missed, because nobody ran, is made up for once.
 */
export function startSchedule(ports: SchedulePorts): Schedule {
  const { store, log, slots } = ports;
  const timers = new Timers();
  const worker = startQueueWorker({
    queue: scheduleQueue,
    store,
    log,
    leaseMs: (ports.roundMs ?? roundMs) + leaseMarginMs,
    // A round that hangs keeps no other slot waiting.
    parallel: 2 * slots.length + 1,
    everyMs: ports.lookEveryMs ?? 1_000,
    async handle(item) {
      const { dueAt, now } = await runRound(ports, item);
      // The worker looks by itself only now and then: a slot of ours is begun when it is due.
      timers.after(dueAt - now, () => worker.wake());
      return undefined;
    },
  });
  const arm = async (): Promise<void> => {
    try {
      for (const slot of slots) await armSlot(store, { id: slot.id, everyMs: slot.everyMs() });
    } catch (error) {
      log.error("the schedule could not be set up and is tried again", { error });
      timers.after(armAgainMs, () => void arm());
    }
    worker.wake();
  };
  const armed = arm();
  return {
    rearm: arm,
    async stop() {
      timers.end();
      await armed;
      await worker.stop();
    },
  };
}

/** Things to do later, unless it is over by then. None of them keeps the process. */
class Timers {
  readonly #waiting = new Set<NodeJS.Timeout>();
  #isOver = false;

  after(ms: number, work: () => void): void {
    if (this.#isOver) return;
    const timer = setTimeout(
      () => {
        this.#waiting.delete(timer);
        work();
      },
      Math.min(Math.max(0, ms), longestTimerMs),
    ).unref();
    this.#waiting.add(timer);
  }

  end(): void {
    this.#isOver = true;
    for (const timer of this.#waiting) clearTimeout(timer);
  }
}

/** Runs what is due of one slot. Answers when the slot is due next, by the store's clock. */
async function runRound(ports: SchedulePorts, item: Claimed): Promise<{ dueAt: number; now: number }> {
  const { store, log, slots } = ports;
  const slot = slots.find((each) => each.id === item.id);
  const everyMs = (await readSlot(store, item.id))?.record?.everyMs ?? unknownMs;
  const round = slot ? await attempt(slot, ports) : undefined;
  const now = await store.now();
  const dueAt = dueAfter(round, { known: slot !== undefined, everyMs, now });
  if (!(await endRound(store, item, { ...(round?.write && { write: round.write }), dueAt })))
    log.info("a round took so long that its slot is another's", { slot: item.id });
  return { dueAt, now };
}

function dueAfter(
  round: Round | undefined,
  slot: { readonly known: boolean; readonly everyMs: number; readonly now: number },
): number {
  const { known, everyMs, now } = slot;
  if (!known) return now + unknownMs;
  if (round?.more) return now;
  if (round?.tooSoonMs !== undefined) return now + round.tooSoonMs;
  return round ? nextSlotAt(now, everyMs) : Math.min(nextSlotAt(now, everyMs), now + afterFailureMs);
}

/** Undefined when the round failed or did not end: it is then repeated. */
async function attempt(slot: ScheduleSlot, ports: SchedulePorts): Promise<Round | undefined> {
  const withinMs = ports.roundMs ?? roundMs;
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`it did not end within ${withinMs / 1_000} s`)), withinMs);
  try {
    return await Promise.race([slot.run(), promise]);
  } catch (error) {
    ports.log.warn("a round of periodic work failed and is repeated", { slot: slot.id, error });
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
