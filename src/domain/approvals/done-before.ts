import { inTheWay } from "./lock.ts";
import type { Request, RequestState, Sealed } from "./request.ts";
import { isInverse } from "./undoing.ts";

interface Asked {
  readonly request: Request;
  readonly sealed: Sealed;
}

/** What earlier requests have to do with one that people decide on: nobody agrees unknowingly to what was left before. */
export interface DoneBefore<Each extends Asked = Asked> {
  /** The request that exactly this one would undo, and the one which that had undone itself. */
  readonly undoes?: { readonly done: Each; readonly undid?: Each };
  /** The last one for the very same, where that was undone, stopped half-way or has an outcome nobody knows. */
  readonly alike?: Each;
}

/** What may have taken effect. */
const mayHaveActed: readonly RequestState[] = ["SUCCEEDED", "PARTIAL", "UNKNOWN"];

function hasActed({ request: { state, undoneBy } }: Asked): boolean {
  return mayHaveActed.includes(state) || undoneBy !== undefined;
}

/**
 * Of requests of a system, newest first: those that may have changed what a request concerns, in a span of time, oldest first. What
 * is told as changed meanwhile was then not, or not only, changed by somebody past Wardroom.
 */
export function doneBetween<Each extends Asked>(
  { id, targets }: { readonly id?: string; readonly targets: readonly string[] },
  { from, to }: { readonly from: number; readonly to: number },
  newestFirst: readonly Each[],
): readonly Each[] {
  return newestFirst
    .filter(({ request }) => request.id !== id && request.stateAt >= from && request.stateAt <= to)
    .filter((each) => hasActed(each) || each.request.state === "EXECUTING")
    .filter(({ sealed }) => concernsAny(sealed.plan.targets ?? [], targets))
    .toReversed();
}

/** What names no target concerns its whole system, and what only reads nothing. */
function concernsAny(one: readonly string[], other: readonly string[]): boolean {
  const lock = { holders: [{ request: "", targets: one }], fence: 0 };
  return inTheWay(lock, other).length > 0;
}

/** `others`: requests of its system, newest first; those that were opened after it say nothing of it. */
export function doneBefore<Each extends Asked>(asked: Asked, others: readonly Each[]): DoneBefore<Each> {
  const earlier = others.filter(
    (each) => each.request.id !== asked.request.id && each.request.openedAt <= asked.request.openedAt && hasActed(each),
  );
  const done = earlier.find(({ sealed }) => isInverse(asked.sealed, sealed));
  const undid =
    done &&
    earlier.find((each) => each.request.openedAt < done.request.openedAt && isInverse(done.sealed, each.sealed));
  const last = earlier.find(({ request }) => request.twin === asked.request.twin);
  const isLeft = last && (last.request.state !== "SUCCEEDED" || last.request.undoneBy !== undefined);
  return {
    ...(done && { undoes: { done, ...(undid && { undid }) } }),
    ...(isLeft && { alike: last }),
  };
}
