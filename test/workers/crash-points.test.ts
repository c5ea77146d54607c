import { expect, it } from "vitest";
import { takeOverRuns } from "../../src/acts/approvals/take-over-runs.ts";
import type { Store } from "../../src/domain/store.ts";
import type { Operation } from "../../src/domain/systems/operation.ts";
import type { StepRunner } from "../../src/domain/systems/steps.ts";
import { lockKey, parseLock } from "../../src/records/lock.ts";
import { executorOn, startExecutor } from "../acts/approvals/executor.ts";
import { type Bench, createBench } from "../acts/approvals/request-bench.ts";
import { policy } from "../domain/approvals/request-fixtures.ts";
import { OperationFile, planner } from "../fakes/backends.ts";

// A process dies at each commit of a run in turn, before it is written down or right after. Whatever was out then was sent.

const patience = { timeout: 60_000, interval: 20 };
const post = (id: string) => ({ id, title: id, http: { method: "POST", url: `http://127.0.0.1:1/${id}` } });
const wait = (id: string) => ({
  id,
  title: id,
  watch: { json: { url: "http://127.0.0.1:1/m", path: "/x" }, is: "value == 0", every: "1s", within: "20s" },
});
const restart = OperationFile.parse({
  summary: "x",
  risk: "destructive",
  steps: [post("first"), wait("drained"), post("second")],
  verify: [wait("up")],
});
const stop = OperationFile.parse({
  summary: "x",
  risk: "change",
  direction: "reduces",
  permission: "stop",
  urgent: true,
  steps: [post("halt")],
  verify: [wait("latched")],
});

/** The store as a process has it that dies at a commit: nothing of it is heard from then on. */
function mortal(
  store: Store,
  dies: { readonly at: number; readonly written: boolean },
): { store: Store; dead: () => boolean } {
  let commits = 0;
  const dead = () => commits > dies.at;
  const guarded = <Given extends unknown[], Answer>(method: (...given: Given) => Promise<Answer>) => {
    return async (...given: Given): Promise<Answer> => {
      if (dead()) throw new Error("this process is gone");
      return method(...given);
    };
  };
  const commit: Store["commit"] = async (change) => {
    if (dead()) throw new Error("this process is gone");
    commits += 1;
    if (!dead()) return store.commit(change);
    if (dies.written) await store.commit(change);
    throw new Error("this process is gone");
  };
  return {
    dead,
    store: {
      commit,
      epoch: () => store.epoch(),
      close: () => store.close(),
      owed: (queue) => store.owed(queue),
      journal: (range) => store.journal(range),
      head: () => store.head(),
      read: guarded((keys: readonly string[]) => store.read(keys)),
      list: guarded((...given: Parameters<Store["list"]>) => store.list(...given)),
      claim: guarded((...given: Parameters<Store["claim"]>) => store.claim(...given)),
      now: guarded(() => store.now()),
    },
  };
}

/** A target that did what it was sent, and says truly what that was. */
function target() {
  const effects: string[] = [];
  const looks = new Set<string>();
  const steps: Pick<StepRunner, "run" | "probe"> = {
    run: async ({ id, kind }, { key }) => {
      if (kind === "http") effects.push(id);
      if (kind === "http" || looks.has(key)) return { outcome: "done", detail: "done" };
      looks.add(key);
      return { outcome: "waiting", detail: "not yet", progress: 0, againInMs: 500 };
    },
    probe: async ({ id, kind }) =>
      kind !== "http" || effects.includes(id)
        ? { outcome: "done", detail: "it was" }
        : { outcome: "refused", detail: "it never arrived" },
  };
  return { effects, steps };
}

/** When and how the process dies, and whether another was at work beside it or starts only then. */
interface Death {
  readonly at: number;
  readonly written: boolean;
  readonly beside: boolean;
}

/** Runs to the end what one process began and, once that has died, another goes on with. */
async function runThroughDeath(name: string, operation: Operation, dies: Death) {
  const channels = policy().channels.map((each) => ({ ...each, allow: [...each.allow, "stop" as const] }));
  const bench: Bench = await createBench(policy({ channels }));
  const { risk, direction, permission, urgent } = operation;
  const plan = planner.plan(operation, {});
  const asked = await bench.ask(urgent ? "chen" : "ana", {
    operation: name,
    risk,
    direction,
    permission,
    plan,
    ...(urgent && { urgent }),
  });
  if (!urgent) await bench.decide("approve", "boris", asked);
  const { effects, steps } = target();
  const { store, dead } = mortal(bench.store, dies);
  const operations = { [name]: operation };
  const over = async () => !/APPROVED|EXECUTING|UNKNOWN/.test((await bench.now(asked)).request.state);
  const passes = (holds: () => Promise<boolean>) =>
    expect
      .poll(async () => {
        bench.clock.now += 500;
        return holds();
      }, patience)
      .toBe(true);
  const first = startExecutor(executorOn(bench, operations, { owner: "first", steps, store }));
  const next = executorOn(bench, operations, { owner: "next", steps });
  if (dies.beside) startExecutor(next);
  await passes(async () => dead() || over());
  await first.stop();
  if (!dies.beside) {
    await takeOverRuns(bench.store);
    startExecutor(next);
  }
  await passes(over);
  const [lock] = await bench.store.read([lockKey("alphapulse")]);
  const { state } = (await bench.now(asked)).request;
  return { state, effects, held: (parseLock(lock)?.holders ?? []).length };
}

/** Each of so many commits, before and after it is written down, with another at work and without. */
function pointsOf(commits: number): Death[] {
  const all = Array.from({ length: commits }, (_, at) => at);
  return [false, true].flatMap((written) =>
    [false, true].flatMap((beside) => all.map((at) => ({ at, written, beside }))),
  );
}

it.each(pointsOf(9))(
  "an operation whose process dies at $at, written $written, another beside it $beside, has each effect at most once",
  async (dies) => {
    const { state, effects, held } = await runThroughDeath("restart", restart, dies);
    expect(effects).toEqual(["first", "second"].slice(0, effects.length));
    expect(state).toBe(["FAILED", "PARTIAL", "SUCCEEDED"][effects.length]);
    expect(held).toBe(state === "PARTIAL" ? 1 : 0);
  },
);

it.each(pointsOf(5))(
  "a stop whose process dies at $at, written $written, another beside it $beside, is sent and read back",
  async (dies) => {
    const { state, effects } = await runThroughDeath("stop", stop, dies);
    expect(new Set(effects)).toEqual(new Set(["halt"]));
    expect(state).toBe("SUCCEEDED");
  },
);
