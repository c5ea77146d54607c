import type { Request, Sealed } from "../domain/approvals/request.ts";
import { requestWords } from "../domain/approvals/request.ts";
import type { ShownRequest } from "../domain/approvals/run.ts";
import type { Block } from "../domain/messages/card.ts";
import { clock } from "../domain/text/moment.ts";
import { warningBlock } from "./warning-block.ts";

interface Asked {
  readonly request: Request;
  readonly sealed: Sealed;
}

/** What it would undo, and what of it was left before, for those who are to agree to it. */
export function doneBeforeBlocks({ request, before = {} }: ShownRequest): Block[] {
  const { undoes, alike } = before;
  const again = undoes?.undid
    ? ` That had undone ${askedBy(undoes.undid, request)}. So this brings back what was taken away then: the reasons say which of the two was meant.`
    : "";
  return [
    ...(undoes ? [warningBlock(`It undoes ${askedBy(undoes.done, request)}.${again}`)] : []),
    ...(alike
      ? [warningBlock(`ATTENTION: the same was done before by ${askedBy(alike, request)}. ${alike.request.why}`)]
      : []),
  ];
}

/** What may have changed what this was to change: it need not have been somebody past Wardroom. */
export function meanwhileBlocks({ request, meanwhile = [] }: ShownRequest): Block[] {
  return meanwhile.length === 0 ? [] : [warningBlock(throughWords(meanwhile, request, "while this was open"))];
}

/** What was done through Wardroom in a time, of which `when` tells; `first`: what the times of day are told from. */
export function throughWords(all: readonly Asked[], first: Pick<Request, "openedAt">, when: string): string {
  const shown = all.slice(-mostNamed).map((each) => askedBy(each, first));
  const more = all.length - shown.length;
  return `Done through Wardroom to the same ${when}: ${shown.join("; ")}${more > 0 ? `; and ${more} before` : ""}.`;
}

/** More are not read on a phone; the last matter most. */
const mostNamed = 3;

function askedBy(each: Asked, first: Pick<Request, "openedAt">): string {
  const { openedAt, reason } = each.request;
  const why = reason === "" ? "" : `: "${reason}"`;
  return `${requestWords(each)}, which ${each.sealed.requester.name} asked for at ${clock(openedAt, first.openedAt)}${why}`;
}
