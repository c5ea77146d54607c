import { z } from "zod";
import { type StepEnd, type StepOutcome, StepValue } from "../systems/steps.ts";
import { span } from "../text/quantities.ts";
import type { DoneBefore } from "./done-before.ts";
import type { EndedRequest } from "./ended-by.ts";
import { heldOn, insistAfter, insistVerdict, nextInsisting, nextTellingLate } from "./insist.ts";
import { type Request, type RequestState, type Sealed } from "./request.ts";
import { hasEffects, nobodyActs, runVerdict } from "./run-verdict.ts";
import type { Approvers } from "./who-could.ts";

const StepRecord = z.object({
  id: z.string(),
  title: z.string(),
  /** `verify` reads only; `act` may have an effect; `tell` writes down what was read back, and says nothing of how it ended. */
  role: z.enum(["act", "verify", "tell"]),
  state: z.enum(["planned", "started", "done", "refused", "unknown"]),
  detail: z.string().exactOptional(),
  /** When it came to this state. */
  at: z.number().exactOptional(),
  /** When it was begun last: who looks it up goes by what happened since. */
  begunAt: z.number().exactOptional(),
  /** It changes nothing, whatever comes of it: a note, a wait. */
  idle: z.literal(true).exactOptional(),
  /** Of a step that is begun and only reads: when it is looked at next. Until then nobody is at it. */
  lookAt: z.number().exactOptional(),
  /** When it was looked at last, and when a look was last shown. */
  lookedAt: z.number().exactOptional(),
  shownAt: z.number().exactOptional(),
  /** What the looks so far have come to, in the words of the kind of step. */
  progress: StepValue.exactOptional(),
  /** The last that it had printed, while it is out or was lost: when that was, and how long after it was begun. */
  printed: z.object({ text: z.string(), at: z.number(), elapsedMs: z.number() }).exactOptional(),
  /** What it brought, for steps that bring something. */
  value: StepValue.exactOptional(),
  /** Of a run that insists: how often it was begun, when it is sent again, and whether a try may have had its effect. */
  tries: z.number().exactOptional(),
  againAt: z.number().exactOptional(),
  mayHaveActed: z.literal(true).exactOptional(),
  /** Of a check that held: nothing runs that could show whether what was done is well. */
  unseen: z.literal(true).exactOptional(),
  /** It was read back, and is read again because something that was sent before may still undo it: what, in words, and since when. */
  held: z.object({ for: z.string(), since: z.number() }).exactOptional(),
});
export type StepRecord = z.output<typeof StepRecord>;

/** How a claimed plan is carried out: each step is written down before it is sent, and its outcome after it. */
export const Run = z.object({
  /** Rises with every owner the target has had; a result under an older fence is refused. */
  fence: z.number(),
  owner: z.string(),
  /** Until when the owner may be silent. */
  leaseUntil: z.number(),
  /** From here on no act is begun. Runs of the release before have it in `hardDeadline` alone. */
  beginBy: z.number().exactOptional(),
  /** After this nobody can still be acting on the run's behalf: an act that was begun late moves it. */
  hardDeadline: z.number(),
  steps: z.array(StepRecord),
  /** How often a probe has looked at an unknown run. */
  probes: z.number(),
  /** It is sent again until what it was for is read back: see `insist.ts`. */
  insists: z.literal(true).exactOptional(),
  /** It was read back once and then no longer, so that it was sent again: after what, in words. */
  againAfter: z.string().exactOptional(),
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

/** A request as its card shows it: with what of others belongs to it. */
export interface ShownRequest extends WholeRequest {
  /** What is being said of how it ended, where people have to say that. */
  readonly settlements?: readonly Pick<WholeRequest, "request" | "sealed">[];
  /** Of a change of people and rules that waits: what ends when it comes into force. */
  readonly ends?: readonly EndedRequest[];
  /** Of what waits for a yes: who can still give it. */
  readonly approvers?: Approvers;
  /** Of what people decide on: whose runs hold what it concerns, so that it would wait for them, and whether that was read whole. */
  readonly behind?: { readonly holders: readonly WholeRequest[]; readonly unread: boolean };
  /** Of a settlement that waits: the request that it settles, and what waits, approved, for that. */
  readonly waiting?: {
    readonly first: WholeRequest;
    readonly those: readonly Pick<WholeRequest, "request" | "sealed">[];
  };
  /** Of each operation that follows it the newest request since, until it was undone. */
  readonly after?: readonly Pick<WholeRequest, "request" | "sealed">[];
  /** Of what sets its system going and waits: the newest of each operation that followed what halted it. */
  readonly left?: readonly Pick<WholeRequest, "request" | "sealed">[];
  /** Of what people decide on: what follows an earlier one as it would follow this, and has not come to its end. */
  readonly watching?: readonly Pick<WholeRequest, "request" | "sealed">[];
  /** Of what ended otherwise than it was meant to: what was done through Wardroom to the same, from its asking until then. */
  readonly meanwhile?: readonly Pick<WholeRequest, "request" | "sealed">[];
  /** While it waits: what earlier ones have to do with it. */
  readonly before?: DoneBefore;
  /** Of what halted its system: what has set that going again since. */
  readonly undoneBy?: Pick<WholeRequest, "request" | "sealed">;
}

/** A request that has been claimed. Its state and its run move together. */
export interface RunningRequest {
  readonly request: Request;
  readonly run: Run;
}

/** What a rule about a run makes of it; undefined when the fence has moved and the caller owns nothing. */
export type RunRuling = RunningRequest | undefined;

/** Time an executor may be silent, in ms, beyond what its step takes before others call the run lost. */
export const leaseMarginMs = 5_000;

/** More than this is no slow store but one that does not answer. */
const slowestMs = 60_000;

/** How long an owner may be silent, in ms, where the store was seen to take `slowMs` over a commit: a lease begins before its commit. */
export function silentMs(slowMs = 0): number {
  return leaseMarginMs + 2 * Math.min(slowMs, slowestMs);
}

/** What is next for a run. It follows from what is written down alone, so that whoever comes across the run goes on with it. */
export type RunAction =
  /** This step is begun, or looked at once more. */
  | { readonly next: "send"; readonly step: string }
  /** Somebody is at it, or it is not time yet. */
  | { readonly next: "look-again"; readonly at: number }
  /** Whoever was at it has gone silent, or is another, and an act is to come: it is claimed anew, or over. */
  | { readonly next: "claim-again" }
  /** Whoever was at it has gone silent: what it sent may or may not have happened. */
  | { readonly next: "lost" }
  /** Nothing is left to do, or nothing more may be done. */
  | { readonly next: "finished" };

/**
 * What is next for a run that is being executed; `by` is who would do it. An act is begun by the owner alone, and while its
 * lease runs: for anybody else, or after a time when nobody was at it, what the plan rests on was read too long ago, and the run
 * is claimed anew before. It is lost when a step was out; and nothing more is begun from `beginBy` on.
 */
export function nextAction(run: Run, now: number, by: string = run.owner): RunAction {
  if (run.insists) return nextInsisting(run, now);
  const current = run.steps.find((step) => step.state !== "done");
  if (!current || current.state === "refused" || current.state === "unknown") return { next: "finished" };
  const abandoned = now >= run.leaseUntil;
  if (current.state === "started") {
    const { lookAt } = current;
    if (lookAt === undefined) return abandoned ? { next: "lost" } : { next: "look-again", at: run.leaseUntil };
    if (now < lookAt) return { next: "look-again", at: lookAt };
    const left = abandoned && now >= lookAt + leaseMarginMs;
    return left && now < beginBy(run) && actsToCome(run) ? { next: "claim-again" } : { next: "send", step: current.id };
  }
  if (!abandoned && by !== run.owner) return { next: "look-again", at: run.leaseUntil };
  if (abandoned && !isBegun(run)) return { next: "claim-again" };
  // However long a reading before it was waited for: what people agreed to is by then too old to act on.
  if (current.role === "act" && now >= beginBy(run)) return { next: "finished" };
  return current.role === "act" && abandoned ? { next: "claim-again" } : { next: "send", step: current.id };
}

/** What is next for a request and its run: also of one that is over, of which something may be left to tell. */
export function nextFor({ request, run }: RunningRequest, now: number, by: string = run.owner): RunAction {
  return request.state === "EXECUTING" ? nextAction(run, now, by) : nextTellingLate({ request, run }, now);
}

/** From when on no act of it is begun. */
export function beginBy(run: Run): number {
  return run.beginBy ?? run.hardDeadline;
}

/** Was any step begun? */
export function isBegun({ steps }: Run): boolean {
  return steps.some(({ state }) => state !== "planned");
}

function actsToCome({ steps }: Run): boolean {
  return steps.some(({ role, state }) => role === "act" && state === "planned");
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
  if (run.fence !== start.fence) return undefined;
  const action = nextFor({ request, run }, start.now, start.owner);
  const record = run.steps.find((step) => step.id === start.step);
  if (action.next !== "send" || action.step !== start.step || !record || record.lookAt !== undefined) return undefined;
  const { againAt: _, progress: __, printed: ___, ...kept } = record;
  const begun: StepRecord = {
    ...kept,
    state: "started",
    at: start.now,
    begunAt: start.now,
    ...(start.reads === true && { lookAt: start.now, idle: true }),
    ...(run.insists && { tries: (record.tries ?? 0) + 1 }),
    // Its process died while it was out: whatever the next try is told, that one may have had its effect.
    ...(record.state === "started" && record.role === "act" && { mayHaveActed: true }),
  };
  const fence = start.owner === run.owner ? run.fence : run.fence + 1;
  const { owner, leaseUntil } = start;
  // Whoever sends it may be acting until its lease is over, so that nobody looks it up before. Of what only reads nothing is out.
  const hardDeadline = start.reads === true ? run.hardDeadline : Math.max(run.hardDeadline, leaseUntil);
  const next = { ...run, fence, owner, leaseUntil, beginBy: beginBy(run), hardDeadline };
  return { request, run: withStep(next, begun) };
}

export interface StepResult {
  readonly fence: number;
  readonly step: string;
  readonly outcome: StepOutcome;
  /** Of a step that only reads: which look this is the outcome of, as `lookAt` was when it began. */
  readonly lookAt?: number | undefined;
  readonly now: number;
  /** Whose result it is. */
  readonly owner: string;
  /** How long the run is its owner's after it, in ms. */
  readonly leaseMs: number;
  /** Of a reading that has come to its end and is not believed yet: what may still undo it, in words. */
  readonly heldFor?: string | undefined;
}

/**
 * What became of a step. The run is its owner's a little longer, to go on with; after a look that another took it is nobody's, so
 * that it is claimed anew before an act. A look that another one has overtaken counts for nothing: what it went by is no longer
 * how the step stands.
 */
export function endStep({ request, run }: RunningRequest, result: StepResult): RunRuling {
  const record = run.steps.find((step) => step.id === result.step);
  if (run.fence !== result.fence || record?.state !== "started") return undefined;
  if (request.state !== "EXECUTING" && !(request.state === "SUCCEEDED" && record.role === "tell")) return undefined;
  if (record.lookAt !== result.lookAt) return undefined;
  const goesOn = result.owner === run.owner || run.insists;
  // Whoever sent it has heard it to its end, and says what it printed.
  const { printed: _, ...heard } = record;
  const ended = {
    ...withOutcome(withStep(run, heard), result),
    leaseUntil: result.now + (goesOn ? result.leaseMs : 0),
  };
  if (!run.insists) return { request, run: ended };
  if (result.heldFor !== undefined) return { request, run: heldOn(ended, { ...result, heldFor: result.heldFor }) };
  const undone = record.held && result.outcome.outcome !== "done" ? { againAfter: record.held.for } : {};
  return { request, run: insistAfter({ ...ended, ...undone }, result.step, result.now) };
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

/**
 * Nothing more is sent: what the plan rests on is not as it was, could not be read, or the target is not the one meant. What is
 * out may still have its effect, so that this cannot be said of it.
 */
export function refuseRun(
  { request, run }: RunningRequest,
  by: { readonly fence: number; readonly now: number; readonly why: string },
): RunRuling {
  if (!owned(request, run, by.fence) || isOut(run)) return undefined;
  const state = hasEffects(run.steps) ? "PARTIAL" : "FAILED";
  const said = isBegun(run) ? "Nothing more was sent" : "Nothing was sent";
  const why = `${by.why} ${said}${state === "PARTIAL" ? "; earlier steps have taken effect" : ""}.`;
  const steps = run.steps.map((step) =>
    step.state === "started"
      ? endedStep(step, { state: "unknown", detail: "it was not read any more", at: by.now })
      : step,
  );
  return { request: { ...request, state, stateAt: by.now, why }, run: nobodyActs({ ...run, steps }, state, by.now) };
}

/** Is something sent that nobody has written down the answer of? */
export function isOut({ steps }: Run): boolean {
  return steps.some(({ state, lookAt }) => state === "started" && lookAt === undefined);
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
  const seen = counted.reduce((all, { step, outcome }) => withOutcome(all, { step, outcome, now: found.now }), run);
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
export function onlyReadsLeft({ steps }: Run): boolean {
  return steps.every(({ role, state }) => role !== "act" || state === "done");
}

function lastActAt({ steps }: Run): number {
  return Math.max(...steps.map(({ role, at = 0 }) => (role === "act" ? at : 0)));
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

function withOutcome(run: Run, { step: id, outcome, now }: Pick<StepResult, "step" | "outcome" | "now">): Run {
  const record = run.steps.find((step) => step.id === id);
  if (!record) return run;
  if (outcome.outcome === "waiting") {
    const { detail, progress, againInMs } = outcome;
    return withStep(run, { ...record, detail, lookedAt: now, lookAt: now + againInMs, progress });
  }
  const { outcome: state, detail } = outcome;
  const unseen = "unseen" in outcome && outcome.unseen ? { unseen: true as const } : {};
  const value = "value" in outcome && outcome.value !== undefined ? { value: outcome.value } : {};
  return withStep(run, { ...endedStep(record, { state, detail, at: now, ...value }), ...unseen });
}

/** The step with how it ended. What was kept of the looks at it is over. */
export function endedStep(step: StepRecord, end: Pick<StepRecord, "state" | "detail" | "at" | "value">): StepRecord {
  const { lookAt: _, progress: __, lookedAt: ___, shownAt: ____, held: _____, ...record } = step;
  return { ...record, ...end };
}

/** The run as it stands, judged: nothing more of it is begun. */
export function concluded(request: Request, run: Run, now: number): RunningRequest {
  const { state, why } = run.insists ? insistVerdict(run) : runVerdict(run.steps);
  return { request: { ...request, state, stateAt: now, why }, run: nobodyActs(run, state, now) };
}
