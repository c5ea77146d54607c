import { expect, it } from "vitest";
import { requestCard } from "../../src/cards/request.ts";
import type { StepOutcome } from "../../src/domain/systems/steps.ts";
import { shownRequest } from "../../src/reads/shown-request.ts";
import { lockKey } from "../../src/records/lock.ts";
import type { ReadRequest } from "../../src/records/request.ts";
import { executorOn, startExecutor } from "../acts/approvals/executor.ts";
import { type Bench, createBench } from "../acts/approvals/request-bench.ts";
import { flattenPlan, policy } from "../domain/approvals/request-fixtures.ts";
import { OperationFile, planner } from "../fakes/backends.ts";

const patience = { timeout: 60_000 };
const post = (id: string) => ({ id, title: `Do ${id}`, http: { method: "POST", url: `http://127.0.0.1:1/${id}` } });
const rollout = OperationFile.parse({
  summary: "Roll out",
  risk: "change",
  targets: ["service/api"],
  steps: [post("first"), post("second")],
});

async function cardOf(bench: Bench, asked: ReadRequest): Promise<string> {
  return JSON.stringify(requestCard(await shownRequest(bench.store, await bench.now(asked))));
}

/** A change under way that holds `service/api`, whose second step ends when it is told to. */
async function held(bench: Bench) {
  const second = Promise.withResolvers<StepOutcome>();
  const run = (step: { readonly id: string }): Promise<StepOutcome> =>
    step.id === "second" ? second.promise : Promise.resolve({ outcome: "done", detail: "" });
  const probe = async () => ({ outcome: "unknown", detail: "" }) as const;
  startExecutor(executorOn(bench, { rollout }, { steps: { run, probe } }));
  const holder = await bench.ask("ana", {
    operation: "rollout",
    risk: "change",
    direction: "neutral",
    plan: planner.plan(rollout, {}),
  });
  const step = async () => (await bench.now(holder)).run?.steps.find(({ id }) => id === "second")?.state;
  await expect.poll(step, patience).toBe("started");
  return { holder, end: second.resolve };
}

it("who decides is told before the yes for whose run it would wait, how far that is and since when, until it is over", async () => {
  const bench = await createBench(policy());
  const before = await bench.ask("ana");
  expect(await cardOf(bench, before)).not.toContain("Approved now");
  const { holder, end } = await held(bench);
  const { code, stateAt } = (await bench.now(holder)).request;
  const words = `Approved now, it would wait for request ${code} (rollout, running), which holds service/api of alphapulse. That is at step 2 of 2, Do second.`;
  expect(await cardOf(bench, before)).toContain(words);
  expect(await cardOf(bench, before)).toContain(
    JSON.stringify({ kind: "moment", label: `${code} stands so since`, at: stateAt }),
  );
  const apart = await bench.ask("ana", { plan: { ...flattenPlan, targets: ["service/db"] }, arguments: { of: "db" } });
  expect(await cardOf(bench, apart)).not.toContain("Approved now");
  const urgent = { operation: "halt", risk: "change", direction: "reduces", urgent: true } as const;
  expect(await cardOf(bench, await bench.ask("ana", urgent))).not.toContain("Approved now");
  end({ outcome: "refused", detail: "no room" });
  await expect
    .poll(() => cardOf(bench, before), patience)
    .toContain(`It is over once two people who looked say how it ended: confirm settle ${code} succeeded or failed`);
  await bench.decide("deny", "boris", before);
  expect(await cardOf(bench, before)).not.toContain("Approved now");
});

it("what nobody can read of a lock is said as that, and of many holders their number", async () => {
  const bench = await createBench(policy());
  const asked = await bench.ask("ana");
  const read = await bench.now(asked);
  const holders = Array.from({ length: 5 }, () => ({
    ...read,
    request: { ...read.request, state: "EXECUTING" as const },
  }));
  const card = JSON.stringify(requestCard({ ...read, behind: { holders, unread: false } }));
  expect(card.match(/stands so since/g)).toHaveLength(3);
  expect(card).toContain("It would wait for 2 more requests, too: confirm list");
  await bench.store.commit({ id: "torn", put: [{ key: lockKey("alphapulse"), value: "torn" }] });
  expect(await cardOf(bench, asked)).toContain(
    "What holds alphapulse cannot be read: approved now, it would wait until it can.",
  );
});
