import { expect, it } from "vitest";
import type { Proposal } from "../../src/acts/approvals/open-request.ts";
import { settleAct } from "../../src/acts/approvals/settle-request.ts";
import { stepKey } from "../../src/domain/approvals/request.ts";
import { ownSystem } from "../../src/domain/systems/own-system.ts";
import type { StepEnd, StepOutcome } from "../../src/domain/systems/steps.ts";
import { executorOn, startExecutor } from "../acts/approvals/executor.ts";
import { createBench } from "../acts/approvals/request-bench.ts";
import { fakeSystemPorts } from "../commands/fixtures.ts";
import { flatten } from "../domain/approvals/request-fixtures.ts";
import { OperationFile, planner } from "../fakes/backends.ts";

const { precondition: _, ...unconditional } = flatten;
const patience = { timeout: 60_000 };

it("a target that a lost answer holds is free again once people have settled it, and not by time alone", async () => {
  const bench = await createBench();
  const lost: StepOutcome = { outcome: "unknown", detail: "lost" };
  const executor = executorOn(
    bench,
    { flatten: unconditional },
    { steps: { run: async () => lost, probe: async () => lost } },
  );
  const state = async (id: string) => (await bench.now({ request: { id } })).request.state;
  const first = await bench.ask("ana");
  const { id } = first.request;
  await bench.decide("approve", "boris", first);
  const { stop } = startExecutor(executor);
  await expect.poll(() => state(id), patience).toBe("UNKNOWN");
  await stop();
  bench.clock.now += 86_400_000;
  expect((await bench.ask("ana")).request.id).toBe(id);

  // The settlement that two people agreed to, as its run does it.
  const settlement = await bench.ask("ana", { operation: "note", reason: "nothing is open" });
  await bench.decide("approve", "chen", settlement);
  const act = settleAct({ store: bench.store, systems: () => ({ ...fakeSystemPorts(), find: () => undefined }) });
  const key = stepKey(settlement.request.id, "settle");
  const given = { request: id, outcome: "failed" };
  expect(await act.probe(given, key)).toMatchObject({ outcome: "refused" });
  expect(await act.run(given, key)).toMatchObject({ outcome: "done" });
  expect(await act.run(given, key)).toMatchObject({ outcome: "done" });
  expect(await act.probe(given, key)).toMatchObject({ outcome: "done" });
  expect((await bench.now(first)).request).toMatchObject({
    state: "FAILED",
    why: "Settled as failed by ana and chen. ana saw: nothing is open; chen saw: the card",
  });
  const again = await bench.ask("ana");
  expect(again.request.id).not.toBe(id);
});

it("people settle against what still runs, and it is told that they do", async () => {
  const bench = await createBench();
  const lost: StepOutcome = { outcome: "unknown", detail: "lost" };
  const steps = { run: async () => lost, probe: async () => lost };
  const executor = executorOn(bench, { flatten: unconditional }, { steps });
  const first = await bench.ask("ana");
  const { id } = first.request;
  await bench.decide("approve", "boris", first);
  const { stop } = startExecutor(executor);
  await expect.poll(async () => (await bench.now(first)).request.state, patience).toBe("UNKNOWN");
  await stop();
  bench.clock.now += 86_400_000;
  const settlement = await bench.ask("ana", { operation: "note", reason: "nothing is open" });
  const asked: string[] = [];
  const stillRuns = async (_step: unknown, key: string) => {
    asked.push(key);
    return "what was started for it still runs as process 7";
  };
  const ports = fakeSystemPorts();
  const stepReadings = { ...ports.stepReadings, stillRuns };
  const act = settleAct({ store: bench.store, systems: () => ({ ...ports, stepReadings, find: () => undefined }) });
  await act.run({ request: id, outcome: "failed" }, stepKey(settlement.request.id, "settle"));
  const { sealed, run, request } = await bench.now(first);
  const lostStep = run?.steps.find(({ state }) => state === "unknown");
  expect(asked).toEqual([stepKey(id, lostStep?.id ?? "")]);
  expect(request).toMatchObject({
    state: "FAILED",
    settledAgainst: true,
    why: expect.stringContaining(
      `AGAINST what Wardroom itself read: ${lostStep?.title}: NOT at its end. what was started for it still runs as process 7. `,
    ),
  });
  expect(sealed.plan.steps.length).toBeGreaterThan(0);
});

it("what people say of an outcome is over once it is proven, whoever has agreed, and is not asked for after that", async () => {
  const bench = await createBench();
  let answer: StepEnd = { outcome: "unknown", detail: "lost" };
  const executor = executorOn(
    bench,
    { flatten: unconditional },
    { steps: { run: async () => answer, probe: async () => answer } },
  );
  const state = async (id: string) => (await bench.now({ request: { id } })).request.state;
  const first = await bench.ask("ana");
  const { id, code } = first.request;
  await bench.decide("approve", "boris", first);
  const { stop } = startExecutor(executor);
  await expect.poll(() => state(id), patience).toBe("UNKNOWN");
  const settling = (outcome: string): Partial<Proposal> => ({
    system: ownSystem,
    operation: "settle",
    concerns: "alphapulse",
    arguments: { request: id, code, outcome },
    reason: "nothing is open",
  });
  await expect(bench.ask("ana", settling("failed"))).rejects.toThrow("it can be settled from");
  bench.clock.now += 3_600_000;
  const settlement = await bench.ask("ana", settling("failed"));
  // The contrary is not opened beside it.
  expect((await bench.ask("chen", settling("succeeded"))).request.id).toBe(settlement.request.id);
  answer = { outcome: "done", detail: "it is filled" };
  bench.clock.now += 600_000;
  await expect.poll(() => state(id), patience).toBe("SUCCEEDED");
  await expect.poll(() => state(settlement.request.id), patience).toBe("INVALIDATED");
  await stop();
  expect((await bench.now(settlement)).request.why).toContain(`It is known how ${code} ended: done.`);
  await expect(bench.decide("approve", "chen", settlement)).rejects.toThrow("no longer valid");
  await expect(bench.ask("ana", settling("failed"))).rejects.toThrow("has nothing to settle");
});

it("an outcome is looked up once more as people settle it, and what is proven then ends the settlement", async () => {
  const bench = await createBench();
  const lost: StepOutcome = { outcome: "unknown", detail: "lost" };
  const executor = executorOn(
    bench,
    { flatten: unconditional },
    { steps: { run: async () => lost, probe: async () => lost } },
  );
  const state = async (id: string) => (await bench.now({ request: { id } })).request.state;
  const first = await bench.ask("ana");
  const { id, code } = first.request;
  await bench.decide("approve", "boris", first);
  const { stop } = startExecutor(executor);
  await expect.poll(() => state(id), patience).toBe("UNKNOWN");
  await stop();
  bench.clock.now += 3_600_000;
  const settlement = await bench.ask("ana", { operation: "note", reason: "nothing is open" });
  await bench.decide("approve", "chen", settlement);
  let answer: StepEnd = lost;
  const nothing = async () => undefined;
  const stepReadings = { ...executor.ports.steps, now: nothing, stillRuns: nothing, probe: async () => answer };
  const act = settleAct({ store: bench.store, systems: () => ({ ...executor.ports.systems, stepReadings }) });
  answer = { outcome: "done", detail: "it is filled" };
  const given = { request: id, code, outcome: "failed" };
  expect(await act.run(given, stepKey(settlement.request.id, "settle"))).toMatchObject({
    outcome: "refused",
    detail: expect.stringContaining("has nothing to settle: it is done"),
  });
  expect(await state(id)).toBe("SUCCEEDED");
});

it("what people say of an outcome is over, and is not carried out, once it is found that it stopped half-way", async () => {
  const bench = await createBench();
  let answer: StepEnd = { outcome: "unknown", detail: "lost" };
  const ends = async ({ id }: { readonly id: string }): Promise<StepEnd> =>
    id === "one" ? { outcome: "done", detail: "taken" } : answer;
  const http = { method: "POST", url: "http://127.0.0.1:1/" };
  const both = OperationFile.parse({
    summary: "Both",
    direction: "reduces",
    risk: "destructive",
    steps: ["one", "two"].map((id) => ({ id, title: id, http })),
  });
  const executor = executorOn(bench, { flatten: both }, { steps: { run: ends, probe: ends } });
  const state = async (id: string) => (await bench.now({ request: { id } })).request.state;
  const first = await bench.ask("ana", { plan: planner.plan(both, {}) });
  const { id, code } = first.request;
  await bench.decide("approve", "boris", first);
  const { stop } = startExecutor(executor);
  await expect.poll(() => state(id), patience).toBe("UNKNOWN");
  bench.clock.now += 3_600_000;
  const given = { request: id, code, outcome: "succeeded" };
  const asked = { system: ownSystem, operation: "settle", concerns: "alphapulse", reason: "both were done" };
  const settlement = await bench.ask("ana", { ...asked, arguments: given });
  answer = { outcome: "refused", detail: "409: never taken" };
  bench.clock.now += 600_000;
  await expect.poll(() => state(id), patience).toBe("PARTIAL");
  await expect.poll(() => state(settlement.request.id), patience).toBe("INVALIDATED");
  await stop();
  expect((await bench.now(settlement)).request.why).toContain(`It was found since how ${code} stands`);
  const act = settleAct({ store: bench.store, systems: () => ({ ...fakeSystemPorts(), find: () => undefined }) });
  expect(await act.run(given, stepKey(settlement.request.id, "settle"))).toMatchObject({ outcome: "refused" });
  expect(await state(id)).toBe("PARTIAL");
  // Whoever has looked since may say how it ended.
  const anew = await bench.ask("chen", {
    ...asked,
    arguments: { ...given, outcome: "failed" },
    reason: "two is not there",
  });
  expect(anew.request.state).toBe("PENDING");
});
