import { expect, onTestFinished } from "vitest";
import type { Operation } from "../../../src/domain/systems/operation.ts";
import type { StepRunner } from "../../../src/domain/systems/steps.ts";
import type { System } from "../../../src/domain/systems/system.ts";
import { createStepRunner } from "../../../src/integrations/steps.ts";
import { runQueues } from "../../../src/records/request.ts";
import type { QueueWorker } from "../../../src/workers/queue-worker.ts";
import { type RunPorts, startRunWorker, urgencies } from "../../../src/workers/run.ts";
import { backends, planner } from "../../fakes/backends.ts";
import { quiet } from "../../stories/room.ts";
import { alphapulse, type Bench } from "./request-bench.ts";

const kinds = createStepRunner(backends);
const done = { outcome: "done", detail: "done" } as const;

/** An executor's ports on a bench: every system is itself, and steps are written down instead of being sent. */
export interface Executor {
  readonly ports: RunPorts;
  /** The idempotency keys of what was sent and read, in order. */
  readonly sent: string[];
  /** The same of what was looked up afterwards. */
  readonly lookedUp: string[];
  /** The workers that were started on it. */
  readonly workers: QueueWorker[];
}

export function executorOn(
  bench: Bench,
  operations: Readonly<Record<string, Operation>>,
  how: {
    readonly owner?: string;
    readonly steps?: Partial<StepRunner>;
    readonly systems?: Partial<RunPorts["systems"]>;
    readonly store?: RunPorts["store"];
  } = {},
): Executor {
  const sent: string[] = [];
  const lookedUp: string[] = [];
  const systemOf = (id: string): System => ({ ...alphapulse, id, operations: { ...operations } });
  const reading = { ok: true as const, at: bench.clock.now, latencyMs: 1 };
  const { run = async () => done, probe = async () => done } = how.steps ?? {};
  const ports: RunPorts = {
    store: how.store ?? bench.store,
    log: quiet,
    meter: { count() {}, gauge() {}, observe() {} },
    systems: {
      all: () => [systemOf("alphapulse")],
      find: systemOf,
      health: { identify: async () => ({ is: "proven" }), check: () => Promise.reject(new Error("not asked")) },
      portfolios: { read: async () => ({ ...reading, value: { positions: [], totals: [], currency: "USD" } }) },
      lists: { read: () => Promise.reject(new Error("not asked")) },
      reads: { read: () => Promise.reject(new Error("not asked")) },
      planner,
      rehearsals: { refusalOf: async () => undefined },
      ...how.systems,
    },
    steps: {
      run(step, call) {
        sent.push(call.key);
        return run(step, call);
      },
      probe(step, key, elapsedMs) {
        lookedUp.push(key);
        return probe(step, key, elapsedMs);
      },
      canProbe: () => false,
      does: (step) => kinds.does(step),
    },
    directory: bench.directory,
    owner: how.owner ?? "w1",
  };
  return { ports, sent, lookedUp, workers: [] };
}

/** Nothing that is due waits for a worker; what is under way is not due before its lease ends. */
async function isIdle({ store, clock }: Bench): Promise<boolean> {
  const owed = await Promise.all(Object.values(runQueues).map((queue) => store.owed(queue)));
  return owed.every(({ oldestDue = Number.POSITIVE_INFINITY }) => oldestDue > clock.now);
}

/**
 * Lets the bench's time go on until something holds. It stands still while work that is due has not been taken up: how busy the
 * machine is must not decide which deadline passes first.
 */
export async function goOnUntil(
  bench: Bench,
  { workers }: Pick<Executor, "workers">,
  holds: () => Promise<boolean> | boolean,
): Promise<void> {
  const goesOn = async () => {
    if (await holds()) return true;
    if (await isIdle(bench)) bench.clock.now += 1_000;
    for (const worker of workers) worker.wake();
    return false;
  };
  await expect.poll(goesOn, { timeout: 60_000, interval: 20 }).toBe(true);
}

/** Starts the executor's workers, as one process does; they stop with the test or when they are told to. */
export function startExecutor({ ports, workers }: Executor): { readonly stop: () => Promise<void> } {
  const started = urgencies.map((urgency) => startRunWorker(ports, urgency));
  workers.push(...started);
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((worker) => worker.stop()));
  };
  onTestFinished(stop);
  return { stop };
}
