import { expect, it } from "vitest";
import { requestCard } from "../../src/cards/request.ts";
import type { PlannedStep } from "../../src/domain/approvals/plan.ts";
import type { StepOutcome, StepValue } from "../../src/domain/systems/steps.ts";
import { executorOn, startExecutor } from "../acts/approvals/executor.ts";
import { createBench } from "../acts/approvals/request-bench.ts";
import { policy } from "../domain/approvals/request-fixtures.ts";
import { OperationFile, planner } from "../fakes/backends.ts";

// A step names what it brings, and later ones name it: approved as a reference, put in place once it is there.

const patience = { timeout: 60_000 };
const at = (path: string) => `http://127.0.0.1:1${path}`;
const clone = OperationFile.parse({
  summary: "Clone and switch",
  risk: "destructive",
  arguments: { name: { type: "text", title: "Name" } },
  steps: [
    {
      id: "create",
      title: "Create it",
      as: "made",
      http: { method: "POST", url: at("/clones"), json: { name: "{name}" } },
    },
    {
      id: "switch",
      title: "Switch to it",
      http: {
        method: "PUT",
        url: at("/clones/{made.id}/live"),
        json: { revision: "{made.revision}", note: "{name} as {made.id}", name: "{name}" },
      },
    },
  ],
  verify: [{ id: "live", title: "It is live", watch: { json: { url: at("/live") }, is: "value.id == made.id" } }],
});

async function runOf(
  brought: StepValue | undefined,
  { name = "blue", probe }: { readonly name?: string; readonly probe?: (step: PlannedStep) => void } = {},
) {
  const bench = await createBench(policy());
  const values = { name };
  const plan = planner.plan(clone, values);
  const asked = await bench.ask("ana", { operation: "clone", direction: "neutral", arguments: values, plan });
  const sent: PlannedStep[] = [];
  const executor = executorOn(
    bench,
    { clone },
    {
      steps: {
        run: async (step): Promise<StepOutcome> => {
          sent.push(step);
          const value = step.as === undefined ? { ignored: true } : brought;
          if (step.id === "switch" && probe) return { outcome: "unknown", detail: "no answer" };
          return { outcome: "done", detail: "ok", ...(value !== undefined && { value }) };
        },
        probe: async (step) => {
          probe?.(step);
          return { outcome: "done", detail: "it took effect" };
        },
      },
    },
  );
  const ended = async () => {
    await expect
      .poll(async () => (await bench.now(asked)).request.state, patience)
      .toMatch(/SUCCEEDED|PARTIAL|FAILED|UNKNOWN/);
    return bench.now(asked);
  };
  return { bench, asked, sent, executor, ended };
}

it("what a step brought is put into the later ones, and the card says beforehand that it comes from there", async () => {
  const { bench, asked, sent, executor, ended } = await runOf({ id: "c/7", revision: 12, more: { deep: [1] } });
  expect(JSON.stringify(requestCard(asked))).toContain('{made} is what \\"Create it\\" brings');
  expect(JSON.parse(asked.request.sealed)).toMatchObject({
    plan: { steps: [{ as: "made" }, { awaits: ["made"], spec: { url: at("/clones/{made.id}/live") } }] },
  });
  startExecutor(executor);
  await bench.decide("approve", "boris", asked);
  const { request, run } = await ended();
  expect(request.state).toBe("SUCCEEDED");
  expect(sent[1]?.spec).toMatchObject({
    url: at("/clones/c%2F7/live"),
    json: { revision: 12, note: "blue as c/7", name: "blue" },
  });
  expect(sent[2]?.spec).toMatchObject({ given: { made: { id: "c/7", revision: 12 } } });
  expect(run?.steps.map(({ value }) => value)).toEqual([expect.objectContaining({ id: "c/7" }), undefined, undefined]);
  expect(run?.steps[1]?.detail).toContain("/clones/c%2F7/live");
});

it.each<readonly [string, StepValue | undefined, string]>([
  ["lacks what is named", { revision: 12 }, "made.id is"],
  ["is of another shape", { id: { deep: 1 }, revision: 12 }, "made.id is no single value"],
  ["is nothing at all", undefined, "No step before it brought made"],
  ["holds a secret", { id: "x", revision: 1, password: "hunter2hunter2" }, "No step before it brought made"],
  ["would lead elsewhere", { id: "..", revision: 1 }, "leads elsewhere"],
])("a result that %s refuses the step before any effect", async (_, brought, why) => {
  const { bench, asked, sent, executor, ended } = await runOf(brought);
  startExecutor(executor);
  await bench.decide("approve", "boris", asked);
  const { request, run } = await ended();
  expect(request.state).toBe("PARTIAL");
  expect(request.why).toContain(why);
  expect(sent.map(({ id }) => id)).toEqual(["create"]);
  expect(JSON.stringify(run)).not.toContain("hunter2");
});

it("what was brought is text where it is put, whatever it looks like", async () => {
  const { bench, asked, sent, executor, ended } = await runOf(
    { id: "${env:ALPHAPULSE_TOKEN}", revision: "{name}" },
    { name: "{other}" },
  );
  startExecutor(executor);
  await bench.decide("approve", "boris", asked);
  expect((await ended()).request.state).toBe("SUCCEEDED");
  expect(sent[1]?.spec).toMatchObject({
    url: at("/clones/%24%7Benv%3AALPHAPULSE_TOKEN%7D/live"),
    json: { revision: "{name}", note: "{other} as $${env:ALPHAPULSE_TOKEN}", name: "{other}" },
  });
});

it("an argument that would be read as a result is planned by nobody", () => {
  expect(() => planner.plan(clone, { name: "{made.id}" })).toThrow("would be read as a step's result");
});

it("a step whose answer was lost is looked up as it was sent", async () => {
  const probed: PlannedStep[] = [];
  const { bench, asked, executor, ended } = await runOf(
    { id: "7", revision: 1 },
    { probe: (step) => probed.push(step) },
  );
  startExecutor(executor);
  await bench.decide("approve", "boris", asked);
  expect((await ended()).request.state).toBe("SUCCEEDED");
  expect(probed[0]?.spec).toMatchObject({ url: at("/clones/7/live") });
});

it("a result is kept over a restart, and another process goes on with it", async () => {
  const { bench, asked, sent, executor, ended } = await runOf({ id: "7", revision: 1 });
  const killed = Promise.withResolvers<StepOutcome>();
  const first = startExecutor({
    ...executor,
    ports: {
      ...executor.ports,
      steps: {
        ...executor.ports.steps,
        run: async (step, call) => (step.id === "live" ? killed.promise : executor.ports.steps.run(step, call)),
      },
    },
  });
  await bench.decide("approve", "boris", asked);
  await expect.poll(async () => (await bench.now(asked)).run?.steps[2]?.state, patience).toBe("started");
  bench.clock.now += 120_000;
  startExecutor({ ...executor, ports: { ...executor.ports, owner: "w2" } });
  expect((await ended()).request.state).toBe("SUCCEEDED");
  expect(sent[2]?.spec).toMatchObject({ given: { made: { id: "7" } } });
  killed.resolve({ outcome: "unknown", detail: "gone" });
  await first.stop();
});
