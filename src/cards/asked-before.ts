import { askedWords, isSettlement, type Request, type Sealed, standingWords } from "../domain/approvals/request.ts";
import { agreeCommand } from "../domain/approvals/settle-rules.ts";
import type { Block, Card } from "../domain/messages/card.ts";
import { ago } from "../domain/text/quantities.ts";

/** Says that the same was asked for before. The request's own card stands where that was, and is not shown twice. */
export function askedBeforeCard(
  { request, sealed }: { readonly request: Request; readonly sealed: Sealed },
  asker: {
    readonly person: string;
    readonly now: number;
    /** Names of those who may agree to settle it, where its outcome is open. */
    readonly settlers?: readonly string[];
  },
): Card {
  const who = sealed.requester.person === asker.person ? "You asked" : `${sealed.requester.name} asked`;
  return {
    tone: "warning",
    title: `Asked for before, as ${request.code}`,
    summary: `${who} for ${askedWords(sealed, sealed.systemTitle)} ${ago(request.openedAt, asker.now)}: ${standingWords(request)}. What you said now was not added.`,
    blocks: [...settleBlock(request, asker.settlers), ...agreeBlock(request, sealed)],
    actions: [{ label: `Show ${request.code}`, command: "confirm show", args: { request: request.id } }],
  };
}

/** Whoever says the same of how something ended agrees to what was said. */
function agreeBlock({ code, state }: Request, sealed: Sealed): Block[] {
  if (!isSettlement(sealed) || state !== "PENDING") return [];
  return [
    {
      kind: "text",
      text: `If you looked, too, and may approve it: ${agreeCommand(code)}. Who can: confirm who ${code}`,
    },
  ];
}

/** The same can be asked again once somebody has said how it ended. */
function settleBlock({ code }: Request, settlers: readonly string[] | undefined): Block[] {
  if (!settlers) return [];
  const who = settlers.length === 0 ? "Nobody can agree to that now" : `${settlers.join(", ")} can agree to that`;
  const text = `Until it is known how that ended, it cannot be asked for again. Two people can settle it: confirm settle ${code} succeeded or failed, with evidence:"what you saw". ${who}.`;
  return [{ kind: "text", text }];
}
