import { expect, it, onTestFinished } from "vitest";
import { openFollowUp } from "../../../src/acts/approvals/open-follow-up.ts";
import type { StepOutcome } from "../../../src/domain/systems/steps.ts";
import type { ReadRequest } from "../../../src/records/request.ts";
import { policy } from "../../domain/approvals/request-fixtures.ts";
import { OperationFile, planner } from "../../fakes/backends.ts";
import { executorOn, startExecutor } from "./executor.ts";
import { type Bench, createBench } from "./request-bench.ts";

const patience = { timeout: 60_000 };
const common = { summary: "x", risk: "change", targets: ["nothing"], arguments: {} };
const watching = { id: "quiet", title: "x", watch: { json: { url: "http://127.0.0.1:1/" }, is: "true" } };
const operations = {
  roll: OperationFile.parse({
    ...common,
    targets: ["api"],
    followUp: { operation: "see", once: "done" },
    steps: [{ id: "roll", title: "x", http: { method: "POST", url: "http://127.0.0.1:1/roll" } }],
  }),
  see: OperationFile.parse({ ...common, steps: [watching] }),
};

async function asked(bench: Bench, operation: keyof typeof operations): Promise<ReadRequest> {
  const plan = planner.plan(operations[operation], {});
  const kind = { risk: "change", direction: "neutral" } as const;
  const made = await bench.ask("ana", { operation, plan, ...kind });
  if (made.request.state === "PENDING") await bench.decide("approve", "boris", made);
  return made;
}

/** The watches are under way until the test ends; everything else is done at once. */
function watcherOn(bench: Bench) {
  const ended = Promise.withResolvers<StepOutcome>();
  const done: StepOutcome = { outcome: "done", detail: "" };
  const steps = {
    run: ({ id }: { readonly id: string }) => (id === "quiet" ? ended.promise : Promise.resolve(done)),
  };
  const executor = executorOn(bench, operations, { steps });
  return { executor, end: () => ended.resolve(done) };
}

it("what follows a release is not a watch of the same that began before it", async () => {
  const bench = await createBench(policy());
  const { executor, end } = watcherOn(bench);
  startExecutor(executor);
  // What is under way is waited for before a worker stops.
  onTestFinished(end);
  const before = await asked(bench, "see");
  await expect.poll(async () => (await bench.now(before)).request.state, patience).toBe("EXECUTING");
  bench.clock.now += 1_000;
  const rolled = await asked(bench, "roll");
  const told = async () => (await bench.now(rolled)).request.followUp;
  await expect.poll(told, patience).toMatch(/^It is followed by request [0-9A-F]{6} \(see\)\.$/);
  expect(await told()).not.toContain(before.request.code);
});

it("what waited to follow a release anyway follows it, and is not asked for twice", async () => {
  const bench = await createBench(policy());
  const { ports } = watcherOn(bench).executor;
  const plan = planner.plan(operations.see, {});
  const waits = await bench.ask("ana", { operation: "see", plan, risk: "change", direction: "neutral" });
  const rolled = await bench.ask("ana", {
    operation: "roll",
    plan: planner.plan(operations.roll, {}),
    risk: "change",
    direction: "neutral",
  });
  bench.clock.now += 1_000;
  await openFollowUp(ports, rolled.request.id);
  expect((await bench.now(rolled)).request.followUp).toContain(waits.request.code);
});
