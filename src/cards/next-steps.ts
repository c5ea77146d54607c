import { isOpen, type Request, type Sealed, standingWords } from "../domain/approvals/request.ts";
import type { ShownRequest } from "../domain/approvals/run.ts";
import { approveCommand } from "../domain/approvals/told-by-approver.ts";
import type { Block, ListItem } from "../domain/messages/card.ts";
import { needWords } from "../domain/people/need-words.ts";
import { nextWords } from "../domain/systems/next.ts";
import { clock } from "../domain/text/moment.ts";

interface Asked {
  readonly request: Request;
  readonly sealed: Sealed;
}

/** What has set going again what this halted, and when; undefined while nothing has. */
export function undoneWords({ request, undoneBy }: ShownRequest): string | undefined {
  if (!undoneBy) return undefined;
  const { code, stateAt } = undoneBy.request;
  return `Undone since by request ${code} (${undoneBy.sealed.operation}) at ${clock(stateAt, request.openedAt)}.`;
}

/** What became of what follows it, and, once it is done and as long as it stands, what people do next. */
export function nextBlocks(shown: ShownRequest): Block[] {
  const { request, sealed, undoneBy, after = [] } = shown;
  const { next, followUp } = sealed.plan;
  const isSoStill = request.state === "SUCCEEDED" && !undoneBy && request.undoneBy === undefined;
  const listed = next !== undefined && isSoStill;
  const followed = after.find((each) => each.sealed.operation === followUp?.operation);
  const isListed = listed && next.some(({ operation }) => operation === followUp?.operation);
  const told = [
    notFollowedWords(request, sealed),
    followUpWords(request, followed),
    followed && !isListed ? `It is ${stands(followed, request)}.` : "",
  ];
  const text = told.filter((words) => words !== "").join(" ");
  return [
    ...(text === "" ? [] : [{ kind: "text" as const, text }]),
    ...(listed
      ? [
          { kind: "text" as const, text: "Next, in this order:" },
          { kind: "list" as const, ordered: true, items: next.map((step) => nextItem(shown, step)) },
        ]
      : []),
  ];
}

/** What follows only what is done is not asked for once this has ended otherwise. */
function notFollowedWords({ state }: Request, { plan: { followUp } }: Sealed): string {
  const isOver = state === "FAILED" || state === "PARTIAL";
  return followUp?.once === "done" && isOver ? `${followUp.operation} is not asked for: this was not done.` : "";
}

/** That it could not be asked for is no longer so once somebody has asked. */
function followUpWords({ id, followUp = "" }: Request, followed: Asked | undefined): string {
  if (!followed || followed.request.follows === id) return followUp;
  return `It is followed by request ${followed.request.code} (${followed.sealed.operation}), which was asked for by hand.`;
}

/** One that was asked for is told as it stands; one that is open to ask, as it is typed. */
function nextItem(
  { request, sealed, after = [] }: ShownRequest,
  step: NonNullable<Sealed["plan"]["next"]>[number],
): ListItem {
  const { operation } = step;
  const asked = after.find((each) => each.sealed.operation === operation);
  const [typed = operation] = nextWords(sealed.system, [step]);
  if (!asked) {
    const byItself = sealed.plan.followUp?.operation === operation && request.followUp === undefined;
    return { text: byItself ? `${operation}: not asked for yet; Wardroom does by itself in a moment` : typed };
  }
  const words = `${operation}: request ${asked.request.code} is ${stands(asked, request)}`;
  if (asked.request.state === "SUCCEEDED") return { text: words, tone: "good" };
  if (isOpen(asked.request.state)) return { text: words, tone: "warning" };
  return { text: `${words}. To ask for it again: ${typed}` };
}

/** How a request stands in a sentence of another, with what to do about it while it is open. */
function stands({ request, sealed }: Asked, first: Request): string {
  const { code, state, stateAt } = request;
  if (state === "PENDING")
    return `waiting: ${needWords(sealed.policy.alternatives)} must say yes: ${approveCommand(code, sealed)}`;
  if (isOpen(state)) return `${standingWords(request)}: confirm show ${code}`;
  return `${standingWords(request)} since ${clock(stateAt, first.openedAt)}`;
}
