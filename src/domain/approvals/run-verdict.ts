import type { RequestState } from "./request.ts";
import type { Run, StepRecord } from "./run.ts";

/** Has a step taken effect? One that only reads never has. */
export function hasEffects(steps: readonly StepRecord[]): boolean {
  return steps.some(({ role, state, idle }) => role === "act" && state === "done" && idle !== true);
}

/** How a run ends by what is known of its steps: what is in doubt is never guessed. */
export function runVerdict(steps: readonly StepRecord[]): { state: RequestState; why: string } {
  const doubtful = steps.find(({ state }) => isInDoubt(state));
  const refused = steps.find((step) => step.state === "refused");
  const effects = hasEffects(steps);
  if (doubtful?.idle && doubtful.role === "act") {
    // What only reads was waited for in vain: that leaves open nothing that was done before it.
    const why = endedWords(doubtful);
    if (!effects) return { state: "FAILED", why: `${why} Nothing was changed.` };
    if (steps.some(({ role, state }) => role === "act" && state === "planned"))
      return { state: "PARTIAL", why: `${why} Earlier steps have taken effect.` };
  }
  if (doubtful) return { state: "UNKNOWN", why: endedWords(doubtful) };
  if (refused && !effects) return { state: "FAILED", why: `${endedWords(refused)} Nothing was changed.` };
  if (refused) return { state: "PARTIAL", why: `${endedWords(refused)} Earlier steps have taken effect.` };
  const waiting = steps.find((step) => step.state === "planned");
  if (waiting && !effects) return { state: "FAILED", why: `${waiting.title} was never sent. Nothing was changed.` };
  if (waiting?.role === "verify") return { state: "UNKNOWN", why: `${waiting.title} has not been read yet.` };
  if (waiting) return { state: "PARTIAL", why: `${waiting.title} was never sent; earlier steps have taken effect.` };
  // What was done is titled as an order, and read as one: only what was seen says how it is.
  const unseen = steps.find((step) => step.unseen);
  if (unseen)
    return {
      state: "SUCCEEDED",
      why: `It is as it was to be, and was NOT seen to run. ${unseen.detail ?? unseen.title}.`,
    };
  const last = steps.at(-1);
  return { state: "SUCCEEDED", why: `Every step was confirmed.${last?.role === "verify" ? ` ${last.title}.` : ""}` };
}

/** Why a run ends with this step. The title of what verifies is a claim, which must not be read as if it held. */
function endedWords({ title, role, state, detail }: StepRecord): string {
  const found = detail ?? (state === "refused" ? "refused" : "no answer was recorded");
  if (role !== "verify") return `${title}: ${found}.`;
  const claim = state === "refused" ? "This was checked and is not so" : "This was waited for and not seen to be so";
  return `${claim}: ${title}. Found: ${found}.`;
}

/**
 * Where every act was done, was refused or was never begun, as where what was done was only not seen to be so, nobody can still be
 * acting: how it ended may be said at once, however much longer it might have taken.
 */
export function nobodyActs(run: Run, ended: RequestState, now: number): Run {
  if (!["PARTIAL", "UNKNOWN"].includes(ended) || run.insists || mayStillAct(run)) return run;
  return { ...run, hardDeadline: Math.min(run.hardDeadline, now) };
}

/** Is something that acts out, or of an outcome that nobody knows? */
export function mayStillAct({ steps }: Run): boolean {
  return steps.some(({ role, idle, state }) => role === "act" && !idle && isInDoubt(state));
}

function isInDoubt(state: StepRecord["state"]): boolean {
  return state === "unknown" || state === "started";
}
