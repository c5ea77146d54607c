import { expect, it } from "vitest";
import { openBeforeUndone } from "../../src/reads/done-before.ts";
import { executorOn, startExecutor } from "../acts/approvals/executor.ts";
import { createBench } from "../acts/approvals/request-bench.ts";
import { policy } from "../domain/approvals/request-fixtures.ts";
import { OperationFile, planner } from "../fakes/backends.ts";

const post = (id: string) => ({ id, title: id, http: { method: "POST", url: `http://127.0.0.1:1/${id}` } });
const roll = OperationFile.parse({
  summary: "x",
  risk: "destructive",
  arguments: {},
  inverse: { operation: "unroll", arguments: {} },
  steps: [post("first"), post("second")],
});

it("what stopped half-way is found by what exactly undoes it, and by nothing else", async () => {
  const bench = await createBench(policy());
  const run = async ({ id }: { readonly id: string }) =>
    id === "first" ? ({ outcome: "done", detail: "" } as const) : ({ outcome: "refused", detail: "taken" } as const);
  startExecutor(executorOn(bench, { roll }, { steps: { run } }));
  const plan = planner.plan(roll, {});
  const made = await bench.ask("ana", { operation: "roll", risk: "destructive", direction: "neutral", plan });
  await bench.decide("approve", "boris", made);
  await expect.poll(async () => (await bench.now(made)).request.state, { timeout: 60_000 }).toBe("PARTIAL");
  const found = async (operation: string) => {
    const asked = { system: "alphapulse", operation, arguments: {} };
    return (await openBeforeUndone(bench.store, asked, bench.clock.now))?.request.id;
  };
  expect(await found("unroll")).toBe(made.request.id);
  expect(await found("roll")).toBeUndefined();
});
