import { typedAsking } from "./ask-again.ts";
import { askedWords, type Halt, type Request, type RequestState, type Sealed, standingWords } from "./request.ts";

interface Asked {
  readonly request: Request;
  readonly sealed: Sealed;
}

/** Does it halt its system, or set going what may have been halted? */
export function isAboutHalting({ permission, direction }: Pick<Sealed, "permission" | "direction">): boolean {
  return permission === "stop" || mayRevive({ direction });
}

/** Can it set its system going again? Then it is decided anew after whatever halts or replaces that. */
export function mayRevive({ direction }: Pick<Sealed, "direction">): boolean {
  return direction === "increases";
}

/**
 * Is what may revive its system, and was asked before, decided anew once this has begun? A stop always; else what destroys, and
 * what concerns the whole system, such as a pause: neither was known to whoever agreed.
 */
export function halts({
  permission,
  direction,
  risk,
  plan,
}: Pick<Sealed, "permission" | "direction" | "risk" | "plan">): boolean {
  if (permission === "stop") return true;
  return !mayRevive({ direction }) && (risk === "destructive" || (plan.targets ?? []).length === 0);
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
  const [first, ...later] = standingHalts(newestFirst);
  return first ? [first, ...later.slice(1 - mostHalts)].map(haltOf) : [];
}

/** Of requests about the halting of one system, newest first: those that `haltsSince` is about, each whole. */
export function standingHalts<Each extends Asked>(newestFirst: readonly Each[]): readonly Each[] {
  const revived = newestFirst.findIndex(isRevival);
  const since = revived === -1 ? newestFirst : newestFirst.slice(0, revived);
  return since
    .filter(({ request, sealed }) => sealed.permission === "stop" && mayHaveHalted.includes(request.state))
    .toReversed();
}

/** Of requests about the halting of its system: the first that set it going again after this had halted it. */
export function revivalOf<Each extends Asked>(halt: Asked, others: readonly Each[]): Each | undefined {
  if (halt.sealed.permission !== "stop" || halt.request.state !== "SUCCEEDED") return undefined;
  return others
    .filter((each) => isRevival(each) && each.request.stateAt >= halt.request.stateAt)
    .toSorted((a, b) => a.request.stateAt - b.request.stateAt)[0];
}

/** Do its card's words hang on how a request of this operation stands: does that follow it, or set going what it halted? */
export function isToldOf({ permission, plan }: Sealed, other: Pick<Sealed, "operation" | "direction">): boolean {
  if (permission !== "stop") return false;
  return mayRevive(other) || operationsAfter(plan).includes(other.operation);
}

/** The operations that follow one, by itself or by people's hands. */
export function operationsAfter({ followUp, next = [] }: Sealed["plan"]): readonly string[] {
  return [...new Set([...(followUp ? [followUp.operation] : []), ...next.map(({ operation }) => operation)])];
}

/** A halt, and what undid it. */
interface Undone {
  readonly halt: Asked;
  readonly by: Asked;
}

/**
 * Of requests about the halting of its system, oldest first: the halt that this follows, by itself or because people asked for the
 * same, and what has undone that since this was asked. Undefined where it follows none, and while the halt stands.
 */
export function followsUndone({ request, sealed }: Asked, about: readonly Asked[]): Undone | undefined {
  const followed = ({ request: { id, openedAt }, sealed: { plan } }: Asked): boolean =>
    request.follows === undefined
      ? openedAt <= request.openedAt && plan.followUp?.operation === sealed.operation
      : id === request.follows;
  const halt = about.findLast((each) => each.sealed.permission === "stop" && followed(each));
  const by = halt && revivalOf(halt, about);
  return halt && by && by.request.stateAt >= request.openedAt ? { halt, by } : undefined;
}

/** Why what followed a halt is over, and what to ask for where it is still wanted. */
export function whyUndone({ sealed }: Pick<Asked, "sealed">, { halt, by }: Undone): string {
  const { system } = sealed;
  const instead = halt.sealed.plan.followUp?.instead;
  const typed = instead === undefined ? typedAsking(system, sealed) : `run ${system} ${instead}`;
  return `${sealed.systemTitle} runs again: ${requestOf(halt)}, which this follows, was undone by ${requestOf(by)}. Nothing was run. Where it is still wanted: ${typed} reason:"…".`;
}

function requestOf({ request, sealed }: Asked): string {
  return `${askedWords(sealed)} (request ${request.code})`;
}

/** Has it set its system going again? */
export function isRevival({ request, sealed }: Asked): boolean {
  return lifts(sealed) && sealed.permission !== "stop" && request.state === "SUCCEEDED";
}

/** Would it lift what halted its system? What starts a trader that stays stopped does not. */
export function lifts({ direction, plan }: Pick<Sealed, "direction" | "plan">): boolean {
  return mayRevive({ direction }) && plan.keepsStop !== true;
}

function haltOf({ request, sealed }: Asked): Halt {
  const { code, openedAt, reason } = request;
  const stands = standingWords(request);
  return { operation: sealed.operation, code, by: sealed.requester.name, at: openedAt, reason, stands };
}
