import { standingApprovals } from "./request.ts";
import { approvingRoles, type Moment, no, type Ruling, refuseClosed, type Voter } from "./request-rules.ts";
import {
  concluded,
  endedStep,
  isOut,
  nextAction,
  type Run,
  type RunningRequest,
  type StepRecord,
  type WholeRequest,
} from "./run.ts";

/**
 * Ends the wait of a run, for whoever said yes to it, and of a change also for whoever asked: one person is enough, because it
 * only stops waiting. What was done stays done, what was not is not begun, and what was waited for is not known.
 */
export function abort({ request, sealed, run }: WholeRequest, vote: Voter & Moment): Ruling {
  const closed = refuseClosed(request, ["EXECUTING"]);
  if (closed || !run) return closed ?? no("closed", "It is not running.");
  const { person, now, policy } = vote;
  const approved = standingApprovals(request).some((decision) => decision.person === person.id);
  const asked = sealed.requester.person === person.id;
  if (!(asked && sealed.risk === "change")) {
    if (!approved) {
      const own = asked ? " You asked for it, and it destroys something: whoever approved it ends its wait." : "";
      return no("not-yours", `Only ${abortersWords({ request, sealed })} can abort this.${own}`);
    }
    if (approvingRoles(sealed, { person, where: vote }, policy).length === 0)
      return no("not-eligible", `${person.name} may no longer decide on this.`);
  }
  const why = unabortable(run, now);
  if (why !== undefined) return no("busy", why);
  return { ok: true, ...aborted({ request, run }, { name: person.name, now }) };
}

/** Those who may abort it, by name. */
export function abortersWords({ request, sealed }: Pick<WholeRequest, "request" | "sealed">): string {
  const approvers = standingApprovals(request).map(({ name }) => name);
  const all = sealed.risk === "change" ? [sealed.requester.name, ...approvers] : approvers;
  return all.join(" or ");
}

/** Does it wait for something, so that there is something to abort? */
export function isAbortable({ request, run }: WholeRequest): boolean {
  return request.state === "EXECUTING" && run?.insists !== true && currentStep(run)?.lookAt !== undefined;
}

/** Why nobody ends a run now; undefined where only a wait stands between it and its next step. */
export function unabortable(run: Run, now: number): string | undefined {
  if (run.insists) return "It is urgent: it is sent until it is read back, and nobody stops that.";
  const current = currentStep(run);
  if (!current || nextAction(run, now).next === "finished")
    return "Nothing of it is waited for any more: it is ending.";
  if (isOut(run))
    return `${current.title} is under way, and what changes something is not interrupted. It can be aborted once that has ended and a step waits.`;
  return undefined;
}

function aborted(running: RunningRequest, by: { readonly name: string; readonly now: number }): RunningRequest {
  const detail = `aborted by ${by.name}${lastSeen(running)}`;
  const ended = waitEnded(running, { detail, now: by.now });
  const why = ended.request.why.includes(detail) ? ended.request.why : `Aborted by ${by.name}. ${ended.request.why}`;
  return { ...ended, request: { ...ended.request, why, abortedAt: by.now } };
}

/**
 * What only watches a system is over once that was stopped: nothing that it waits for is to be seen there any more. `by`: what
 * stopped it, in words. Undefined where nothing is waited for.
 */
export function haltOver(
  { request, sealed, run }: WholeRequest,
  { by, now }: { readonly by: string; readonly now: number },
): RunningRequest | undefined {
  if (!run || request.state !== "EXECUTING" || unabortable(run, now) !== undefined) return undefined;
  const seen = lastSeen({ run });
  const ended = waitEnded({ request, run }, { detail: `ended by ${by}${seen}`, now });
  const why = `Ended: ${by} came while it was watched, so ${sealed.systemTitle} is not watched on; it was not seen to its end${seen}.`;
  return { ...ended, request: { ...ended.request, why } };
}

function lastSeen({ run }: Pick<RunningRequest, "run">): string {
  const detail = currentStep(run)?.detail;
  return detail === undefined ? "" : `; last seen: ${detail}`;
}

/** Nothing is waited for any more, and what was not begun is not begun. */
function waitEnded(
  { request, run }: RunningRequest,
  { detail, now }: { readonly detail: string; readonly now: number },
): RunningRequest {
  const current = currentStep(run);
  const steps = run.steps.map((step) =>
    step.id === current?.id && step.state === "started" ? endedStep(step, { state: "unknown", detail, at: now }) : step,
  );
  return concluded(request, { ...run, steps }, now);
}

function currentStep(run: Run | undefined): StepRecord | undefined {
  return run?.steps.find(({ state }) => state !== "done");
}
