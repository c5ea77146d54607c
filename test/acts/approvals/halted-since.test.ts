import { expect, it } from "vitest";
import { claimRun } from "../../../src/acts/approvals/claim-run.ts";
import { endHalted } from "../../../src/acts/approvals/halted-since.ts";
import type { Proposal } from "../../../src/acts/approvals/open-request.ts";
import { recordStart } from "../../../src/acts/approvals/record-run.ts";
import type { ReadRequest } from "../../../src/records/request.ts";
import { flattenPlan, policy } from "../../domain/approvals/request-fixtures.ts";
import { type Bench, createBench } from "./request-bench.ts";

const reset: Partial<Proposal> = { operation: "reset-stop", direction: "increases" };
const stop: Partial<Proposal> = { operation: "stop", risk: "change", permission: "stop", urgent: true };
const restore: Partial<Proposal> = { operation: "restore", direction: "neutral" };
const restart: Partial<Proposal> = {
  operation: "restart",
  risk: "change",
  direction: "neutral",
  plan: { ...flattenPlan, targets: ["service/feed"] },
};

const bench = () => createBench(policy());

async function approved(on: Bench, proposal: Partial<Proposal>): Promise<ReadRequest> {
  const asked = await on.ask("ana", proposal);
  return asked.request.state === "APPROVED" ? asked : on.decide("approve", "boris", asked);
}

function claim({ store, directory }: Bench, { request: { id } }: ReadRequest) {
  return claimRun(store, { id, owner: "w1", check: { drift: [] }, directory });
}

it("a yes after a stop counts for nothing that was asked before it, and says what came and how it is asked again", async () => {
  const on = await bench();
  const asked = await on.ask("ana", reset);
  const pressed = await on.ask("chen", stop);
  await expect(on.decide("approve", "boris", asked)).rejects.toThrow(
    `stop by chen (request ${pressed.request.code}) came after this was asked. So it is over; nothing was run. Ask again: run alphapulse reset-stop reason:"…".`,
  );
  expect((await on.now(asked)).request.state).toBe("INVALIDATED");
});

it.each<[string, Partial<Proposal>]>([
  ["a stop is pressed", stop],
  ["one is asked for that waits for a yes itself", { operation: "halt", permission: "stop" }],
])("what was approved before is not claimed once %s", async (_what, halting) => {
  const on = await bench();
  const agreed = await approved(on, reset);
  await on.ask("chen", halting);
  expect(await claim(on, agreed)).toMatchObject({ claimed: false, next: "over" });
  expect((await on.now(agreed)).request).toMatchObject({ state: "INVALIDATED" });
});

it.each([
  ["a restore", restore],
  ["a close-out", { operation: "close-out", direction: "reduces" as const }],
  ["a pause of the whole system", { operation: "pause", risk: "change" as const, direction: "neutral" as const }],
])("what was asked before is over once %s has begun, and not before", async (_what, begun) => {
  const on = await bench();
  const asked = await on.ask("ana", reset);
  const other = await approved(on, begun);
  await endHalted(on.store, "alphapulse");
  expect((await on.now(asked)).request.state).toBe("PENDING");
  expect(await claim(on, other)).toMatchObject({ claimed: true });
  await endHalted(on.store, "alphapulse");
  expect((await on.now(asked)).request).toMatchObject({ state: "INVALIDATED" });
});

it("what restarts one service or sets the system going ends nothing", async () => {
  const on = await bench();
  const asked = await on.ask("ana", reset);
  expect(await claim(on, await approved(on, restart))).toMatchObject({ claimed: true });
  await on.ask("ana", { ...reset, operation: "resume" });
  await endHalted(on.store, "alphapulse");
  expect((await on.decide("approve", "boris", asked)).request.state).toBe("APPROVED");
});

it("what only reduces, or is of another system, waits on through a stop", async () => {
  const on = await bench();
  const closing = await on.ask("ana");
  await on.ask("chen", stop);
  await endHalted(on.store, "alphapulse");
  expect((await on.decide("approve", "boris", closing)).request.state).toBe("APPROVED");
});

it("asked again before the old one has ended, it is a new request, bound to the stop that came", async () => {
  const on = await bench();
  const old = await on.ask("ana", reset);
  const { request: pressed } = await on.ask("chen", stop);
  const anew = await on.ask("ana", reset);
  expect(anew.request.id).not.toBe(old.request.id);
  expect(anew.sealed.halted?.map(({ code }) => code)).toEqual([pressed.code]);
  expect((await on.now(old)).request.state).toBe("INVALIDATED");
  await on.decide("approve", "boris", anew);
  expect(await claim(on, anew)).toMatchObject({ claimed: true });
});

it("an act that was claimed and not begun when a stop was pressed is not begun", async () => {
  const on = await bench();
  const agreed = await approved(on, reset);
  expect(await claim(on, agreed)).toMatchObject({ claimed: true });
  await on.ask("chen", stop);
  const { fence = 0 } = (await on.now(agreed)).run ?? {};
  const at = { id: agreed.request.id, step: "flatten", owner: "w1", fence, budgetMs: 1_000 };
  expect(await recordStart(on.store, at)).toBeUndefined();
  const { request } = await on.now(agreed);
  expect(request).toMatchObject({ state: "FAILED" });
  expect(request.why).toMatch(/stop by chen .* came after this was asked\. Nothing was sent\./);
});

type Act = (on: Bench, asked: ReadRequest) => Promise<unknown>;

it.each<[string, Act[], Act, string]>([
  ["a yes", [], (on, asked) => on.decide("approve", "boris", asked).catch(() => undefined), "INVALIDATED"],
  ["a claim", [yes], claim, "INVALIDATED"],
  ["the first act", [yes, claim], begin, "FAILED"],
])("a stop that is pressed between the look and the commit of %s is seen", async (_what, before, act, state) => {
  const on = await bench();
  const asked = await on.ask("ana", reset);
  for (const each of before) await each(on, asked);
  const commit = on.store.commit.bind(on.store);
  let pressed: Promise<unknown> | undefined;
  on.store.commit = async (given) => {
    on.store.commit = commit;
    pressed = on.ask("chen", stop);
    await pressed;
    return commit(given);
  };
  await act(on, asked);
  expect(pressed).toBeDefined();
  expect((await on.now(asked)).request.state).toBe(state);
});

function yes(on: Bench, asked: ReadRequest): Promise<ReadRequest> {
  return on.decide("approve", "boris", asked);
}

function begin({ store }: Bench, { request: { id } }: ReadRequest) {
  return recordStart(store, { id, step: "flatten", owner: "w1", fence: 1, budgetMs: 1_000 });
}
