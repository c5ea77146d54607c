import type { Plan } from "./plan.ts";
import { isOut, nextAction, type RunningRequest, type RunRuling } from "./run.ts";

/** The owner went silent past its lease: the outcome is unknown, the lock stays, the fence rises. */
export function loseRun({ request, run }: RunningRequest, now: number): RunRuling {
  if (request.state !== "EXECUTING" || nextAction(run, now).next !== "lost") return undefined;
  const why = "The process running it stopped before it was confirmed. Its outcome is being looked up.";
  return { request: { ...request, state: "UNKNOWN", stateAt: now, why }, run: { ...run, fence: run.fence + 1 } };
}

/**
 * The process that was at it is known to be gone, so that nobody waits for its lease. Where the system's file says nothing else, what
 * it had sent is taken to act no longer than its step may take, so that a look is believed from then on; a deadline that the file
 * sets stays. Undefined where nobody was at anything.
 */
export function abandonRun(
  { request, run }: RunningRequest,
  { plan, now }: { readonly plan: Pick<Plan, "ownDeadline">; readonly now: number },
): RunRuling {
  if (request.state !== "EXECUTING") return undefined;
  // Only of a lease that still runs: one that an earlier start cut short says no longer when the step ends.
  const cuts = isOut(run) && !run.insists && !plan.ownDeadline && run.leaseUntil > now;
  const ends = cuts ? { hardDeadline: Math.min(run.hardDeadline, run.leaseUntil) } : {};
  // A try that was put off is not put off for longer than it took to start anew.
  const steps = run.steps.map((step) =>
    step.againAt === undefined ? step : { ...step, againAt: Math.min(step.againAt, now) },
  );
  return { request, run: { ...run, ...ends, steps, leaseUntil: Math.min(run.leaseUntil, now) } };
}
