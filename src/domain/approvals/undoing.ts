import { textOfDatum } from "../systems/exact.ts";
import type { Plan } from "./plan.ts";
import { type Request, requestWords, type Sealed } from "./request.ts";
import { onlyReadsLeft, type Run, type RunningRequest } from "./run.ts";

/** What of a request says what exactly it does; without its plan where it could not be made. */
type Asked = Pick<Sealed, "system" | "operation" | "arguments"> & { readonly plan?: Pick<Sealed["plan"], "amountsTo"> };

/** A request that something may be held by, with what was approved of it. */
interface Stopped {
  readonly request: Pick<Request, "state">;
  readonly sealed: Pick<Sealed, "system" | "plan">;
  readonly run?: Run | undefined;
}

/**
 * Is it exactly what undoes a run that stopped half-way, as people approved that run? It alone goes past what such a run holds:
 * otherwise its own lock would keep what it left half done from being undone. Of a run whose outcome is not known yet, nothing
 * is undone, because what is still on its way would take effect after it; unless all of it was done and only does not show.
 */
export function undoes(asked: Asked, { request, sealed, run }: Stopped): boolean {
  return isUndoable(request, run) && isInverse(asked, sealed);
}

/** Is nothing on its way any more of what has not come to its end? */
export function isUndoable({ state }: Pick<Request, "state">, run: Run | undefined): boolean {
  return state === "PARTIAL" || (state === "UNKNOWN" && run !== undefined && !run.insists && onlyReadsLeft(run));
}

/** Is it what undoes this, with the very arguments that people saw, by its own name or as what it comes to the very same as? */
export function isInverse({ system, operation, arguments: given, plan }: Asked, sealed: Stopped["sealed"]): boolean {
  const { inverse } = sealed.plan;
  if (inverse === undefined || system !== sealed.system) return false;
  return [{ operation, arguments: given }, ...(plan?.amountsTo ? [plan.amountsTo] : [])].some((each) =>
    isSameAsking(each, inverse),
  );
}

function isSameAsking(one: NonNullable<Plan["inverse"]>, other: NonNullable<Plan["inverse"]>): boolean {
  const names = new Set([...Object.keys(one.arguments), ...Object.keys(other.arguments)]);
  const sameArguments = [...names].every((name) => {
    const [mine, theirs] = [one.arguments[name], other.arguments[name]];
    return mine !== undefined && theirs !== undefined && textOfDatum(mine) === textOfDatum(theirs);
  });
  return one.operation === other.operation && sameArguments;
}

/** What stopped half-way and was taken back since, as was read back, is over: nobody need say how it ended. */
export function takenBack(
  { request, run }: RunningRequest,
  by: { readonly undo: { readonly request: Request; readonly sealed: Sealed }; readonly now: number },
): RunningRequest {
  const why = `It stopped half-way and was taken back by ${requestWords(by.undo)}, which was read back. ${request.why}`;
  return { request: { ...request, state: "FAILED", stateAt: by.now, why, undoneBy: by.undo.request.id }, run };
}

/** What was done and undone since stays done, and says so. */
export function reversed(request: Request, undo: { readonly request: Request; readonly sealed: Sealed }): Request {
  const why = `Undone since by ${requestWords(undo)}. ${request.why}`;
  return { ...request, why, undoneBy: undo.request.id };
}

/** Would undoing it lead anywhere but to how it is, or to how something stopped half-way? */
export function mayBeUndone({ undoneBy, undoes: ids = [] }: Request): boolean {
  return undoneBy === undefined && ids.length === 0;
}

/** Has it undone something that was done? What people said of it proves nothing. */
export function hasReversed({ state, reverses = [], settledBy }: Request): boolean {
  return state === "SUCCEEDED" && settledBy === undefined && reverses.length > 0;
}

/** Has it taken back what stopped half-way, so that it was read back? What people said of it proves nothing. */
export function hasTakenBack({ state, undoes: ids = [], settledBy }: Request, { plan }: Pick<Sealed, "plan">): boolean {
  return state === "SUCCEEDED" && settledBy === undefined && ids.length > 0 && plan.verify.length > 0;
}

/** What follows something by itself and changed nothing did not fail where that was undone: there is nothing left to follow. */
export function overWith(
  { request, run }: RunningRequest,
  undo: { readonly request: Request; readonly sealed: Sealed },
): RunningRequest {
  if (request.state !== "FAILED") return { request, run };
  const why = `What it followed is undone by ${requestWords(undo)}, so there is nothing left to do. ${request.why}`;
  return { request: { ...request, why, undoneBy: undo.request.id }, run };
}
