import { expect, it } from "vitest";
import type { Identity } from "../../src/domain/systems/health.ts";
import type { Operation } from "../../src/domain/systems/operation.ts";
import type { StepOutcome } from "../../src/domain/systems/steps.ts";
import { type Executor, executorOn, startExecutor } from "../acts/approvals/executor.ts";
import { createBench } from "../acts/approvals/request-bench.ts";
import { OperationFile, planner } from "../fakes/backends.ts";

const patience = { timeout: 60_000 };
const lost: StepOutcome = { outcome: "unknown", detail: "the connection broke" };
const conflict: StepOutcome = { outcome: "refused", detail: "answered 409" };
const act = { id: "act", title: "Act", http: { method: "POST", url: "http://127.0.0.1:1/act" } };

function operation(steps: readonly object[]): Operation {
  return OperationFile.parse({ summary: "Try", risk: "destructive", direction: "reduces", steps });
}

/** Asks for an operation, has it approved and carried out, and tells how it ended. */
async function ended(written: Operation, how: NonNullable<Parameters<typeof executorOn>[2]>) {
  const bench = await createBench();
  const executor: Executor = executorOn(bench, { flatten: written }, how);
  const asked = await bench.ask("ana", { plan: planner.plan(written, {}) });
  await bench.decide("approve", "boris", asked);
  const { stop } = startExecutor(executor);
  const now = async () => (await bench.now(asked)).request;
  await expect.poll(async () => (await now()).state, patience).toMatch(/FAILED|PARTIAL|UNKNOWN|SUCCEEDED/);
  return { bench, executor, asked, stop, now };
}

it.each([
  ["note", { id: "note", title: "Tell the desk", note: "Done by hand" }],
  [
    "watch",
    { id: "watch", title: "Quiet", watch: { json: { url: "http://127.0.0.1:1/x", path: "/x" }, is: "value == []" } },
  ],
])("a %s before a step that was refused is no effect: it failed, and the target is free", async (id, before) => {
  const written = operation([before, act]);
  const run = async ({ id: step }: { readonly id: string }): Promise<StepOutcome> =>
    step === id ? { outcome: "done", detail: "" } : conflict;
  const { now, bench, stop } = await ended(written, { steps: { run } });
  expect(await now()).toMatchObject({ state: "FAILED", why: "Act: answered 409. Nothing was changed." });
  await stop();
  const again = await bench.ask("ana", { operation: "other", plan: planner.plan(operation([act]), {}) });
  await bench.decide("approve", "boris", again);
  startExecutor(executorOn(bench, { other: operation([act]) }));
  await expect.poll(async () => (await bench.now(again)).request.state, patience).toBe("SUCCEEDED");
});

it.each([
  { is: "contradicted", why: "it says market-ml" },
  { is: "unread", why: "nobody answers" },
] as const)(
  "a target that proves to be another, or nobody ($is), is not believed when it is looked up",
  async (doubt) => {
    let identity: Identity = { is: "proven" };
    const written = operation([act]);
    const { now, bench, executor, asked } = await ended(written, {
      steps: {
        run: async () => {
          identity = doubt;
          return lost;
        },
        probe: async () => ({ outcome: "refused", detail: "the target says it never arrived" }),
      },
      systems: { health: { identify: async () => identity, check: () => Promise.reject(new Error("not asked")) } },
    });
    const probes = async () => (await bench.now(asked)).run?.probes ?? 0;
    bench.clock.now += 200_000;
    await expect.poll(probes, patience).toBeGreaterThan(0);
    expect((await now()).state).toBe("UNKNOWN");
    expect(executor.lookedUp).toEqual([]);
    expect(JSON.stringify((await bench.now(asked)).run?.steps)).toContain(
      `could not prove that it is itself: ${doubt.why}`,
    );
    // Once it is itself again, its word counts.
    identity = { is: "proven" };
    bench.clock.now += 700_000;
    await expect.poll(async () => (await now()).state, patience).toBe("FAILED");
  },
);

it("who looks a lost answer up is told how long ago the step was begun, right then and ever after", async () => {
  const ages: (number | undefined)[] = [];
  const written = operation([act]);
  const bench = await createBench();
  const executor = executorOn(
    bench,
    { flatten: written },
    {
      steps: {
        run: async () => {
          bench.clock.now += 5_000;
          return lost;
        },
        probe: async (_step, _key, elapsedMs) => {
          ages.push(elapsedMs);
          return lost;
        },
      },
    },
  );
  const asked = await bench.ask("ana", { plan: planner.plan(written, {}) });
  await bench.decide("approve", "boris", asked);
  startExecutor(executor);
  await expect.poll(async () => (await bench.now(asked)).request.state, patience).toBe("UNKNOWN");
  bench.clock.now += 200_000;
  await expect.poll(() => ages.length, patience).toBeGreaterThan(1);
  expect(ages.slice(0, 2)).toEqual([5_000, 205_000]);
});

it("nobody looks a step up while whoever sent it may still be acting", async () => {
  const slow = { ...act, http: { ...act.http, timeoutMs: 60_000 } };
  const written = { ...operation([slow]), hardDeadlineMs: 1_000 };
  let release: (outcome: StepOutcome) => void = () => {};
  const bench = await createBench();
  const run = () => new Promise<StepOutcome>((resolve) => (release = resolve));
  const executor = executorOn(bench, { flatten: written }, { steps: { run } });
  const asked = await bench.ask("ana", { plan: planner.plan(written, {}) });
  await bench.decide("approve", "boris", asked);
  startExecutor(executor);
  await expect.poll(() => executor.sent.length, patience).toBe(1);
  const begun = (await bench.now(asked)).run;
  expect(begun?.hardDeadline).toBeGreaterThanOrEqual(begun?.leaseUntil ?? Number.POSITIVE_INFINITY);
  release({ outcome: "done", detail: "" });
  await expect.poll(async () => (await bench.now(asked)).request.state, patience).toBe("SUCCEEDED");
});

it("what another system answers on the port is no verification, and counts once the system has proven itself", async () => {
  const proven: Identity = { is: "proven" };
  // At the plan's check and before the act, then at the readings: another answers first, and then the system itself again.
  const says: Identity[] = [proven, proven, { is: "contradicted", why: "it says market-ml" }];
  let last: Identity["is"] = "proven";
  const identify = async (): Promise<Identity> => {
    const said = says.shift() ?? proven;
    last = said.is;
    return said;
  };
  const health = { identify, check: () => Promise.reject(new Error("not asked")) };
  const watch = { json: { url: "http://127.0.0.1:1/x", path: "/x" }, is: "value == []" };
  const { steps } = operation([act]);
  const { verify } = OperationFile.parse({
    summary: "Flat",
    risk: "change",
    steps: [{ id: "told", title: "Told", note: "told" }],
    verify: [{ id: "flat", title: "Flat", watch }],
  });
  const written = { ...operation([act]), steps, verify };
  const bench = await createBench();
  const executor = executorOn(bench, { flatten: written }, { systems: { health } });
  const asked = await bench.ask("ana", { plan: planner.plan(written, {}) });
  await bench.decide("approve", "boris", asked);
  startExecutor(executor);
  const reads = () => executor.sent.filter((key) => key.endsWith("-flat")).length;
  await expect.poll(reads, patience).toBe(1);
  await expect.poll(() => last, patience).toBe("contradicted");
  expect((await bench.now(asked)).request.state).toBe("EXECUTING");
  bench.clock.now += 1_500;
  await expect.poll(async () => (await bench.now(asked)).request.state, patience).toBe("SUCCEEDED");
  expect(reads()).toBe(2);
});
