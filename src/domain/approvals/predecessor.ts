import { ownSystemId } from "../systems/own-system.ts";
import { askAgainWords } from "./ask-again.ts";
import { inTheWay } from "./lock.ts";
import { type EndedUndecided, isReducing, isUrgent, type Request, requestWords, type Sealed } from "./request.ts";
import { invalidated } from "./request-rules.ts";
import { isInverse } from "./undoing.ts";

interface Asked {
  readonly request: Request;
  readonly sealed: Sealed;
}

/** Would a run of the one wait for a run of the other? What is urgent holds nothing and waits for nothing. */
export function standsBehind(asked: Asked, first: Asked): boolean {
  if (asked.request.id === first.request.id || asked.sealed.system !== first.sealed.system) return false;
  if (isUrgent(asked.sealed) || isUrgent(first.sealed)) return false;
  const holder = { request: first.request.id, targets: first.sealed.plan.targets ?? [] };
  return inTheWay({ holders: [holder], fence: 0 }, asked.sealed.plan.targets ?? []).length > 0;
}

/** Does it destroy something, so that it was agreed to for a system as its approvers saw it? What reduces risk never waits on that. */
export function mayRest(sealed: Sealed): boolean {
  return sealed.risk === "destructive" && sealed.system !== ownSystemId && !isReducing(sealed);
}

/** Is it over where what it waits for does not end as done? What undoes that is wanted all the more. */
export function restsOn(sealed: Sealed, first: Sealed): boolean {
  return mayRest(sealed) && !isInverse(sealed, first);
}

/** How what was approved is over, because one of these that it waited for did not end as done since; undefined where none did so. */
export function overBehind(asked: Asked, others: readonly Asked[], now: number): EndedUndecided | undefined {
  const { request, sealed } = asked;
  if (request.state !== "APPROVED") return undefined;
  const first = others.find(
    (other) =>
      (endedOtherwiseAt(other.request) ?? 0) > request.stateAt &&
      standsBehind(asked, other) &&
      restsOn(sealed, other.sealed),
  );
  if (!first) return undefined;
  const how = first.request.abortedAt === undefined ? "which did not end as done" : "which was aborted";
  const why = `It waited for ${requestWords(first)}, ${how}, so it is no longer what was agreed to; nothing was run.`;
  return invalidated(request, `${why} ${askAgainWords(request, sealed)}`, now);
}

/** When it was known that a run does not end as it was meant to; undefined while it may. */
function endedOtherwiseAt({ state, stateAt, abortedAt }: Request): number | undefined {
  return state === "FAILED" || state === "PARTIAL" ? stateAt : abortedAt;
}
