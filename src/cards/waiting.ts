import { restsOn } from "../domain/approvals/predecessor.ts";
import { askedWords, standingWords } from "../domain/approvals/request.ts";
import type { ShownRequest } from "../domain/approvals/run.ts";
import { undoes } from "../domain/approvals/undoing.ts";
import type { Block } from "../domain/messages/card.ts";
import { counted } from "../domain/text/quantities.ts";
import { warningBlock } from "./warning-block.ts";

type Waiting = NonNullable<ShownRequest["waiting"]>;

/** A card is read on a phone; of more than these only the number is said. */
const mostNamed = 3;

/** Of a settlement: what waits for the run that it settles, and what becomes of that once it is agreed to. */
export function settledWaitingBlocks({ sealed, waiting }: Pick<ShownRequest, "sealed" | "waiting">): Block[] {
  if (!waiting) return [];
  const isDone = sealed.settles?.outcome === "succeeded";
  return waitingBlocks(waiting, (each) =>
    isDone || !restsOn(each.sealed, waiting.first.sealed)
      ? "Once this is agreed to, that starts by itself."
      : "Once this is agreed to, that ends without being run, and has to be asked for again.",
  );
}

/** Of a run that was aborted: what waits for it, and what becomes of that. */
export function abortedWaitingBlocks(waiting: Waiting): Block[] {
  const isFree = waiting.first.request.state === "FAILED";
  return waitingBlocks(waiting, (each) => {
    if (restsOn(each.sealed, waiting.first.sealed))
      return "That ends without being run, and has to be asked for again.";
    if (undoes(each.sealed, waiting.first)) return "That undoes it, and starts by itself.";
    return isFree
      ? "That starts by itself."
      : "That waits on until it is known or settled how this ended, and starts then.";
  });
}

function waitingBlocks({ first, those }: Waiting, fate: (each: Waiting["those"][number]) => string): Block[] {
  const more = those.length - mostNamed;
  return [
    ...those.slice(0, mostNamed).map((each) => {
      const { request, sealed } = each;
      const what = `Behind ${askedWords(first.sealed)} ${first.request.code}: ${askedWords(sealed)} ${request.code}, ${standingWords(request)}.`;
      return warningBlock(request.state === "APPROVED" ? `${what} ${fate(each)}` : what);
    }),
    ...(more > 0 ? [warningBlock(`${counted(more, "more request")} behind it: confirm list`)] : []),
  ];
}
