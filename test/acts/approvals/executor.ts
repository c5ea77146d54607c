import { onTestFinished } from "vitest";
import type { Operation } from "../../../src/domain/systems/operation.ts";
import type { StepRunner } from "../../../src/domain/systems/steps.ts";
import type { System } from "../../../src/domain/systems/system.ts";
import { createStepRunner } from "../../../src/integrations/steps.ts";
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
  return { ports, sent, lookedUp };
}

/** Starts the executor's workers, as one process does; they stop with the test or when they are told to. */
export function startExecutor({ ports }: Executor): { readonly stop: () => Promise<void> } {
  const workers = urgencies.map((urgency) => startRunWorker(ports, urgency));
  const stop = async (): Promise<void> => {
    await Promise.all(workers.map((worker) => worker.stop()));
  };
  onTestFinished(stop);
  return { stop };
}
