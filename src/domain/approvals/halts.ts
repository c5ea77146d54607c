import { type Halt, type Request, type RequestState, type Sealed, standingWords } from "./request.ts";

interface Asked {
  readonly request: Request;
  readonly sealed: Sealed;
}

/** Does it halt its system, or set going what may have been halted? */
export function isAboutHalting({ permission, direction }: Pick<Sealed, "permission" | "direction">): boolean {
  return permission === "stop" || direction === "increases";
}

/** What is under way, or has ended in a way that may have changed something. */
const mayHaveHalted: readonly RequestState[] = ["APPROVED", "EXECUTING", "SUCCEEDED", "PARTIAL", "UNKNOWN"];

/** The first says since when it stands still; of those that came after it the newest matter most. */
const mostHalts = 5;

/**
 * Of requests about the halting of one system, newest first: what halted it, or may have, since it was last set going; oldest
 * first.
 */
export function haltsSince(newestFirst: readonly Asked[]): Halt[] {
  const revived = newestFirst.findIndex(
    ({ request, sealed }) => sealed.permission !== "stop" && request.state === "SUCCEEDED",
  );
  const since = revived === -1 ? newestFirst : newestFirst.slice(0, revived);
  const halts = since.filter(
    ({ request, sealed }) => sealed.permission === "stop" && mayHaveHalted.includes(request.state),
  );
  const [first, ...later] = halts.toReversed();
  return first ? [first, ...later.slice(1 - mostHalts)].map(haltOf) : [];
}

function haltOf({ request, sealed }: Asked): Halt {
  const { code, openedAt, reason } = request;
  const stands = standingWords(request);
  return { operation: sealed.operation, code, by: sealed.requester.name, at: openedAt, reason, stands };
}
