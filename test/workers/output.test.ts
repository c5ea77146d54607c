import { expect, it, vi } from "vitest";
import { requestCard } from "../../src/cards/request.ts";
import type { StepCall, StepOutcome } from "../../src/domain/systems/steps.ts";
import { executorOn, startExecutor } from "../acts/approvals/executor.ts";
import { createBench } from "../acts/approvals/request-bench.ts";
import { OperationFile, planner } from "../fakes/backends.ts";

// What a program prints is in the request's card while it runs, and after a restart the card says that nobody follows it.

const patience = { timeout: 60_000 };
const exec = { cwd: "/", command: ["/bin/true"], timeout: "30m" };
const backup = OperationFile.parse({
  summary: "Back up",
  risk: "change",
  steps: [{ id: "b", title: "Back up", exec }],
});

/** A run whose program is out until it is told how it ends, and prints what it is told. */
async function running() {
  const bench = await createBench();
  const plan = planner.plan(backup, {});
  const asked = await bench.ask("ana", { operation: "backup", risk: "change", direction: "neutral", plan });
  const out = Promise.withResolvers<StepOutcome>();
  const begun = Promise.withResolvers<StepCall>();
  let printed = "";
  const executor = executorOn(
    bench,
    { backup },
    {
      steps: {
        run: (_step, call) => {
          call.follow?.(() => printed);
          begun.resolve(call);
          return out.promise;
        },
        probe: async () => ({ outcome: "unknown", detail: "nothing is on record of its end" }),
      },
    },
  );
  startExecutor(executor);
  await begun.promise;
  const card = async () => JSON.stringify(requestCard(await bench.now(asked)));
  const prints = (text: string): void => void (printed = text);
  return { bench, asked, executor, card, prints, end: out.resolve };
}

it("what it printed last is edited into the card, at the pace of a wait, until it has ended", async () => {
  const { bench, asked, card, prints, end } = await running();
  expect(await card()).toContain("started");
  bench.clock.now += 3_000;
  await expect.poll(card, patience).toContain("running for 3 s of at most 30 min, nothing printed yet");
  prints("table 1 of 3");
  bench.clock.now += 15_000;
  await expect.poll(card, patience).toContain("running for 18 s of at most 30 min: table 1 of 3");
  end({ outcome: "done", detail: "exit code 0: table 3 of 3" });
  await expect.poll(async () => (await bench.now(asked)).request.state, patience).toBe("SUCCEEDED");
  expect(await card()).toContain("done: exit code 0: table 3 of 3");
  expect(await card()).not.toContain("table 1 of 3");
});

it("once its process has died the card says what it had printed, and that it is no longer followed", async () => {
  const { bench, asked, executor, card, prints, end } = await running();
  prints("table 1 of 3");
  bench.clock.now += 3_000;
  await expect.poll(card, patience).toContain("table 1 of 3");
  // It is silent past its lease, as one that died is.
  bench.clock.now += 3_600_000;
  startExecutor({ ...executor, ports: { ...executor.ports, owner: "w2" } });
  await expect.poll(async () => (await bench.now(asked)).request.state, patience).toBe("UNKNOWN");
  const words = "After 3 s it had printed: table 1 of 3. What it prints is no longer followed";
  expect(await card()).toContain(words);
  bench.clock.now += 3_600_000;
  await vi.waitFor(async () => expect(await card()).toContain("unknown: nothing is on record of its end"), patience);
  expect(await card()).toContain(words);
  end({ outcome: "done", detail: "too late" });
});
