import { loseRun } from "../../domain/approvals/lost-run.ts";
import { outStep, printedBy } from "../../domain/approvals/printed.ts";
import { expire } from "../../domain/approvals/request-rules.ts";
import {
  endStep,
  finishRun,
  type Run,
  type RunningRequest,
  type RunRuling,
  reconcile,
  refuseRun,
  silentMs,
  startStep,
} from "../../domain/approvals/run.ts";
import { overWith } from "../../domain/approvals/undoing.ts";
import { nobody, type RequestDetails, type RequestEvent } from "../../domain/journal.ts";
import type { Store } from "../../domain/store.ts";
import type { StepEnd, StepOutcome, StepValue } from "../../domain/systems/steps.ts";
import { readRequest } from "../../records/request.ts";
import { type Attempt, transact } from "../transact.ts";
import { behindNotices, copyNotices, listOpenOnce } from "./copies.ts";
import { undoesFollowed } from "./end-taken-back.ts";
import { haltedSince } from "./halted-since.ts";
import { stateCommit, waitCommit } from "./state-commit.ts";

/** A change of a run that has been claimed. Undefined when the fence has moved: the caller owns nothing any more and must stop. */
async function changeRun(
  store: Store,
  id: string,
  change: {
    readonly kind: RequestEvent;
    readonly durable?: boolean;
    /** The fence under which an act is begun: it is not, where its system was halted since it was asked. */
    readonly begins?: number | undefined;
    /** What is told of it besides how the request stands. */
    readonly details?: Pick<RequestDetails, "step" | "said">;
    readonly rule: (running: RunningRequest, now: number) => RunRuling;
  },
): Promise<RunRuling> {
  const outcome = await transact(store, async (now): Promise<Attempt<RunRuling>> => {
    const read = await readRequest(store, id);
    if (!read?.run) return { result: undefined };
    const running = { request: read.request, run: read.run };
    const { begins: fence } = change;
    const halted = fence === undefined ? undefined : await haltedSince(store, read, now);
    const refused =
      fence !== undefined && halted?.why !== undefined && refuseRun(running, { fence, now, why: halted.why });
    const ruled = refused === false ? change.rule(running, now) : refused;
    if (!ruled) return { result: undefined };
    const { request, run } = ruled;
    const commit = await stateCommit(store, read, {
      request,
      run,
      now,
      kind: refused ? "finished" : change.kind,
      who: nobody,
      details: { why: request.why, fence: run.fence, ...(!refused && change.details) },
    });
    return {
      result: refused ? undefined : ruled,
      commit: {
        ...commit,
        expect: { ...commit.expect, ...halted?.expect },
        ...(change.durable && { durable: true }),
      },
    };
  });
  return outcome.repeated ? undefined : outcome.result;
}

/** Which step of which run, under which fence; of one that only reads, which look at it. */
export interface StepAt {
  readonly id: string;
  readonly fence: number;
  readonly step: string;
  readonly lookAt?: number | undefined;
  /** Who begins it or whose result it is. */
  readonly owner: string;
  /** How long the store was seen to take over a commit, in ms. */
  readonly slowMs?: number;
}

/** A step that is written down as begun. */
export interface Begun {
  readonly fence: number;
  /** From then on it is not sent, store time in ms: it could still be under way when others think it lost. */
  readonly sendBefore: number;
  /** Which look it is, for a step that only reads. */
  readonly lookAt: number | undefined;
}

/**
 * Writes down that a step is about to be sent. Durable, because a crash must leave the trace. Answers under which fence and
 * until when it may be sent. What is urgent may be for as long as it insists: sent twice it harms nobody, never sent it does.
 * Undefined when the run has passed to another, and when it is over: what may set its system going is not sent any more once that
 * was halted since it was asked.
 */
export async function recordStart(
  store: Store,
  at: StepAt & {
    readonly budgetMs: number;
    /** It has no effect: whoever comes across the run may look again. */
    readonly reads?: boolean;
  },
): Promise<Begun | undefined> {
  const started = await changeRun(store, at.id, {
    kind: "step-started",
    durable: true,
    begins: at.reads === true ? undefined : at.fence,
    details: { step: at.step },
    rule: (running, now) => startStep(running, { ...at, now, leaseUntil: now + at.budgetMs + silentMs(at.slowMs) }),
  });
  if (!started) return undefined;
  const { fence, leaseUntil, hardDeadline, insists, steps } = started.run;
  const sendBefore = (insists ? hardDeadline : leaseUntil) - at.budgetMs;
  return { fence, sendBefore, lookAt: steps.find((step) => step.id === at.step)?.lookAt };
}

/**
 * Writes down what became of a step, or of a look at it. `mayUndo`: what may still undo what a stop does, as it was when the look
 * began. What is read back is then not believed, but read again until nothing may; once it no longer holds it is sent again. False
 * when the run has passed to another.
 */
export async function recordOutcome(
  store: Store,
  at: StepAt & { readonly outcome: StepOutcome; readonly look?: HaltLook | undefined },
): Promise<boolean> {
  const { outcome, look } = at;
  if (look?.mayUndo !== undefined && outcome.outcome === "done") {
    const { detail } = outcome;
    if (!look.reads) {
      const again = `${detail}, and it is sent again until ${look.mayUndo} has ended`;
      return recordEnd(store, { ...at, outcome: { outcome: "unknown", detail: again } });
    }
    const waits = { outcome: "waiting", detail, progress: look.progress ?? null, againInMs: heldLookMs } as const;
    return recordWait(store, { ...at, outcome: waits, heldFor: look.mayUndo });
  }
  if (outcome.outcome !== "waiting") return recordEnd(store, { ...at, outcome });
  if (look?.held !== true) return recordWait(store, { ...at, outcome });
  return recordEnd(store, { ...at, outcome: { outcome: "unknown", detail: `${outcome.detail}: it holds no more` } });
}

/** What a look at a step of a stop began with. */
export interface HaltLook {
  /** What may still undo what it does, in words; undefined where nothing may. */
  readonly mayUndo: string | undefined;
  /** Does the step only read? What cannot be read back is sent again instead. */
  readonly reads: boolean;
  /** Was it read back before, and is only read on? And what that look had come to before it. */
  readonly held?: boolean | undefined;
  readonly progress?: StepValue | undefined;
}

/** How often what is read back is looked at while something may undo it, in ms: whoever pressed a stop counts in seconds. */
const heldLookMs = 1_000;

/** Writes down what became of a step. False when the run has passed to another. */
export async function recordEnd(store: Store, at: StepAt & { readonly outcome: StepEnd }): Promise<boolean> {
  return (
    (await changeRun(store, at.id, {
      kind: "step-ended",
      details: { step: at.step, said: `${at.outcome.outcome}: ${at.outcome.detail}` },
      rule: (running, now) => endStep(running, { ...at, now, leaseMs: silentMs(at.slowMs) }),
    })) !== undefined
  );
}

/** Writes down how a step stands that is looked at again. Every copy of the card shows it now and then. */
export async function recordWait(
  store: Store,
  at: StepAt & {
    readonly outcome: Extract<StepOutcome, { outcome: "waiting" }>;
    readonly heldFor?: string | undefined;
  },
): Promise<boolean> {
  const leaseMs = silentMs(at.slowMs);
  const outcome = await transact(store, async (now): Promise<Attempt<boolean>> => {
    const read = await readRequest(store, at.id);
    const ruled = read?.run && endStep({ request: read.request, run: read.run }, { ...at, now, leaseMs });
    if (!read || !ruled) return { result: false };
    const shown = shownNow(ruled.run, { step: at.step, now });
    if (!shown) return { result: true, commit: waitCommit(read, ruled.run, now) };
    const commit = waitCommit(read, shown, now);
    const notices = [
      ...copyNotices(read.request, now),
      ...(await behindNotices({ ...read, open: listOpenOnce(store) }, now)),
    ];
    return { result: true, commit: { ...commit, notices } };
  });
  return !outcome.repeated && outcome.result;
}

/** How long a step is out, in ms, before its card shows what it prints: most have ended by then. */
const showAfterMs = 3_000;

/**
 * Writes down what a step that is out has printed, where it is time to show it, and asks for it only then. The lease stays as it
 * is: that it prints says nothing of when it ends.
 */
export async function recordPrinted(store: Store, at: StepAt, printed: () => string): Promise<void> {
  await transact(store, async (now): Promise<Attempt<void>> => {
    const read = await readRequest(store, at.id);
    const step = read?.run && outStep(read.run.steps, at.step);
    if (!read?.run || !step) return { result: undefined };
    const { at: begunAt = now } = step;
    if (now < (step.printed ? step.printed.at + showEveryMs(now - begunAt) : begunAt + showAfterMs))
      return { result: undefined };
    const ruled = printedBy({ request: read.request, run: read.run }, { ...at, text: printed(), now });
    if (!ruled) return { result: undefined };
    const notices = copyNotices(read.request, now);
    return { result: undefined, commit: { ...waitCommit(read, ruled.run, now), notices } };
  });
}

/** How often a card shows how a wait stands, in ms: as often as helps, and of one that lasts for hours once a minute. */
function showEveryMs(elapsedMs: number): number {
  return elapsedMs < 300_000 ? 15_000 : 60_000;
}

/** The run with its wait marked as shown, where it is time to show it; undefined where it is not, or is just over. */
function shownNow(run: Run, { step: id, now }: { readonly step: string; readonly now: number }): Run | undefined {
  const step = run.steps.find((each) => each.id === id);
  if (step?.lookAt === undefined) return undefined;
  const { at = now, shownAt } = step;
  if (shownAt !== undefined && now - shownAt < showEveryMs(now - at)) return undefined;
  return { ...run, steps: run.steps.map((each) => (each.id === id ? { ...each, shownAt: now } : each)) };
}

/** Nothing is left to do: how it all ended. */
export async function recordFinish(
  store: Store,
  at: { readonly id: string; readonly fence: number },
): Promise<boolean> {
  const undo = await undoesFollowed(store, at.id);
  const rule = (running: RunningRequest, now: number): RunRuling => {
    const ruled = finishRun(running, { ...at, now });
    return ruled && undo ? overWith(ruled, undo) : ruled;
  };
  return (await changeRun(store, at.id, { kind: "finished", rule })) !== undefined;
}

/** The lease ran out: the outcome is unknown until it is looked up. */
export async function recordLoss(store: Store, id: string): Promise<boolean> {
  return (await changeRun(store, id, { kind: "lost", rule: loseRun })) !== undefined;
}

/** What a look at the target found. When that settles nothing, another look is due later. */
export async function recordReconciliation(
  store: Store,
  id: string,
  outcomes: readonly { readonly step: string; readonly outcome: StepEnd }[],
): Promise<boolean> {
  const outcome = await transact(store, async (now): Promise<Attempt<boolean>> => {
    const read = await readRequest(store, id);
    const ruled = read?.run && reconcile({ request: read.request, run: read.run }, { outcomes, now });
    if (!read?.run || !ruled) return { result: false };
    // A look that found what the one before found is told to nobody.
    if (ruled.request === read.request && sameSteps(ruled.run, read.run))
      return { result: true, commit: waitCommit(read, ruled.run, now) };
    const details = { why: ruled.request.why, fence: ruled.run.fence };
    const change = { ...ruled, now, kind: "reconciled" as const, who: nobody, details };
    return { result: true, commit: await stateCommit(store, read, change) };
  });
  return !outcome.repeated && outcome.result;
}

function sameSteps(one: Run, other: Run): boolean {
  return one.steps.every(({ state, detail }, place) => {
    const step = other.steps[place];
    return step?.state === state && step.detail === detail;
  });
}

/** Ends what has waited too long. The sweeper only tidies: every decision checks the time itself. */
export async function recordLapse(store: Store, id: string): Promise<boolean> {
  const outcome = await transact(store, async (now): Promise<Attempt<boolean>> => {
    const read = await readRequest(store, id);
    const request = read && expire(read.request, read.sealed, now);
    if (!read || !request) return { result: false };
    const details = { why: request.why, fence: 0 };
    return {
      result: true,
      commit: await stateCommit(store, read, { request, now, kind: "expired", who: nobody, details }),
    };
  });
  return !outcome.repeated && outcome.result;
}
