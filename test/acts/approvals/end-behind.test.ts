import { expect, it } from "vitest";
import { claimRun, lockedOut } from "../../../src/acts/approvals/claim-run.ts";
import type { Proposal } from "../../../src/acts/approvals/open-request.ts";
import {
  recordEnd,
  recordFinish,
  recordReconciliation,
  recordStart,
  recordWait,
} from "../../../src/acts/approvals/record-run.ts";
import { settleAct } from "../../../src/acts/approvals/settle-request.ts";
import { decisionCard } from "../../../src/cards/decision.ts";
import { requestCard } from "../../../src/cards/request.ts";
import { stepKey } from "../../../src/domain/approvals/request.ts";
import { ownSystem } from "../../../src/domain/systems/own-system.ts";
import type { StepEnd } from "../../../src/domain/systems/steps.ts";
import { shownRequest } from "../../../src/reads/shown-request.ts";
import { waitingBehind } from "../../../src/reads/waiting-behind.ts";
import type { ReadRequest } from "../../../src/records/request.ts";
import { fakeSystemPorts } from "../../commands/fixtures.ts";
import { flattenPlan, policy } from "../../domain/approvals/request-fixtures.ts";
import { OperationFile, planner } from "../../fakes/backends.ts";
import { type Bench, createBench } from "./request-bench.ts";

const post = (id: string) => ({ id, title: id, http: { method: "POST", url: `http://127.0.0.1:1/${id}` } });
const targets = ["service/api"];
const rollout = OperationFile.parse({
  summary: "Roll out",
  risk: "destructive",
  targets,
  inverse: { operation: "rollback", arguments: {} },
  steps: [post("first"), post("second")],
});
const plan = { ...flattenPlan, targets };
const deploy: Partial<Proposal> = { operation: "deploy", direction: "neutral", plan: planner.plan(rollout, {}) };
const restore: Partial<Proposal> = { operation: "restore", direction: "neutral", plan };
const restart: Partial<Proposal> = { operation: "restart", risk: "change", direction: "neutral", plan };
const rollback: Partial<Proposal> = { operation: "rollback", direction: "neutral", plan };
const closeOut: Partial<Proposal> = { operation: "close-out", direction: "reduces", plan };

/** After so long nobody can be acting for a run of these any more, and what was approved may still start, in ms. */
const untilNobodyActs = 150_000;

const done: StepEnd = { outcome: "done", detail: "" };
const refused: StepEnd = { outcome: "refused", detail: "no room" };
const lost: StepEnd = { outcome: "unknown", detail: "lost" };

async function approved(on: Bench, proposal: Partial<Proposal>): Promise<ReadRequest> {
  const asked = await on.ask("ana", proposal);
  return asked.request.state === "APPROVED" ? asked : on.decide("approve", "boris", asked);
}

/** As the worker does: what stands behind a lock is not looked at further. */
async function claim({ store, directory }: Bench, { request: { id } }: ReadRequest) {
  return (await lockedOut(store, id)) ?? (await claimRun(store, { id, owner: "w1", check: { drift: [] }, directory }));
}

async function running(on: Bench): Promise<ReadRequest> {
  const first = await approved(on, deploy);
  expect(await claim(on, first)).toMatchObject({ claimed: true });
  return first;
}

/** A run that is under way, and what was approved meanwhile and is held up by it. */
async function held(proposal: Partial<Proposal>) {
  const on = await createBench(policy());
  const first = await running(on);
  on.clock.now += 1_000;
  const second = await approved(on, proposal);
  expect(await claim(on, second)).toMatchObject({ claimed: false, next: "later" });
  on.clock.now += 1_000;
  return { on, first, second };
}

/** Its steps end so, one after the other, and with the last the run. */
async function ends(on: Bench, first: ReadRequest, ...outcomes: readonly StepEnd[]): Promise<void> {
  const { store } = on;
  const { id } = first.request;
  const fence = (await on.now(first)).run?.fence ?? 0;
  for (const [place, outcome] of outcomes.entries()) {
    const at = { id, step: place === 0 ? "first" : "second", owner: "w1", fence };
    await recordStart(store, { ...at, budgetMs: 1_000 });
    await recordEnd(store, { ...at, outcome });
  }
  await recordFinish(store, { id, fence });
}

async function settles(on: Bench, first: ReadRequest, outcome: string): Promise<void> {
  on.clock.now += untilNobodyActs;
  const said = await on.ask("ana", { operation: "note", reason: "pods crash", plan: { ...plan, targets: ["note"] } });
  await on.decide("approve", "chen", said);
  const act = settleAct({ store: on.store, systems: () => ({ ...fakeSystemPorts(), find: () => undefined }) });
  const given = { request: first.request.id, outcome };
  expect(await act.run(given, stepKey(said.request.id, "settle"))).toMatchObject({ outcome: "done" });
}

/** Its first step waits, and whoever approved the run ends that. */
async function aborts(on: Bench, first: ReadRequest): Promise<ReadRequest> {
  const { id } = first.request;
  const at = { id, step: "first", owner: "w1", fence: (await on.now(first)).run?.fence ?? 0 };
  await recordStart(on.store, { ...at, budgetMs: 1_000 });
  await recordWait(on.store, {
    ...at,
    outcome: { outcome: "waiting", detail: "1 of 3", progress: null, againInMs: 5 },
  });
  return on.decide("abort", "boris", first);
}

type End = (on: Bench, first: ReadRequest) => Promise<unknown>;

const failing: [string, End, string][] = [
  ["failed", (on, first) => ends(on, first, refused), "deploy, failed, nothing changed"],
  ["stopped half-way", (on, first) => ends(on, first, done, refused), "deploy, stopped half-way"],
  [
    "was lost and settled as failed",
    async (on, first) => {
      await ends(on, first, lost);
      await settles(on, first, "failed");
    },
    "deploy, settled as failed",
  ],
  ["was aborted", aborts, "deploy, outcome unknown"],
];

it.each(failing)(
  "a restore that waits for a deploy that %s is over, says so, and is asked again",
  async (...[, end, how]) => {
    const { on, first, second } = await held(restore);
    await end(on, first);
    expect(await claim(on, second)).toMatchObject({ claimed: false, next: "over" });
    const { request, run } = await on.now(second);
    expect(run).toBeUndefined();
    expect(request.state).toBe("INVALIDATED");
    expect(request.why).toContain(`It waited for request ${first.request.code} (${how}), which`);
    expect(request.why).toContain('Ask again: run alphapulse restore reason:"…".');
    const entries = (await on.store.journal({ limit: 100 })).flatMap((link) => link.entries);
    expect(entries).toContainEqual(
      expect.objectContaining({ kind: "request.invalidated", request: request.id, why: request.why }),
    );
  },
);

it("a restore is over also where nobody had looked yet whether it has to wait", async () => {
  const on = await createBench(policy());
  const first = await running(on);
  on.clock.now += 1_000;
  const second = await approved(on, restore);
  on.clock.now += 1_000;
  await ends(on, first, refused);
  expect(await claim(on, second)).toMatchObject({ claimed: false, next: "over" });
});

it("what held it up for long is found among many newer ones", async () => {
  const { on, first, second } = await held(restore);
  for (let each = 0; each < 52; each += 1) {
    const note = { operation: "note", arguments: { about: String(each) }, plan: { ...plan, targets: ["note"] } };
    const who = each % 2 === 0 ? "ana" : "chen";
    const newer = await on.ask(who, note);
    await on.decide("cancel", who, newer);
  }
  await ends(on, first, refused);
  expect(await claim(on, second)).toMatchObject({ claimed: false, next: "over" });
});

it.each<[string, Partial<Proposal>, End]>([
  ["a restore, where the deploy is done", restore, (on, first) => ends(on, first, done, done)],
  [
    "a restore, where the lost deploy is settled as done",
    restore,
    async (on, first) => {
      await ends(on, first, lost);
      await settles(on, first, "succeeded");
    },
  ],
  ["a change, where it failed", restart, (on, first) => ends(on, first, refused)],
  ["what reduces risk, where it failed", closeOut, (on, first) => ends(on, first, refused)],
  ["what undoes it, where it failed", rollback, (on, first) => ends(on, first, refused)],
  ["what undoes it, where it stopped half-way", rollback, (on, first) => ends(on, first, done, refused)],
])("starts by itself: %s", async (_what, proposal, end) => {
  const { on, first, second } = await held(proposal);
  await end(on, first);
  expect(await claim(on, second)).toMatchObject({ claimed: true });
});

it("waits on while nobody knows how the deploy ended, and is over once that is proven to have failed", async () => {
  const { on, first, second } = await held(restore);
  await ends(on, first, lost);
  expect(await claim(on, second)).toMatchObject({ claimed: false, next: "later" });
  on.clock.now += untilNobodyActs;
  await recordReconciliation(on.store, first.request.id, [{ step: "first", outcome: refused }]);
  expect((await on.now(first)).request.state).toBe("FAILED");
  expect(await claim(on, second)).toMatchObject({ claimed: false, next: "over" });
});

it("what was approved after the deploy had failed is not over by that", async () => {
  const on = await createBench(policy());
  const first = await running(on);
  await ends(on, first, refused);
  on.clock.now += 1_000;
  expect(await claim(on, await approved(on, restore))).toMatchObject({ claimed: true });
});

it("whoever settles or aborts is told what waits behind it, and what becomes of that", async () => {
  const { on, first, second } = await held(restore);
  const small = await on.ask("ana", restart);
  expect(JSON.stringify(requestCard(await shownRequest(on.store, await on.now(second))).blocks)).toContain(
    "Unless that ends as done, this ends without being run, and is to be asked for again.",
  );
  await ends(on, first, lost);
  on.clock.now += untilNobodyActs;
  const settling = (outcome: string): Partial<Proposal> => ({
    system: ownSystem,
    operation: "settle",
    concerns: "alphapulse",
    arguments: { request: first.request.id, code: first.request.code, outcome },
    settles: { operation: "deploy", code: first.request.code, outcome, stands: [] },
    reason: "pods crash",
    plan: { ...plan, targets: ["request"] },
  });
  const card = async (asked: ReadRequest) =>
    JSON.stringify(requestCard(await shownRequest(on.store, await on.now(asked))).blocks);
  const failed = await on.ask("chen", settling("failed"));
  const waits = `Behind deploy ${first.request.code}: restore ${second.request.code}, approved, held up.`;
  const over = "Once this is agreed to, that ends without being run, and has to be asked for again.";
  const starts = "Once this is agreed to, that starts by itself.";
  expect(await card(failed)).toContain(`${waits} ${over}`);
  expect(await card(failed)).toContain(`restart ${small.request.code}, approved, about to run. ${starts}`);
  await on.decide("cancel", "chen", failed);
  const succeeded = await on.ask("chen", settling("succeeded"));
  expect(await card(succeeded)).toContain(`${waits} ${starts}`);
  await on.decide("deny", "boris", second);
  expect(await card(succeeded)).not.toContain(second.request.code);
});

it("whoever aborts is told what waits behind it, before and after that has ended", async () => {
  const { on, first, second } = await held(restore);
  const small = await on.ask("ana", restart);
  const aborted = await aborts(on, first);
  const told = async () =>
    JSON.stringify(
      decisionCard(
        { verb: "abort", name: "Boris" },
        { ...aborted, waiting: { first: aborted, those: await waitingBehind(on.store, aborted) } },
      ),
    );
  const waits = `Behind deploy ${first.request.code}: restore ${second.request.code}`;
  expect(await told()).toContain(
    `${waits}, approved, held up. That ends without being run, and has to be asked for again.`,
  );
  expect(await told()).toContain(`restart ${small.request.code}, approved, about to run. That waits on until`);
  on.clock.now += 1_000;
  await claim(on, second);
  expect(await told()).toContain(`${waits}, no longer valid.`);
});
