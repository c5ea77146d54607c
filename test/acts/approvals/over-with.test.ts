import { expect, it } from "vitest";
import { requestCard } from "../../../src/cards/request.ts";
import type { StepOutcome } from "../../../src/domain/systems/steps.ts";
import type { ReadRequest } from "../../../src/records/request.ts";
import { policy } from "../../domain/approvals/request-fixtures.ts";
import { OperationFile, planner } from "../../fakes/backends.ts";
import { executorOn, startExecutor } from "./executor.ts";
import { type Bench, createBench } from "./request-bench.ts";

const patience = { timeout: 60_000 };
const post = (id: string) => ({ id, title: id, http: { method: "POST", url: `http://127.0.0.1:1/${id}` } });
const seen = (id: string) => ({ id, title: id, watch: { json: { url: "http://127.0.0.1:1/" }, is: "true" } });
const common = { summary: "x", risk: "destructive", targets: ["api"], arguments: {} };
const operations = {
  roll: OperationFile.parse({
    ...common,
    inverse: { operation: "unroll", arguments: {} },
    steps: [post("roll")],
    verify: [seen("rolled")],
  }),
  unroll: OperationFile.parse({ ...common, steps: [post("restore")], verify: [seen("back")] }),
  see: OperationFile.parse({ ...common, risk: "change", targets: ["nothing"], steps: [seen("quiet")] }),
};

async function approved(bench: Bench, operation: "roll" | "unroll"): Promise<ReadRequest> {
  const plan = planner.plan(operations[operation], {});
  const made = await bench.ask("ana", { operation, risk: "destructive", direction: "neutral", plan });
  await bench.decide("approve", "boris", made);
  return made;
}

/** What the bot opens by itself once `roll` is done. */
async function watching(bench: Bench, rolled: ReadRequest): Promise<ReadRequest> {
  const proposal = {
    operation: "see",
    risk: "change",
    direction: "neutral",
    plan: planner.plan(operations.see, {}),
  } as const;
  const made = await bench.ask("ana", proposal, undefined, { follows: rolled.request.id });
  if (made.request.state === "PENDING") await bench.decide("approve", "boris", made);
  return made;
}

it.each([
  { undo: "which changed nothing", ends: { outcome: "refused", detail: "taken" }, undoes: "FAILED", tone: "bad" },
  { undo: "which was done", ends: { outcome: "done", detail: "" }, undoes: "SUCCEEDED", tone: "neutral" },
] as const)(
  "a watch that failed while its release is undone, $undo: its card is $tone",
  async ({ ends, undoes, tone }) => {
    const bench = await createBench(policy());
    const under = new Map<string, (end: StepOutcome) => void>();
    const steps = {
      run: ({ id }: { readonly id: string }) =>
        id === "quiet" || id === "restore"
          ? new Promise<StepOutcome>((resolve) => under.set(id, resolve))
          : Promise.resolve({ outcome: "done", detail: "" } as const),
    };
    const state = (of: ReadRequest) => async () => (await bench.now(of)).request.state;
    startExecutor(executorOn(bench, operations, { steps }));
    const rolled = await approved(bench, "roll");
    await expect.poll(state(rolled), patience).toBe("SUCCEEDED");
    const watch = await watching(bench, rolled);
    await expect.poll(() => under.has("quiet"), patience).toBe(true);
    const undo = await approved(bench, "unroll");
    await expect.poll(() => under.has("restore"), patience).toBe(true);
    under.get("quiet")?.({ outcome: "refused", detail: "prsm-api-x1 is in CrashLoopBackOff" });
    await expect.poll(state(watch), patience).toBe("FAILED");
    expect(requestCard(await bench.now(watch)).tone).toBe("bad");
    under.get("restore")?.(ends);
    await expect.poll(state(undo), patience).toBe(undoes);
    await expect.poll(async () => requestCard(await bench.now(watch)).tone, patience).toBe(tone);
  },
);
