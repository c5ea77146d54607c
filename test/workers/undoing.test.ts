import { expect, it } from "vitest";
import { decisionCard } from "../../src/cards/decision.ts";
import { requestCard } from "../../src/cards/request.ts";
import type { StepOutcome } from "../../src/domain/systems/steps.ts";
import { shownRequest } from "../../src/reads/shown-request.ts";
import { lockKey, parseLock } from "../../src/records/lock.ts";
import { executorOn, startExecutor } from "../acts/approvals/executor.ts";
import { type Bench, createBench } from "../acts/approvals/request-bench.ts";
import { policy } from "../domain/approvals/request-fixtures.ts";
import { OperationFile, planner } from "../fakes/backends.ts";

const patience = { timeout: 60_000 };
const post = (id: string) => ({ id, title: id, http: { method: "POST", url: `http://127.0.0.1:1/${id}` } });
const read = (id: string) => ({ id, title: id, watch: { json: { url: "http://127.0.0.1:1/" }, is: "true" } });
const service = { type: "text", title: "Service" };
const common = { summary: "x", risk: "destructive", arguments: { service } };
const operations = {
  move: OperationFile.parse({
    ...common,
    inverse: { operation: "back", arguments: { service: "{service}" } },
    steps: [post("drain"), post("shift")],
  }),
  back: OperationFile.parse({ ...common, steps: [post("restore")] }),
  shift: OperationFile.parse({
    ...common,
    inverse: { operation: "unshift", arguments: { service: "{service}" } },
    steps: [post("drain"), post("shift")],
    verify: [read("seen")],
  }),
  unshift: OperationFile.parse({ ...common, steps: [post("restore")], verify: [read("back")] }),
  before: OperationFile.parse({
    ...common,
    amountsTo: { operation: "unshift", arguments: { service: "{service}" } },
    steps: [post("restore")],
    verify: [read("back")],
  }),
};

async function approved(bench: Bench, operation: keyof typeof operations, name: string) {
  const values = { service: name };
  const asked = await bench.ask("ana", {
    operation,
    risk: "destructive",
    direction: "neutral",
    arguments: values,
    plan: planner.plan(operations[operation], values),
  });
  await bench.decide("approve", "boris", asked);
  return asked;
}

it("what stopped half-way is over, and frees what it held, once its inverse is done and read back", async () => {
  const bench = await createBench(policy());
  const state = (asked: Parameters<Bench["now"]>[0]) => async () => (await bench.now(asked)).request.state;
  const ends = new Map<string, StepOutcome>([["shift", { outcome: "refused", detail: "no room" }]]);
  startExecutor(
    executorOn(bench, operations, {
      steps: {
        run: async ({ id }) => ends.get(id) ?? { outcome: "done", detail: "" },
        probe: async () => ({ outcome: "unknown", detail: "" }),
      },
    }),
  );
  const half = await approved(bench, "shift", "api");
  await expect.poll(state(half), patience).toBe("PARTIAL");
  expect(JSON.stringify(requestCard(await bench.now(half)))).toContain("until this is undone or settled");
  const undo = await approved(bench, "unshift", "api");
  await expect.poll(state(undo), patience).toBe("SUCCEEDED");
  await expect.poll(state(half), patience).toBe("FAILED");
  const over = await bench.now(half);
  const card = requestCard(over);
  expect(card).toMatchObject({ tone: "neutral", title: expect.stringContaining(": undone") });
  expect(over.request.why).toContain(`taken back by request ${undo.request.code} (unshift, done), which was read back`);
  expect(JSON.stringify(card.actions ?? [])).not.toMatch(/Undo|Settle/);
  expect(parseLock((await bench.store.read([lockKey("alphapulse")]))[0])?.holders ?? []).toEqual([]);

  // All of it was done and it only does not show: nothing is on its way that would take effect after its undo.
  ends.set("shift", { outcome: "done", detail: "" }).set("seen", { outcome: "unknown", detail: "it crashes" });
  const open = await approved(bench, "shift", "api");
  await expect.poll(state(open), patience).toBe("UNKNOWN");
  expect(JSON.stringify(requestCard(await bench.now(open)))).toContain('"label":"Undo"');
  // Whoever asks for something else meanwhile is told what gets through at once, and whoever ended the wait as well.
  const through = `What gets through now is its Undo: run alphapulse unshift service:api reason:\\"…\\". Where that is refused, it is over once two people who looked say how it ended: confirm settle ${open.request.code}`;
  const other = await bench.ask("ana", { operation: "back", plan: planner.plan(operations.back, { service: "api" }) });
  expect(JSON.stringify(requestCard(await shownRequest(bench.store, await bench.now(other))))).toContain(through);
  const aborted = decisionCard({ verb: "abort", name: "Boris" }, await bench.now(open));
  expect(JSON.stringify(aborted)).toContain(through);
  expect((await bench.now(open)).run?.hardDeadline).toBeLessThanOrEqual(await bench.store.now());
  // By another name it is its undo all the same.
  const again = await approved(bench, "before", "api");
  await expect.poll(state(again), patience).toBe("SUCCEEDED");
  await expect.poll(state(open), patience).toBe("FAILED");
});

it("what stopped half-way is undone by exactly its inverse, past its own lock, which stays where nothing read that back", async () => {
  const bench = await createBench(policy());
  const state = (asked: Parameters<Bench["now"]>[0]) => async () => (await bench.now(asked)).request.state;
  const sent: string[] = [];
  startExecutor(
    executorOn(bench, operations, {
      steps: {
        async run({ id }): Promise<StepOutcome> {
          sent.push(id);
          return id === "shift" ? { outcome: "refused", detail: "no room" } : { outcome: "done", detail: "" };
        },
        probe: async () => ({ outcome: "unknown", detail: "" }),
      },
    }),
  );
  const move = await approved(bench, "move", "api");
  await expect.poll(state(move), patience).toBe("PARTIAL");
  const stopped = await bench.now(move);
  const card = JSON.stringify(requestCard(stopped));
  expect(card).toContain("Nothing but what undoes it runs on");
  expect(card).toContain('"label":"Undo"');

  const other = await approved(bench, "back", "db");
  await expect.poll(async () => (await bench.now(other)).request.heldUp, patience).toContain(move.request.code);
  const back = await approved(bench, "back", "api");
  await expect.poll(state(back), patience).toBe("SUCCEEDED");
  expect(sent).toEqual(["drain", "shift", "restore"]);
  expect((await bench.now(back)).request.wentPast).toBe(
    `the lock of request ${move.request.code} (move, stopped half-way), which it undoes`,
  );

  expect(await state(move)()).toBe("PARTIAL");
  expect(await state(other)()).toBe("APPROVED");
  const lock = parseLock((await bench.store.read([lockKey("alphapulse")]))[0]);
  expect(lock?.holders.map(({ request }) => request)).toEqual([move.request.id]);
});
