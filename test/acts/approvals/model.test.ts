import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { claimRun } from "../../../src/acts/approvals/claim-run.ts";
import { believed, lookAtHalt, mayUndoHalt } from "../../../src/acts/approvals/may-undo.ts";
import type { Proposal } from "../../../src/acts/approvals/open-request.ts";
import {
  recordFinish,
  recordLapse,
  recordLoss,
  recordOutcome,
  recordReconciliation,
  recordStart,
} from "../../../src/acts/approvals/record-run.ts";
import { type Decision, isUrgent } from "../../../src/domain/approvals/request.ts";
import { nextAction } from "../../../src/domain/approvals/run.ts";
import { UserError } from "../../../src/domain/failure.ts";
import type { Policy } from "../../../src/domain/people/policy.ts";
import type { StepEnd } from "../../../src/domain/systems/steps.ts";
import { lockKey, parseLock } from "../../../src/records/lock.ts";
import { parsePolicy, policyKey } from "../../../src/records/policy.ts";
import type { ReadRequest } from "../../../src/records/request.ts";
import { verifyJournal } from "../../../src/store/verify.ts";
import { flattenPlan, people, person, policy } from "../../domain/approvals/request-fixtures.ts";
import { mayRun } from "./count-by-hand.ts";
import { type ends, openings, type Step, step } from "./model-steps.ts";
import { type Bench, createBench } from "./request-bench.ts";

const running: readonly string[] = ["EXECUTING", "UNKNOWN", "PARTIAL"];
const over: readonly string[] = ["DENIED", "CANCELLED", "EXPIRED", "INVALIDATED", "SUCCEEDED", "FAILED"];
const begun: readonly string[] = [...running, "SUCCEEDED", "FAILED"];

/** Two approvers, or a lead with an approver. Boris approves as the rules say, Gina while Slack says she is in the group. */
function rules(boris: string, revision = "r1"): Policy {
  const approver = { role: "approver", count: 1 };
  const alternatives = [[{ role: "approver", count: 2 }], [{ role: "lead", count: 1 }, approver]];
  return policy({
    revision: `${revision}-${boris}`,
    people: [
      ...people.filter((each) => each.id !== "boris"),
      person("boris", boris),
      { ...person("emil", "approver"), grants: [{ role: "approver", systems: "*", channels: ["ops"] }] },
      person("gina", "viewer"),
    ],
    groups: [{ surface: "slack", group: "S1", role: "approver", systems: "*" }],
    tiers: [
      { id: "notice", alternatives: [], decideBy: 900_000, window: 300_000 },
      { id: "critical", alternatives, decideBy: 900_000, window: 300_000 },
    ],
    rules: [{ operation: "stop", tier: "notice" }, { tier: "critical" }],
  });
}

/** What must never be seen, whatever is done in whatever order. */
class Watch {
  readonly bench: Bench;
  readonly ids: string[] = [];
  /** Steps that were allowed to be sent, by request. */
  readonly sent = new Map<string, number>();
  /** What was asked to set the system going: before it was halted last, and since. */
  readonly beforeStop = new Set<string>();
  readonly sinceStop = new Set<string>();
  readonly seen: Set<string>;
  readonly #before = new Map<string, ReadRequest["request"]>();

  constructor(bench: Bench, seen: Set<string>) {
    this.bench = bench;
    this.seen = seen;
  }

  /** What must not be, as sentences. */
  async look(): Promise<string[]> {
    const [policyDocument, lockDocument] = await this.bench.store.read([policyKey, lockKey("alphapulse")]);
    const { holders = [] } = parseLock(lockDocument) ?? {};
    const all = await Promise.all(this.ids.map((id) => this.bench.now({ request: { id } })));
    const held = all.filter(({ request, sealed }) => running.includes(request.state) && !isUrgent(sealed));
    const wrong = [...this.#doneTooSoon(all), ...this.#afterFailure(all)];
    wrong.push(...all.flatMap((read) => this.#wrongWith(read, parsePolicy(policyDocument))));
    wrong.push(...held.flatMap((one, at) => held.slice(at + 1).flatMap((other) => this.#meeting(one, other))));
    const [ids, holding] = [held.map(({ request }) => request.id), holders.map(({ request }) => request)];
    if (ids.some((id) => !holding.includes(id))) wrong.push("a run without the lock");
    if (holding.some((id) => !ids.includes(id)) || holding.length > ids.length) wrong.push("a lock for nothing");
    return wrong;
  }

  /** Two that concern one target: only what undoes the other, which stopped half-way, may run beside it. */
  #meeting(one: ReadRequest, other: ReadRequest): string[] {
    if (!sharesTarget(one, other)) return [];
    const pair = [one, other];
    const isUndoing = pair.some(({ sealed }) => sealed.operation === "undo-api");
    const isHalfWay = pair.some(({ request, sealed }) => sealed.operation === "api" && request.state === "PARTIAL");
    if (!isUndoing || !isHalfWay) return ["two runs on one target"];
    this.seen.add("undone");
    return [];
  }

  /** What destroys something and does not only reduce risk: not begun once one on its targets failed after it was approved. */
  #afterFailure(all: readonly ReadRequest[]): string[] {
    const starts = all.filter(({ request: { id, state } }) => {
      const before = this.#before.get(id)?.state;
      return before === "APPROVED" && begun.includes(state);
    });
    return starts
      .filter(({ sealed }) => sealed.risk === "destructive" && sealed.direction !== "reduces")
      .filter((one) => {
        const approvedAt = this.#before.get(one.request.id)?.stateAt ?? 0;
        return all.some(
          (other) =>
            other.request.id !== one.request.id &&
            !isUrgent(other.sealed) &&
            ["FAILED", "PARTIAL"].includes(other.request.state) &&
            other.request.stateAt > approvedAt &&
            sharesTarget(one, other),
        );
      })
      .map(() => "a start of what waited for something that was not done");
  }

  /** A stop is not done while what was sent before it to set the system going may still do so. */
  #doneTooSoon(all: readonly ReadRequest[]): string[] {
    const ends = all.some(({ request: { id, state }, sealed }) => {
      const before = this.#before.get(id)?.state;
      return sealed.permission === "stop" && state === "SUCCEEDED" && before !== "SUCCEEDED";
    });
    const mayLand = all.some(
      ({ request: { id, state }, run }) =>
        this.beforeStop.has(id) &&
        ["EXECUTING", "UNKNOWN"].includes(state) &&
        run?.steps.some((each) => each.role === "act" && (each.state === "started" || each.state === "unknown")),
    );
    return ends && mayLand ? ["a stop that was done while a reset was out"] : [];
  }

  #wrongWith({ request, sealed }: ReadRequest, current: Policy): string[] {
    const before = this.#before.get(request.id);
    this.#before.set(request.id, request);
    this.seen.add(request.state);
    const started = begun.includes(request.state) && !begun.includes(before?.state ?? "");
    const yes = request.decisions.filter((each) => each.verdict === "approve" && each.withdrawnAt === undefined);
    const names = yes.map((each) => each.person);
    const { now } = this.bench.clock;
    const urgent = isUrgent(sealed);
    if (this.beforeStop.has(request.id) && request.state === "INVALIDATED") this.seen.add("over by a stop");
    const checks: readonly (readonly [string, boolean])[] = [
      ["other bytes than were sealed", createHash("sha256").update(request.sealed).digest("hex") !== request.digest],
      ["other bytes than before", before !== undefined && before.digest !== request.digest],
      ["a way back from a run", running.includes(before?.state ?? "") && !begun.includes(request.state)],
      ["an end that was none", over.includes(before?.state ?? "") && request.state !== before?.state],
      ["a word that was dropped or changed", !(before?.decisions ?? []).every(keptIn(request.decisions))],
      ["a yes to one's own request", names.includes(sealed.requester.person)],
      ["a person counted twice", new Set(names).size < names.length],
      ["a run of what was not approved", started && before?.state !== "APPROVED"],
      ["a run on too few words", started && !urgent && !mayRun(yes, current, this.bench)],
      ["a run against a no", started && request.decisions.some((each) => each.verdict === "deny")],
      ["a run under other rules", started && !urgent && sealed.policy.revision !== current.revision],
      ["a run out of its time", started && now >= (before?.executeBy ?? 0)],
      [
        "an approval out of time",
        request.state === "APPROVED" && before?.state === "PENDING" && now >= sealed.decideBy,
      ],
      ["a start of what was asked before a stop", started && this.beforeStop.has(request.id)],
      ["a step sent twice", !urgent && (this.sent.get(request.id) ?? 0) > 1],
      ["a stop that was held up", urgent && request.heldUp !== undefined],
    ];
    return checks.flatMap(([what, is]) => (is ? [what] : []));
  }
}

function sharesTarget(one: ReadRequest, other: ReadRequest): boolean {
  const [left, right] = [one, other].map(({ sealed }) => sealed.plan.targets ?? ["api", "ipfs"]);
  return left?.some((target) => right?.includes(target)) ?? false;
}

/** A decision stays as it was; only a withdrawal may be written beside it. */
function keptIn(after: readonly Decision[]): (decision: Decision, at: number) => boolean {
  return (decision, at) => {
    const now = after[at];
    return now !== undefined && JSON.stringify({ ...now, ...decision }) === JSON.stringify(now);
  };
}

/** `api` and `ipfs` concern one target each, what is left names none; a stop is urgent. */
const proposals: Readonly<Record<Extract<Step, { do: "ask" }>["name"], Partial<Proposal>>> = {
  flatten: { operation: "flatten" },
  other: { operation: "other" },
  api: {
    operation: "api",
    plan: { ...flattenPlan, targets: ["api"], inverse: { operation: "undo-api", arguments: {} } },
  },
  undo: { operation: "undo-api", plan: { ...flattenPlan, targets: ["api"] } },
  ipfs: { operation: "ipfs", plan: { ...flattenPlan, targets: ["ipfs"] } },
  stop: { operation: "stop", risk: "change", direction: "reduces", permission: "stop", urgent: true },
  reset: { operation: "reset", direction: "increases" },
};

async function take(watch: Watch, one: Step): Promise<void> {
  const { bench, ids } = watch;
  const id = "nth" in one ? ids[ids.length - 1 - one.nth] : undefined;
  switch (one.do) {
    case "ask": {
      const { request } = await bench.ask(one.who, proposals[one.name]);
      if (!ids.includes(request.id)) ids.push(request.id);
      if (one.name === "reset") watch.sinceStop.add(request.id);
      if (one.name === "stop") halted(watch);
      return;
    }
    case "decide":
      return id === undefined ? undefined : decide(bench, id, one);
    case "claim":
      return id === undefined ? undefined : execute(watch, id, one);
    case "goOn":
      return id === undefined ? undefined : goOn(watch, id, { ...one, owner: "w2" });
    case "wait":
      bench.clock.now += one.ms;
      return;
    case "rules":
      await bench.adopt(rules(one.boris, one.revision));
      return;
    case "standing":
      tell(bench, one);
      return;
    case "sweep":
      if (id !== undefined) await Promise.all([recordLapse(bench.store, id), recordLoss(bench.store, id)]);
      return;
    case "look":
      if (id !== undefined) await lookUp(bench, id, one.found);
  }
}

function halted({ beforeStop, sinceStop }: Watch): void {
  for (const id of sinceStop) beforeStop.add(id);
  sinceStop.clear();
}

async function decide(bench: Bench, id: string, one: Extract<Step, { do: "decide" }>): Promise<void> {
  const asked = await bench.now({ request: { id } });
  const account = one.who === "gina" ? { account: "slack:U-gina" } : {};
  const invocation = one.delivery === "new" ? {} : { invocation: `${one.who} ${one.verb} ${one.delivery}` };
  await bench.decide(one.verb, one.who, asked, { channel: one.channel, ...account, ...invocation });
}

function tell({ standings }: Bench, { account, said }: Extract<Step, { do: "standing" }>): void {
  switch (said) {
    case "in":
    case "out":
      standings.set(account, { ok: true, groups: said === "in" ? ["S1"] : [] });
      return;
    case "gone":
      standings.set(account, { ok: false, why: "deactivated", remedy: "" });
      return;
    case "silent":
      standings.set(account, "silent");
  }
}

async function execute(watch: Watch, id: string, how: Extract<Step, { do: "claim" }>): Promise<void> {
  const { bench } = watch;
  const check = { drift: how.drift ? ["SOL: new, long 5"] : [] };
  const claimed = await claimRun(bench.store, { id, owner: "w", check, directory: bench.directory });
  if (!claimed.claimed) return;
  if (how.drift) throw new Error("it was claimed although the target has changed");
  await goOn(watch, id, { ...how, owner: "w" });
}

/** Does what is next for a run, whoever began it, for as many steps as it lives. */
async function goOn(
  watch: Watch,
  id: string,
  how: Pick<Extract<Step, { do: "goOn" }>, "act" | "verify"> & { readonly lives: number; readonly owner: string },
): Promise<void> {
  const { bench, sent, beforeStop } = watch;
  for (let steps = 0; steps <= how.lives; steps += 1) {
    const { request, run: known, sealed } = await bench.now({ request: { id } });
    if (!known || request.state !== "EXECUTING") return;
    const action = nextAction(known, bench.clock.now);
    const at = { id, fence: known.fence, owner: how.owner };
    if (action.next === "finished") await recordFinish(bench.store, at);
    if (action.next === "lost") await recordLoss(bench.store, id);
    if (action.next === "claim-again") {
      const claimed = await claimRun(bench.store, { ...at, check: { drift: [] }, directory: bench.directory });
      if (!claimed.claimed) return;
      continue;
    }
    if (action.next !== "send" || steps === how.lives) return;
    const reads = action.step !== "flatten";
    const before = known.steps.find((each) => each.id === action.step);
    const look = known.insists && before && (await lookAtHalt(bench.store, sealed, { reads, record: before }));
    const begins = { ...at, step: action.step, budgetMs: 0, reads };
    const started = before?.lookAt === undefined ? await recordStart(bench.store, begins) : { ...at, ...before };
    if (!started) return;
    if (look?.mayUndo !== undefined) watch.seen.add("held");
    if (action.step === "flatten" && beforeStop.has(id)) throw new Error("a stop came, and it was sent all the same");
    if (action.step === "flatten") sent.set(id, (sent.get(id) ?? 0) + 1);
    const end = action.step === "flatten" ? how.act : how.verify;
    if (end === "dies") return;
    const { fence, lookAt } = started;
    await recordOutcome(bench.store, { ...at, fence, lookAt, step: action.step, look, outcome: ended(end) });
  }
}

async function lookUp(bench: Bench, id: string, found: (typeof ends)[number]): Promise<void> {
  const known = await bench.now({ request: { id } });
  const open = known.run?.steps.filter((each) => each.state !== "done" && each.state !== "refused") ?? [];
  // What is found of a stop says nothing while something may undo it, as the executor has it.
  const mayUndo = known.run?.insists ? await mayUndoHalt(bench.store, known.sealed) : undefined;
  const outcome = believed(ended(found === "dies" ? "unknown" : found), mayUndo);
  await recordReconciliation(
    bench.store,
    id,
    open.slice(0, 1).map((each) => ({ step: each.id, outcome })),
  );
}

function ended(outcome: StepEnd["outcome"]): StepEnd {
  return { outcome, detail: "so it ended" };
}

it("whatever people, platforms, time, rules and executors do in whatever order, nothing runs that must not", async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...openings),
      fc.array(step, { minLength: 15, maxLength: 40 }),
      async (...parts) => {
        const bench = await createBench(rules("approver"));
        const watch = new Watch(bench, seen);
        for (const one of parts.flat()) {
          await take(watch, one).catch((error: unknown) => {
            if (!(error instanceof UserError)) throw error;
          });
          expect(await watch.look()).toEqual([]);
        }
        expect(await verifyJournal(bench.store)).toMatchObject({ ok: true });
      },
    ),
    { numRuns: 200 },
  );
  // A model that never gets anywhere proves nothing.
  expect([...seen]).toEqual(
    expect.arrayContaining([
      "PENDING",
      "DENIED",
      "SUCCEEDED",
      "UNKNOWN",
      "PARTIAL",
      "INVALIDATED",
      "undone",
      "over by a stop",
      "held",
    ]),
  );
});
