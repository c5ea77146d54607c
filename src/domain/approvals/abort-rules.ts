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
    if (!approved) return no("not-yours", `Only ${abortersWords({ request, sealed })} can abort this.`);
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

function aborted(
  { request, run }: RunningRequest,
  by: { readonly name: string; readonly now: number },
): RunningRequest {
  const current = currentStep(run);
  const last = current?.detail === undefined ? "" : `; last seen: ${current.detail}`;
  const detail = `aborted by ${by.name}${last}`;
  const steps = run.steps.map((step) =>
    step.id === current?.id && step.state === "started"
      ? endedStep(step, { state: "unknown", detail, at: by.now })
      : step,
  );
  const ended = concluded(request, { ...run, steps }, by.now);
  const why = ended.request.why.includes(detail) ? ended.request.why : `Aborted by ${by.name}. ${ended.request.why}`;
  return { ...ended, request: { ...ended.request, why, abortedAt: by.now } };
}

function currentStep(run: Run | undefined): StepRecord | undefined {
  return run?.steps.find(({ state }) => state !== "done");
}
