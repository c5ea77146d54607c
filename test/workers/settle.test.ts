import { expect, it } from "vitest";
import { settleAct } from "../../src/acts/approvals/settle-request.ts";
import { stepKey } from "../../src/domain/approvals/request.ts";
import type { StepOutcome } from "../../src/domain/systems/steps.ts";
import { executorOn, startExecutor } from "../acts/approvals/executor.ts";
import { createBench } from "../acts/approvals/request-bench.ts";
import { flatten } from "../domain/approvals/request-fixtures.ts";

const { precondition: _, ...unconditional } = flatten;
const patience = { timeout: 30_000 };

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
  const act = settleAct(bench.store);
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
