import { type Request, type Sealed, stateWords } from "../domain/approvals/request.ts";
import type { Card } from "../domain/messages/card.ts";
import { ago } from "../domain/text/quantities.ts";

/** Says that the same was asked for before. The request's own card stands where that was, and is not shown twice. */
export function askedBeforeCard(
  { request, sealed }: { readonly request: Request; readonly sealed: Sealed },
  asker: { readonly person: string; readonly now: number },
): Card {
  const who = sealed.requester.person === asker.person ? "You asked" : `${sealed.requester.name} asked`;
  return {
    tone: "warning",
    title: `Asked for before, as ${request.code}`,
    summary: `${who} for ${sealed.operation} ${sealed.systemTitle} ${ago(request.openedAt, asker.now)}: ${stateWords(request.state)}. What you said now was not added.`,
    blocks: [],
    actions: [{ label: `Show ${request.code}`, command: "confirm show", args: { request: request.id } }],
  };
}
