import type { StepOutcome } from "../systems/steps.ts";
import type { Request, RequestState, Run, StepRecord } from "./request.ts";

/** A rule about a run: the request as it becomes, or undefined when the fence has moved and the caller owns nothing. */
export type RunRuling = Request | undefined;

export interface StepResult {
  readonly fence: number;
  readonly step: string;
  readonly outcome: StepOutcome;
  readonly now: number;
}

/** Written before the step is sent, so that a crash leaves the trace that it may have happened. */
export function startStep(
  request: Request,
  start: { readonly fence: number; readonly step: string; readonly now: number; readonly leaseUntil: number },
): RunRuling {
  const run = owned(request, start.fence);
  if (!run) return undefined;
  const steps = run.steps.map((step) =>
    step.id === start.step ? { ...step, state: "started" as const, at: start.now } : step,
  );
  return { ...request, run: { ...run, steps, leaseUntil: start.leaseUntil } };
}

export function endStep(request: Request, result: StepResult): RunRuling {
  const run = owned(request, result.fence);
  return run && { ...request, run: withOutcome(run, result) };
}

/**
 * How a run stands once its owner stops. All confirmed is SUCCEEDED. A definite no before any effect is FAILED, after
 * one PARTIAL. Anything whose outcome is not known is UNKNOWN: never guessed, never run again.
 */
export function finishRun(request: Request, by: { readonly fence: number; readonly now: number }): RunRuling {
  const run = owned(request, by.fence);
  if (!run) return undefined;
  return concluded(request, run, by.now);
}

/** Nothing was sent: what the plan rests on could not be read or the target is not the one meant. */
export function refuseRun(
  request: Request,
  by: { readonly fence: number; readonly now: number; readonly why: string },
): RunRuling {
  const run = owned(request, by.fence);
  if (!run || run.steps.some((step) => step.state !== "planned")) return undefined;
  return { ...request, state: "FAILED", stateAt: by.now, why: `${by.why} Nothing was sent.` };
}

/** The owner went silent past its lease: the outcome is unknown, the lock stays, the fence rises. */
export function loseRun(request: Request, now: number): RunRuling {
  if (request.state !== "EXECUTING" || !request.run || now < request.run.leaseUntil) return undefined;
  const run = { ...request.run, fence: request.run.fence + 1 };
  return {
    ...request,
    run,
    state: "UNKNOWN",
    stateAt: now,
    why: "The process running it stopped before it was confirmed. Its outcome is being looked up.",
  };
}

/** What a look at the target found, step by step, once nobody can still be acting on the run's behalf. */
export function reconcile(
  request: Request,
  found: {
    readonly outcomes: readonly { readonly step: string; readonly outcome: StepOutcome }[];
    readonly now: number;
  },
): RunRuling {
  const run = request.run;
  if (request.state !== "UNKNOWN" || !run || found.now < run.hardDeadline) return undefined;
  const seen = found.outcomes.reduce(
    (all, { step, outcome }) => withOutcome(all, { fence: all.fence, step, outcome, now: found.now }),
    run,
  );
  const looked: Run = { ...seen, probes: run.probes + 1 };
  const decided = concluded(request, looked, found.now);
  return decided.state === "UNKNOWN" ? { ...request, run: looked } : decided;
}

/** True when the target stays locked: what happened there is not settled. */
export function keepsLock(state: RequestState): boolean {
  return state === "EXECUTING" || state === "UNKNOWN" || state === "PARTIAL";
}

function owned(request: Request, fence: number): Run | undefined {
  return request.state === "EXECUTING" && request.run?.fence === fence ? request.run : undefined;
}

function withOutcome(run: Run, result: StepResult): Run {
  const { outcome, detail } = result.outcome;
  const steps = run.steps.map((step) =>
    step.id === result.step ? { ...step, state: outcome, detail, at: result.now } : step,
  );
  return { ...run, steps };
}

function concluded(request: Request, run: Run, now: number): Request {
  const { state, why } = verdict(run.steps);
  return { ...request, run, state, stateAt: now, why };
}

function verdict(steps: readonly StepRecord[]): { state: RequestState; why: string } {
  const doubtful = steps.find((step) => step.state === "unknown" || step.state === "started");
  const refused = steps.find((step) => step.state === "refused");
  const effects = steps.some((step) => step.role === "act" && step.state === "done");
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
