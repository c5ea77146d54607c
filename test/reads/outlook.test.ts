import { expect, it } from "vitest";
import { claimRun } from "../../src/acts/approvals/claim-run.ts";
import type { DecisionVerb } from "../../src/domain/approvals/decision.ts";
import { UserError } from "../../src/domain/failure.ts";
import { decisionOutlook, heldBackNow, metByAsking, metByPlan } from "../../src/reads/outlook.ts";
import { lockKey } from "../../src/records/lock.ts";
import { createBench } from "../acts/approvals/request-bench.ts";
import { flattenPlan, people, policy } from "../domain/approvals/request-fixtures.ts";

const verbs: readonly DecisionVerb[] = ["approve", "deny", "withdraw", "cancel"];
const who = ["ana", "boris", "chen", "dana"];

/** What the act itself comes to, on a request of its own. */
async function done(verb: DecisionVerb, id: string, channel: string): Promise<string> {
  const bench = await createBench();
  const asked = await bench.ask("ana");
  try {
    await bench.decide(verb, id, asked, { channel });
    return "allowed";
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

async function foreseen(verb: DecisionVerb, id: string, channel: string): Promise<string> {
  const bench = await createBench();
  const { request } = await bench.ask("ana");
  const viewer = {
    person: people.find((each) => each.id === id),
    place: { surface: "console", channel },
    policy: policy(),
  };
  const asked = { verb, account: `console:${id}`, named: request.code, now: bench.clock.now };
  const [only] = await decisionOutlook(bench.store, viewer, asked);
  return only?.verdict.allowed === false ? only.verdict.why : "allowed";
}

it.each(["ops", "quiet"])("what is foreseen of a decision is what taking it comes to, in %s", async (channel) => {
  const pairs = verbs.flatMap((verb) => who.map((id) => ({ verb, id })));
  const told = await Promise.all(
    pairs.map(async ({ verb, id }) => [verb, id, await foreseen(verb, id, channel), await done(verb, id, channel)]),
  );
  // Each is of a request of its own, so that the codes differ.
  const uncoded = (words: string | undefined) => words?.replace(/\b[0-9A-F]{6}\b/, "CODE");
  expect(told.map(([verb, id, said]) => [verb, id, uncoded(said)])).toEqual(
    told.map(([verb, id, , was]) => [verb, id, uncoded(was)]),
  );
  expect(told.find(([verb, id]) => verb === "approve" && id === "dana")?.[2]).toContain("dana may not decide");
});

it("one whose time is over, or that is decided, is foreseen as refused", async () => {
  const bench = await createBench();
  const asked = await bench.ask("ana");
  const viewer = { person: people[1], place: { surface: "console", channel: "ops" }, policy: policy() };
  const look = async (): Promise<unknown> =>
    (
      await decisionOutlook(bench.store, viewer, {
        verb: "approve",
        account: "console:boris",
        named: asked.request.code,
        now: bench.clock.now,
      })
    )[0]?.verdict;
  bench.clock.now += 900_001;
  expect(await look()).toMatchObject({ allowed: false, why: "Nobody decided in time. Nothing was done." });
});

it("what an asking would meet is told: the same that waits, and what holds the target", async () => {
  const bench = await createBench();
  const asked = { system: "alphapulse", operation: "flatten", of: { targets: [], urgent: false } };
  expect(await metByAsking(bench.store, asked)).toEqual([]);
  const opened = await bench.ask("ana", { plan: { ...flattenPlan, targets: ["positions"] } });
  const { request } = opened;
  expect(await metByAsking(bench.store, asked)).toEqual([
    { code: request.code, state: "waiting for approval", by: "ana", holds: false },
  ]);
  await bench.decide("approve", "boris", opened);
  const { store, directory } = bench;
  await claimRun(store, { id: request.id, owner: "w", check: { drift: [] }, directory });
  const targets = ["service/{service}"];
  expect(await metByAsking(bench.store, { ...asked, of: { targets, urgent: false } })).toMatchObject([{ holds: true }]);
  const others = { targets: ["orders"], urgent: false };
  expect(await metByAsking(bench.store, { ...asked, operation: "stop", of: others })).toEqual([]);
  expect(await metByAsking(bench.store, { ...asked, of: { targets: [], urgent: true } })).toEqual([]);
});

it("what exactly this plan would meet is told: its twin, what holds its targets, and a lock that nobody can read", async () => {
  const bench = await createBench();
  const { store, directory } = bench;
  const plan = { ...flattenPlan, targets: ["positions"] };
  const opened = await bench.ask("ana", { plan });
  const { request, sealed } = opened;
  const moment = { policy: policy(), now: bench.clock.now };
  const twin = { code: request.code, by: "ana", holds: false };
  expect(await metByPlan(store, sealed, moment)).toMatchObject({ met: [twin], lockUnread: false });
  const other = { ...sealed, arguments: { symbol: "BTCUSDT" } };
  expect(await metByPlan(store, other, moment)).toEqual({ met: [], lockUnread: false });
  await bench.decide("approve", "boris", opened);
  await claimRun(store, { id: request.id, owner: "w", check: { drift: [] }, directory });
  // It is told once, as that which is shown instead.
  expect(await metByPlan(store, sealed, moment)).toMatchObject({ met: [twin] });
  expect(await metByPlan(store, other, moment)).toMatchObject({ met: [{ ...twin, holds: true }] });
  const apart = { ...other, plan: { ...plan, targets: ["orders"] } };
  expect(await metByPlan(store, apart, moment)).toEqual({ met: [], lockUnread: false });
  await store.commit({ id: "torn", put: [{ key: lockKey("alphapulse"), value: "torn" }] });
  expect(await metByPlan(store, apart, moment)).toEqual({ met: [], lockUnread: true });
});

it("whoever asked too much of late is told so before they ask, as asking would tell them", async () => {
  const bench = await createBench();
  const asked = { system: "alphapulse", operation: "flatten", reduces: true, person: "ana", now: bench.clock.now };
  expect(await heldBackNow(bench.store, asked)).toBeUndefined();
  for (const at of [1, 2, 3]) {
    const request = await bench.ask("ana");
    bench.clock.now += at;
    await bench.decide("deny", "boris", request);
  }
  const { now } = bench.clock;
  expect(await heldBackNow(bench.store, { ...asked, now })).toMatchObject({ by: "denials" });
  await expect(bench.ask("ana")).rejects.toThrow("was denied 3 times when you asked");
  expect(await heldBackNow(bench.store, { ...asked, operation: "stop", now })).toBeUndefined();
});
