import { z } from "zod";
import { type StepEnd, type StepOutcome, StepValue } from "../systems/steps.ts";
import { span } from "../text/quantities.ts";
import { insistAfter, insistVerdict, nextInsisting } from "./insist.ts";
import type { Plan, PlannedStep } from "./plan.ts";
import { type Request, type RequestState, type Sealed, standingWords } from "./request.ts";

const StepRecord = z.object({
  id: z.string(),
  title: z.string(),
  /** `verify` reads only; `act` may have an effect. */
  role: z.enum(["act", "verify"]),
  state: z.enum(["planned", "started", "done", "refused", "unknown"]),
  detail: z.string().exactOptional(),
  /** When it came to this state. */
  at: z.number().exactOptional(),
  /** It changes nothing, whatever comes of it: a note, a wait. */
  idle: z.literal(true).exactOptional(),
  /** Of a step that is begun and only reads: when it is looked at next. Until then nobody is at it. */
  lookAt: z.number().exactOptional(),
  /** What the looks so far have come to, in the words of the kind of step. */
  progress: StepValue.exactOptional(),
  /** What it brought, for steps that bring something. */
  value: StepValue.exactOptional(),
  /** Of a run that insists: how often it was begun, when it is sent again, and whether a try may have had its effect. */
  tries: z.number().exactOptional(),
  againAt: z.number().exactOptional(),
  mayHaveActed: z.literal(true).exactOptional(),
});
export type StepRecord = z.output<typeof StepRecord>;

/** How a claimed plan is carried out: each step is written down before it is sent, and its outcome after it. */
export const Run = z.object({
  /** Rises with every owner the target has had; a result under an older fence is refused. */
  fence: z.number(),
  owner: z.string(),
  /** Until when the owner may be silent. */
  leaseUntil: z.number(),
  /** After this nobody can still be acting on the run's behalf. */
  hardDeadline: z.number(),
  steps: z.array(StepRecord),
  /** How often a probe has looked at an unknown run. */
  probes: z.number(),
  /** It is sent again until what it was for is read back: see `insist.ts`. */
  insists: z.literal(true).exactOptional(),
  /** Where the journal stood when it ended: whoever keeps the card can prove later that nothing was taken from it. */
  journalHead: z.object({ seq: z.number(), hash: z.string() }).exactOptional(),
});
export type Run = z.output<typeof Run>;

/** All that is known of a request: how it stands, what was approved, and its run once it has one. */
export interface WholeRequest {
  readonly request: Request;
  readonly sealed: Sealed;
  readonly run: Run | undefined;
}

/** A request that has been claimed. Its state and its run move together. */
export interface RunningRequest {
  readonly request: Request;
  readonly run: Run;
}

/** What a rule about a run makes of it; undefined when the fence has moved and the caller owns nothing. */
export type RunRuling = RunningRequest | undefined;

/** Time an executor may be silent beyond what its step takes before others call the run lost. */
export const leaseMarginMs = 5_000;

/** What is next for a run. It follows from what is written down alone, so that whoever comes across the run goes on with it. */
export type RunAction =
  /** This step is begun, or looked at once more. */
  | { readonly next: "send"; readonly step: string }
  /** Somebody is at it, or it is not time yet. */
  | { readonly next: "look-again"; readonly at: number }
  /** Whoever claimed it has gone silent before anything was begun: it is claimed anew, or over. */
  | { readonly next: "claim-again" }
  /** Whoever was at it has gone silent: what it sent may or may not have happened. */
  | { readonly next: "lost" }
  /** Nothing is left to do, or nothing more may be done. */
  | { readonly next: "finished" };

/**
 * What is next for a run that is being executed. One whose owner died between two steps goes on with the next. When nothing
 * was begun, what the plan rests on was read too long ago, and it is claimed anew. It is lost when a step was out; and nothing
 * more is begun from its hard deadline on.
 */
export function nextAction(run: Run, now: number): RunAction {
  if (run.insists) return nextInsisting(run, now);
  const current = run.steps.find((step) => step.state !== "done");
  if (!current || current.state === "refused" || current.state === "unknown") return { next: "finished" };
  const abandoned = now >= run.leaseUntil;
  if (current.state === "started") {
    if (current.lookAt === undefined) return abandoned ? { next: "lost" } : { next: "look-again", at: run.leaseUntil };
    return now < current.lookAt ? { next: "look-again", at: current.lookAt } : { next: "send", step: current.id };
  }
  if (abandoned && current === run.steps[0]) return { next: "claim-again" };
  // However long a reading before it was waited for: what people agreed to is by then too old to act on.
  if (current.role === "act" && now >= run.hardDeadline) return { next: "finished" };
  return { next: "send", step: current.id };
}

/** The run of a plan that has just been claimed. */
export function claimedRun(
  plan: Plan,
  by: {
    readonly fence: number;
    readonly owner: string;
    readonly now: number;
    readonly leaseMs: number;
    readonly insists?: boolean;
  },
): Run {
  return {
    fence: by.fence,
    owner: by.owner,
    leaseUntil: by.now + by.leaseMs,
    hardDeadline: by.now + plan.hardDeadlineMs,
    steps: [...plan.steps.map((step) => notBegun(step, "act")), ...plan.verify.map((step) => notBegun(step, "verify"))],
    probes: 0,
    ...(by.insists === true && { insists: true }),
  };
}

function notBegun({ id, title }: PlannedStep, role: StepRecord["role"]): StepRecord {
  return { id, title, role, state: "planned" };
}

export interface StepStart {
  /** As it was read: another one means that the run has moved on. */
  readonly fence: number;
  /** Who will send it. When that is another than the owner so far, the fence rises. */
  readonly owner: string;
  readonly step: string;
  readonly now: number;
  readonly leaseUntil: number;
  /** It has no effect, so that nobody need finish it who began it. */
  readonly reads?: boolean;
}

/** Written before the step is sent, so that a crash leaves the trace that it may have happened. */
export function startStep({ request, run }: RunningRequest, start: StepStart): RunRuling {
  if (!owned(request, run, start.fence)) return undefined;
  const action = nextAction(run, start.now);
  const record = run.steps.find((step) => step.id === start.step);
  if (action.next !== "send" || action.step !== start.step || !record || record.lookAt !== undefined) return undefined;
  const { againAt: _, progress: __, ...kept } = record;
  const begun: StepRecord = {
    ...kept,
    state: "started",
    at: start.now,
    ...(start.reads === true && { lookAt: start.now, idle: true }),
    ...(run.insists && { tries: (record.tries ?? 0) + 1 }),
    // Its process died while it was out: whatever the next try is told, that one may have had its effect.
    ...(record.state === "started" && record.role === "act" && { mayHaveActed: true }),
  };
  const fence = start.owner === run.owner ? run.fence : run.fence + 1;
  const { owner, leaseUntil } = start;
  // Whoever sends it may be acting until its lease is over, so that nobody looks it up before. What is sent again and again
  // keeps its end.
  const hardDeadline = run.insists ? run.hardDeadline : Math.max(run.hardDeadline, leaseUntil);
  const next = { ...run, fence, owner, leaseUntil, hardDeadline };
  return { request, run: withStep(next, begun) };
}

export interface StepResult {
  readonly fence: number;
  readonly step: string;
  readonly outcome: StepOutcome;
  /** Of a step that only reads: which look this is the outcome of, as `lookAt` was when it began. */
  readonly lookAt?: number | undefined;
  readonly now: number;
}

/**
 * What became of a step. The run is its owner's a little longer, to go on with. A look that another one has overtaken counts
 * for nothing: what it went by is no longer how the step stands.
 */
export function endStep({ request, run }: RunningRequest, result: StepResult): RunRuling {
  const record = run.steps.find((step) => step.id === result.step);
  if (!owned(request, run, result.fence) || record?.state !== "started") return undefined;
  if (record.lookAt !== result.lookAt) return undefined;
  const ended = { ...withOutcome(run, result), leaseUntil: result.now + leaseMarginMs };
  return { request, run: run.insists ? insistAfter(ended, result.step, result.now) : ended };
}

/**
 * How a run stands once nothing is left to do. All confirmed is SUCCEEDED. A definite no before any effect is FAILED, after
 * one PARTIAL. Anything whose outcome is not known is UNKNOWN: never guessed, never run again.
 */
export function finishRun(
  { request, run }: RunningRequest,
  by: { readonly fence: number; readonly now: number },
): RunRuling {
  return owned(request, run, by.fence) ? concluded(request, run, by.now) : undefined;
}

/** Nothing was sent: what the plan rests on could not be read or the target is not the one meant. */
export function refuseRun(
  { request, run }: RunningRequest,
  by: { readonly fence: number; readonly now: number; readonly why: string },
): RunRuling {
  if (!owned(request, run, by.fence) || run.steps.some((step) => step.state !== "planned")) return undefined;
  return { request: { ...request, state: "FAILED", stateAt: by.now, why: `${by.why} Nothing was sent.` }, run };
}

/** The owner went silent past its lease: the outcome is unknown, the lock stays, the fence rises. */
export function loseRun({ request, run }: RunningRequest, now: number): RunRuling {
  if (request.state !== "EXECUTING" || nextAction(run, now).next !== "lost") return undefined;
  const why = "The process running it stopped before it was confirmed. Its outcome is being looked up.";
  return { request: { ...request, state: "UNKNOWN", stateAt: now, why }, run: { ...run, fence: run.fence + 1 } };
}

/** Is something sent that nobody has written down the answer of? */
export function isOut({ steps }: Run): boolean {
  return steps.some(({ state, lookAt }) => state === "started" && lookAt === undefined);
}

/**
 * The process that was at it is known to be gone, so that nobody waits for its lease. What it had sent can act no longer than its
 * step may take, so that a look may be believed from then on. Undefined where nobody was at anything.
 */
export function abandonRun({ request, run }: RunningRequest, now: number): RunRuling {
  if (request.state !== "EXECUTING") return undefined;
  // Only of a lease that still runs: one that an earlier start cut short says no longer when the step ends.
  const cuts = isOut(run) && !run.insists && run.leaseUntil > now;
  const ends = cuts ? { hardDeadline: Math.min(run.hardDeadline, run.leaseUntil) } : {};
  return { request, run: { ...run, ...ends, leaseUntil: Math.min(run.leaseUntil, now) } };
}

/**
 * What a look at the target found, step by step. That something was done is proof whenever it is found; that it was not, only
 * once nobody can still be acting on the run's behalf.
 */
export function reconcile(
  { request, run }: RunningRequest,
  found: {
    readonly outcomes: readonly { readonly step: string; readonly outcome: StepEnd }[];
    readonly now: number;
  },
): RunRuling {
  if (request.state !== "UNKNOWN") return undefined;
  const early = found.now < lookUpFrom(run, found.now);
  const counted = found.outcomes.filter(({ outcome }) => !early || outcome.outcome === "done");
  if (early && counted.length === 0) return undefined;
  const seen = counted.reduce(
    (all, { step, outcome }) => withOutcome(all, { fence: all.fence, step, outcome, now: found.now }),
    run,
  );
  const looked: Run = { ...seen, probes: run.probes + 1 };
  const decided = concluded(request, looked, found.now);
  if (decided.request.state === "UNKNOWN") return { request, run: looked };
  if (decided.request.state !== "SUCCEEDED" || !onlyReadsLeft(run)) return decided;
  const late = `It was confirmed late, after ${span(found.now - lastActAt(run))}.`;
  return { ...decided, request: { ...decided.request, why: `${decided.request.why} ${late}` } };
}

/** From when on all that a look finds counts: at once where only reading is left, else once nobody can still be acting. */
function lookUpFrom(run: Run, now: number): number {
  return onlyReadsLeft(run) ? now : run.hardDeadline;
}

/**
 * When an unknown outcome is looked at next: ever more rarely, down to every ten minutes. Where everything was done and only
 * does not show yet, every minute: it shows when the target is ready, whatever time that takes.
 */
export function nextLookAt(run: Run, now: number): number {
  const longest = onlyReadsLeft(run) ? 60_000 : 600_000;
  const next = now + Math.min(2_000 * 2 ** Math.min(run.probes, 12), longest);
  const from = lookUpFrom(run, now);
  return from > now ? Math.min(next, from) : next;
}

/** Has everything been done, so that it only remains to read that it shows? */
function onlyReadsLeft({ steps }: Run): boolean {
  return steps.every(({ role, state }) => role === "verify" || state === "done");
}

function lastActAt({ steps }: Run): number {
  return Math.max(...steps.map(({ role, at = 0 }) => (role === "act" ? at : 0)));
}

/** Is its outcome open, for people to say where nothing proves it? */
export function isSettleable(state: RequestState): boolean {
  return state === "UNKNOWN" || state === "PARTIAL";
}

/** How people say that an operation ended whose outcome nobody could prove. */
export const settledAs = ["succeeded", "failed"] as const;
export type SettledAs = (typeof settledAs)[number];

/** Why people may not say now how a request ended; undefined when they may. `when` writes a moment down. */
export function unsettleable(
  { request, run }: Pick<WholeRequest, "request" | "run">,
  at: { readonly now: number; readonly when: (at: number) => string },
): string | undefined {
  if (!run || !isSettleable(request.state))
    return `Request ${request.code} has nothing to settle: it is ${standingWords(request)}. ${request.why}`;
  if (at.now >= run.hardDeadline) return undefined;
  return `Somebody may still be acting for request ${request.code}; it can be settled from ${at.when(run.hardDeadline)} on.`;
}

/** Two people have said how it ended; it is over, and frees what it held. */
export function settleRun(
  { request, run }: RunningRequest,
  by: {
    readonly as: SettledAs;
    /** What each of them saw. */
    readonly witnesses: readonly { readonly name: string; readonly saw: string }[];
    readonly settlement: string;
    readonly now: number;
  },
): RunningRequest {
  const names = by.witnesses.map(({ name }) => name).join(" and ");
  const saw = by.witnesses.map((each) => `${each.name} saw: ${each.saw}`).join("; ");
  const why = `Settled as ${by.as} by ${names}. ${saw}`;
  const state = by.as === "succeeded" ? "SUCCEEDED" : "FAILED";
  return { request: { ...request, state, stateAt: by.now, why, settledBy: by.settlement }, run };
}

/** True when the target stays locked: what happened there is not settled. */
export function keepsLock(state: RequestState): boolean {
  return state === "EXECUTING" || state === "UNKNOWN" || state === "PARTIAL";
}

function owned(request: Request, run: Run, fence: number): boolean {
  return request.state === "EXECUTING" && run.fence === fence;
}

function withStep(run: Run, changed: StepRecord): Run {
  return { ...run, steps: run.steps.map((step) => (step.id === changed.id ? changed : step)) };
}

function withOutcome(run: Run, { step: id, outcome, now }: StepResult): Run {
  const record = run.steps.find((step) => step.id === id);
  if (!record) return run;
  const { lookAt: _, progress: __, ...settled } = record;
  if (outcome.outcome === "waiting") {
    // How it stands is not shown until it is known how it ended.
    return withStep(run, { ...settled, lookAt: now + outcome.againInMs, progress: outcome.progress });
  }
  const { outcome: state, detail } = outcome;
  const value = "value" in outcome && outcome.value !== undefined ? { value: outcome.value } : {};
  return withStep(run, { ...settled, state, detail, at: now, ...value });
}

function concluded(request: Request, run: Run, now: number): RunningRequest {
  const { state, why } = run.insists ? insistVerdict(run) : verdict(run.steps);
  return { request: { ...request, state, stateAt: now, why }, run };
}

function verdict(steps: readonly StepRecord[]): { state: RequestState; why: string } {
  const doubtful = steps.find((step) => step.state === "unknown" || step.state === "started");
  const refused = steps.find((step) => step.state === "refused");
  const effects = steps.some((step) => step.role === "act" && step.state === "done" && step.idle !== true);
  if (doubtful?.idle && doubtful.role === "act") {
    // What only reads was waited for in vain: that leaves open nothing that was done before it.
    const why = `${doubtful.title}: ${doubtful.detail ?? "no answer was recorded"}.`;
    if (!effects) return { state: "FAILED", why: `${why} Nothing was changed.` };
    if (steps.some(({ role, state }) => role === "act" && state === "planned"))
      return { state: "PARTIAL", why: `${why} Earlier steps have taken effect.` };
  }
  if (doubtful) return { state: "UNKNOWN", why: `${doubtful.title}: ${doubtful.detail ?? "no answer was recorded"}.` };
  if (refused && !effects)
    return { state: "FAILED", why: `${refused.title}: ${refused.detail ?? "refused"}. Nothing was changed.` };
  if (refused)
    return {
      state: "PARTIAL",
      why: `${refused.title}: ${refused.detail ?? "refused"}. Earlier steps have taken effect.`,
    };
  const waiting = steps.find((step) => step.state === "planned");
  if (waiting && !effects) return { state: "FAILED", why: `${waiting.title} was never sent. Nothing was changed.` };
  if (waiting?.role === "verify") return { state: "UNKNOWN", why: `${waiting.title} has not been read yet.` };
  if (waiting) return { state: "PARTIAL", why: `${waiting.title} was never sent; earlier steps have taken effect.` };
  return { state: "SUCCEEDED", why: `Every step was confirmed. ${steps.at(-1)?.title ?? "There was none"}.` };
}
