import { expect, it } from "vitest";
import { claimRun } from "../../src/acts/approvals/claim-run.ts";
import { recordEnd, recordStart } from "../../src/acts/approvals/record-run.ts";
import { takeOverRuns } from "../../src/acts/approvals/take-over-runs.ts";
import { unsettleable } from "../../src/domain/approvals/settle-rules.ts";
import type { StepEnd } from "../../src/domain/systems/steps.ts";
import { executorOn, startExecutor } from "../acts/approvals/executor.ts";
import { createBench } from "../acts/approvals/request-bench.ts";
import { policy } from "../domain/approvals/request-fixtures.ts";
import { OperationFile, planner } from "../fakes/backends.ts";

const patience = { timeout: 60_000 };
const post = (id: string) => ({ id, title: id, http: { method: "POST", url: `http://127.0.0.1:1/${id}` } });
const written = { summary: "x", risk: "destructive", steps: [post("first"), post("second")] };
const restart = OperationFile.parse(written);
/** The file says how long the target may be at it. */
const patient = OperationFile.parse({ ...written, hardDeadlineMs: 600_000 });
const stop = OperationFile.parse({
  summary: "x",
  risk: "change",
  direction: "reduces",
  urgent: true,
  steps: [post("first")],
});
const nothing: StepEnd = { outcome: "unknown", detail: "nobody can tell" };

/** A process that claimed a run, came so far, and is gone with whatever it had taken from the queue. */
async function leftAt(
  how: "patient-out" | "approved" | "claimed" | "first-out" | "first-done" | "stop-out" | "stop-refused",
) {
  const bench = await createBench(policy());
  const [name, operation] = how.startsWith("stop")
    ? (["stop", stop] as const)
    : how === "patient-out"
      ? (["patient", patient] as const)
      : (["restart", restart] as const);
  const { risk, direction, urgent } = operation;
  const plan = planner.plan(operation, {});
  const asked = await bench.ask("ana", { operation: name, risk, direction, ...(urgent && { urgent }), plan });
  const { id } = asked.request;
  if (!how.startsWith("stop")) await bench.decide("approve", "boris", asked);
  for (const queue of ["runs", "runs/urgent"]) await bench.store.claim(queue, { leaseMs: 30_000, limit: 10 });
  if (how !== "approved") {
    const by = { id, owner: "gone", check: { drift: [] }, directory: bench.directory };
    const claimed = await claimRun(bench.store, by);
    const at = { id, owner: "gone", fence: claimed.claimed ? claimed.fence : 0, step: "first" };
    if (how !== "claimed") await recordStart(bench.store, { ...at, budgetMs: 10_000 });
    const no = { outcome: "refused", detail: "connection refused" } as const;
    if (how === "stop-refused") await recordEnd(bench.store, { ...at, outcome: no });
    if (how === "first-done") await recordEnd(bench.store, { ...at, outcome: { outcome: "done", detail: "" } });
  }
  const said: { probe: StepEnd } = { probe: nothing };
  const executor = executorOn(
    bench,
    { restart, patient, stop },
    { owner: "next", steps: { probe: async () => said.probe } },
  );
  return {
    ...executor,
    bench,
    said,
    steps: () => executor.sent.map((key) => key.replace(/^.*-/, "")),
    read: async () => bench.now(asked),
    state: async () => (await bench.now(asked)).request.state,
  };
}

it.each([
  ["approved", ["first", "second"], 0],
  ["claimed", ["first", "second"], 1],
  ["first-done", ["second"], 1],
  ["stop-out", ["first"], 1],
  ["stop-refused", ["first"], 1],
] as const)(
  "what a dead process left %s goes on at once where nobody else can be at it",
  async (how, steps, underWay) => {
    const left = await leftAt(how);
    expect(await takeOverRuns(left.bench.store)).toEqual({ count: underWay, unreadable: [] });
    startExecutor(left);
    await expect.poll(left.state, patience).toBe("SUCCEEDED");
    expect(left.steps()).toEqual(steps);
  },
);

it("what a dead process had sent is looked up at once, and believed at once where it was done", async () => {
  const left = await leftAt("first-out");
  await takeOverRuns(left.bench.store);
  left.said.probe = { outcome: "done", detail: "the target confirms it by its key" };
  startExecutor(left);
  // The second step was never sent, and nothing is sent on behalf of a run that was lost.
  await expect.poll(left.state, patience).toBe("PARTIAL");
  expect([left.lookedUp.length, left.steps()]).toEqual([1, []]);
});

it("that what a dead process had sent never came is believed only once its step can no longer act", async () => {
  const left = await leftAt("first-out");
  await takeOverRuns(left.bench.store);
  left.said.probe = { outcome: "refused", detail: "the target says that it never arrived" };
  startExecutor(left);
  await expect.poll(() => left.lookedUp.length, patience).toBe(1);
  await expect.poll(left.state, patience).toBe("UNKNOWN");
  left.bench.clock.now += 10_000;
  await expect.poll(() => left.lookedUp.length, patience).toBe(2);
  expect(await left.state()).toBe("UNKNOWN");
  left.bench.clock.now += 5_000;
  await expect.poll(left.state, patience).toBe("FAILED");
});

it("that what a dead process had sent never came is believed no earlier than the file of its system says", async () => {
  const left = await leftAt("patient-out");
  await takeOverRuns(left.bench.store);
  left.said.probe = { outcome: "refused", detail: "the target says that it never arrived" };
  startExecutor(left);
  await expect.poll(() => left.lookedUp.length, patience).toBe(1);
  left.bench.clock.now += 20_000;
  await expect.poll(() => left.lookedUp.length, patience).toBeGreaterThan(1);
  expect(await left.state()).toBe("UNKNOWN");
  const read = await left.read();
  expect(unsettleable(read, { now: left.bench.clock.now, when: String })).toMatch("Somebody may still be acting");
  left.bench.clock.now += 600_000;
  await expect.poll(left.state, patience).toBe("FAILED");
});

it("what was done is believed at once, however long the file of its system says that it may take", async () => {
  const left = await leftAt("patient-out");
  await takeOverRuns(left.bench.store);
  left.said.probe = { outcome: "done", detail: "the target confirms it by its key" };
  startExecutor(left);
  await expect.poll(left.state, patience).toBe("PARTIAL");
});
