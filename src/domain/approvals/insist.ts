import type { Request, RequestState } from "./request.ts";
import type { Run, RunAction, StepRecord, StepResult } from "./run.ts";

/*
 * A run that insists is of something that one person may do at once and that only reduces what can be lost, such as an emergency
 * stop. It is sent again, under the same keys, until what it was for is read back or its hard deadline has come. That a
 * step had an effect once too often harms nobody there; that it had none does.
 */

/** A target that was away for a moment is tried again soon, one that stays away not more than every ten seconds. */
const firstPauseMs = 500;
const mostPauseMs = 10_000;

/** A run insists for a minute at least, or a store that takes its time over each commit would leave none for the first try. */
export const leastInsistingMs = 60_000;

/** What is next for a run that insists. Whatever its process died with is sent again when its lease is over. */
export function nextInsisting(run: Run, now: number): RunAction {
  if (isReadBack(run.steps)) return nextTelling(run, now);
  const out = run.steps.find(isOut);
  if (out && now < run.leaseUntil) return { next: "look-again", at: run.leaseUntil };
  const end = run.beginBy ?? run.hardDeadline;
  if (now >= end) return { next: out ? "lost" : "finished" };
  if (out) return { next: "send", step: out.id };
  // What is read back need not be sent: it is only read, until nothing can undo it any more.
  const steps = isShown(run.steps)
    ? run.steps.filter(({ held }) => held)
    : run.steps.filter(({ role }) => role !== "tell");
  const due = steps.find((step) => dueAt(step) <= now);
  if (due) return { next: "send", step: due.id };
  return { next: "look-again", at: Math.min(end, ...steps.map(dueAt)) };
}

/**
 * It was read back: what tells of that is begun once, and again only where its process died with it. It holds up nothing, so that it
 * is not waited for beyond the deadline.
 */
function nextTelling(run: Run, now: number): RunAction {
  return now < (run.beginBy ?? run.hardDeadline) ? nextToTell(run, now) : { next: "finished" };
}

/**
 * What is next for one that is done: what tells of that and was not begun before its end, because it was read back past its deadline, is
 * begun then.
 */
export function nextTellingLate(
  { request, run }: { readonly request: Pick<Request, "state">; readonly run: Run },
  now: number,
): RunAction {
  const isShownDone = request.state === "SUCCEEDED" && run.insists === true && isReadBack(run.steps);
  return isShownDone ? nextToTell(run, now) : { next: "finished" };
}

function nextToTell(run: Run, now: number): RunAction {
  const due = run.steps.find((step) => step.role === "tell" && (step.state === "planned" || isOut(step)));
  if (!due) return { next: "finished" };
  return isOut(due) && now < run.leaseUntil
    ? { next: "look-again", at: run.leaseUntil }
    : { next: "send", step: due.id };
}

/**
 * The run after a step of it was read back that something may still undo: it goes on, however long that takes, so that it is sent
 * again should that happen.
 */
export function heldOn(
  run: Run,
  { step: id, now, heldFor }: Pick<StepResult, "step" | "now"> & { readonly heldFor: string },
): Run {
  const goesOnUntil = Math.max(run.beginBy ?? run.hardDeadline, now + leastInsistingMs);
  return {
    ...run,
    beginBy: goesOnUntil,
    hardDeadline: Math.max(run.hardDeadline, goesOnUntil),
    steps: run.steps.map((step) =>
      step.id === id ? { ...step, held: { for: heldFor, since: step.held?.since ?? now } } : step,
    ),
  };
}

/** What may still undo what was read back, in words; undefined where nothing may, and while it is not read back. */
export function mayUndo(run: Run): string | undefined {
  return isShown(run.steps) ? run.steps.find(({ held }) => held)?.held?.for : undefined;
}

/** The run after one of its steps has ended: what failed is due again, and all that acts once a check could not be read back. */
export function insistAfter(run: Run, ended: string, now: number): Run {
  const record = run.steps.find(({ id }) => id === ended);
  if (!record || record.state === "started") return run;
  const failed = record.state !== "done" && record.role !== "tell";
  const again = now + Math.min(firstPauseMs * 2 ** ((record.tries ?? 1) - 1), mostPauseMs);
  return {
    ...run,
    steps: run.steps.map((step) => {
      if (step.id === ended) return { ...marked(step), ...(failed && { againAt: again }) };
      return failed && record.role === "verify" && step.role === "act" ? { ...step, againAt: now } : step;
    }),
  };
}

/** An act that did not say no may have had its effect, whatever it says when it is sent again. */
function marked(step: StepRecord): StepRecord {
  return step.role === "act" && step.state !== "refused" ? { ...step, mayHaveActed: true } : step;
}

/** Is what it was for read back? Where nothing can be read, that every step was confirmed has to do. */
function isReadBack(steps: readonly StepRecord[]): boolean {
  const checks = steps.filter(({ role }) => role === "verify");
  const own = checks.length > 0 ? checks : steps.filter(({ role }) => role !== "tell");
  return own.every(({ state }) => state === "done");
}

/** Was each check read back, whether or not that is believed for good? */
function isShown(steps: readonly StepRecord[]): boolean {
  const checks = steps.filter(({ role }) => role === "verify");
  return checks.length > 0 && checks.every(({ state, held }) => state === "done" || held !== undefined);
}

function isOut({ state, lookAt }: StepRecord): boolean {
  return state === "started" && lookAt === undefined;
}

/** When a step that nobody is at is to be sent or looked at; never for one that is done. */
function dueAt({ state, lookAt, againAt }: StepRecord): number {
  if (state === "planned") return Number.NEGATIVE_INFINITY;
  return lookAt ?? againAt ?? Number.POSITIVE_INFINITY;
}

/** The step that stands in the way of knowing that it took effect; undefined once it is read back, and before anything failed. */
export function notReadBack(run: Run): StepRecord | undefined {
  if (!run.insists || isReadBack(run.steps) || isShown(run.steps)) return undefined;
  const failed = run.steps.filter(({ state, tries = 0 }) => state === "refused" || state === "unknown" || tries > 1);
  return failed.find(({ role }) => role === "act") ?? failed[0];
}

/** How a run ends that insisted. Read back counts, whatever its acts were answered; that each act was refused is FAILED. */
export function insistVerdict(run: Run): { state: RequestState; why: string } {
  const steps = run.steps.filter(({ role }) => role !== "tell");
  const last = steps.at(-1)?.title ?? "There was nothing to do";
  if (isReadBack(steps)) {
    const odd = run.steps.find(({ role, state }) => state !== "done" && !(role === "tell" && state === "planned"));
    const but = odd ? `, although ${odd.title}: ${odd.detail ?? "no answer was recorded"}` : "";
    const again =
      run.againAfter === undefined
        ? ""
        : ` While ${run.againAfter} was open it was no longer read so, and was sent again.`;
    return {
      state: "SUCCEEDED",
      why: `${odd ? "It is read back" : "Every step was confirmed"}. ${last}${but}.${again}`,
    };
  }
  const open = notReadBack(run) ?? steps.find(({ state }) => state !== "done");
  const why = `${open?.title ?? last}: ${open?.detail ?? "it was not read back"}.`;
  const mayHaveActed = steps.some((step) => step.mayHaveActed === true || isOut(step));
  return { state: mayHaveActed ? "UNKNOWN" : "FAILED", why };
}
