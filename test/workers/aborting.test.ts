import { expect, it } from "vitest";
import { requestCard } from "../../src/cards/request.ts";
import type { StepOutcome } from "../../src/domain/systems/steps.ts";
import { executorOn, startExecutor } from "../acts/approvals/executor.ts";
import { createBench } from "../acts/approvals/request-bench.ts";
import { policy } from "../domain/approvals/request-fixtures.ts";
import { OperationFile, planner } from "../fakes/backends.ts";

// Whoever approved ends the wait of what runs; what is in the middle of a change is never interrupted.

const patience = { timeout: 60_000 };
const post = (id: string) => ({ id, title: `Do ${id}`, http: { method: "POST", url: `http://127.0.0.1:1/${id}` } });
const watch = { json: { url: "http://127.0.0.1:1/m" }, is: "value.ready == 3", for: "30m", within: "2h" };
const rollout = OperationFile.parse({
  summary: "Roll out",
  risk: "destructive",
  steps: [post("first"), { id: "ready", title: "Ready", watch }, post("second")],
});
const verified = OperationFile.parse({
  summary: "Roll out",
  risk: "change",
  steps: [post("first")],
  verify: [{ id: "ready", title: "Ready", watch }],
});
const waiting: StepOutcome = { outcome: "waiting", detail: "1 of 3 ready", progress: {}, againInMs: 600_000 };

async function waitingRun(operation: typeof rollout, run = async (): Promise<StepOutcome> => waiting) {
  const bench = await createBench(policy());
  const { risk } = operation;
  const asked = await bench.ask("ana", {
    operation: "rollout",
    risk,
    direction: "neutral",
    plan: planner.plan(operation, {}),
  });
  const executor = executorOn(
    bench,
    { rollout: operation },
    {
      steps: {
        run: async (step, call) => (step.kind === "watch" ? run() : { outcome: "done", detail: call.key }),
        probe: async () => ({ outcome: "unknown", detail: "nobody watched it" }),
      },
    },
  );
  const worker = startExecutor(executor);
  if (risk === "destructive") await bench.decide("approve", "boris", asked);
  const step = async (id: string) => (await bench.now(asked)).run?.steps.find((each) => each.id === id);
  return { bench, asked, executor, worker, step };
}

it("the one who approved ends the wait; what was done stays done, what was not is not begun", async () => {
  const { bench, asked, executor, worker, step } = await waitingRun(rollout);
  await expect.poll(async () => (await step("ready"))?.detail, patience).toBe("1 of 3 ready");
  const card = JSON.stringify(requestCard(await bench.now(asked)));
  expect(card).toContain("waiting for 0 s of at most 2 h: 1 of 3 ready");
  expect(card).toContain(`boris can end the wait: confirm abort ${asked.request.code}`);
  expect(card).toContain('"label":"Abort"');
  // Nobody is at it: its process has stopped, and the word of one person is enough all the same.
  await worker.stop();
  await expect(bench.decide("abort", "ana", asked)).rejects.toThrow(
    /Only boris can abort this\. You asked for it, and it destroys/,
  );
  await expect(bench.decide("abort", "chen", asked)).rejects.toThrow("Only boris can abort this");
  await expect(bench.decide("abort", "boris", asked, { channel: "quiet" })).rejects.toThrow(
    /may no longer|not allow|nobody/i,
  );
  const { request, run } = await bench.decide("abort", "boris", asked);
  expect(request).toMatchObject({
    state: "PARTIAL",
    why: "Ready: aborted by boris; last seen: 1 of 3 ready. Earlier steps have taken effect.",
  });
  expect(run?.steps.map(({ state }) => state)).toEqual(["done", "unknown", "planned"]);
  expect(JSON.stringify(requestCard(await bench.now(asked)))).toContain(
    "Do second (POST http://127.0.0.1:1/second), not begun",
  );
  startExecutor({ ...executor, ports: { ...executor.ports, owner: "w2" } });
  await expect(bench.decide("abort", "boris", asked)).rejects.toThrow("That no longer applies");
  expect(executor.sent.some((key) => key.endsWith("second"))).toBe(false);
  const journal = await bench.store.journal({ limit: 100 });
  expect(JSON.stringify(journal)).toContain("request.aborted");
});

it("of a change whoever asked may end the check, and its outcome is then not known", async () => {
  const { bench, asked, step } = await waitingRun(verified);
  await expect.poll(async () => (await step("ready"))?.detail, patience).toBe("1 of 3 ready");
  await expect(bench.decide("abort", "boris", asked)).rejects.toThrow("Only ana can abort this");
  expect((await bench.decide("abort", "ana", asked)).request).toMatchObject({
    state: "UNKNOWN",
    why: "This was waited for and not seen to be so: Ready. Found: aborted by ana; last seen: 1 of 3 ready.",
  });
});

it("a look that was out when it was aborted counts for nothing", async () => {
  const looked = Promise.withResolvers<StepOutcome>();
  const { bench, asked, executor, step } = await waitingRun(rollout, () => looked.promise);
  await expect.poll(async () => (await step("ready"))?.state, patience).toBe("started");
  await bench.decide("abort", "boris", asked);
  looked.resolve({ outcome: "done", detail: "ready" });
  await expect.poll(() => executor.sent.length, patience).toBe(2);
  expect((await bench.now(asked)).request.state).toBe("PARTIAL");
});

it("what changes something is not interrupted, and what is over has nothing to abort", async () => {
  const sent = Promise.withResolvers<StepOutcome>();
  const bench = await createBench(policy());
  const asked = await bench.ask("ana", {
    operation: "rollout",
    risk: "change",
    direction: "neutral",
    plan: planner.plan(verified, {}),
  });
  startExecutor(executorOn(bench, { rollout: verified }, { steps: { run: () => sent.promise } }));
  await expect.poll(async () => (await bench.now(asked)).run?.steps[0]?.state, patience).toBe("started");
  expect(JSON.stringify(requestCard(await bench.now(asked)))).not.toContain("Abort");
  await expect(bench.decide("abort", "ana", asked)).rejects.toThrow(
    "Do first is under way, and what changes something is not interrupted",
  );
  sent.resolve({ outcome: "done", detail: "done" });
  await expect.poll(async () => (await bench.now(asked)).request.state, patience).toBe("SUCCEEDED");
  await expect(bench.decide("abort", "ana", asked)).rejects.toThrow("That no longer applies: the request is done");
});
