import { askedWords, isSettlement, type Request, type Sealed, standingWords } from "../domain/approvals/request.ts";
import type { ShownRequest } from "../domain/approvals/run.ts";
import { agreeCommand } from "../domain/approvals/settle-rules.ts";
import type { Block, Card } from "../domain/messages/card.ts";
import { clock } from "../domain/text/moment.ts";
import { ago } from "../domain/text/quantities.ts";
import { saidWords } from "./settling.ts";

/** How the outcome of what was asked before comes to be known. */
interface Settling {
  readonly settlers: readonly string[];
  readonly settlements: NonNullable<ShownRequest["settlements"]>;
  readonly from: number;
}

/** Says that the same was asked for before. The request's own card stands where that was, and is not shown twice. */
export function askedBeforeCard(
  { request, sealed }: { readonly request: Request; readonly sealed: Sealed },
  asker: {
    readonly person: string;
    readonly now: number;
    /** Where its outcome is open: the settlements that wait, those who may agree to one, and from when on it is asked for. */
    readonly settling?: Settling;
  },
): Card {
  const who = sealed.requester.person === asker.person ? "You asked" : `${sealed.requester.name} asked`;
  return {
    tone: "warning",
    title: `Asked for before, as ${request.code}`,
    summary: `${who} for ${askedWords(sealed, sealed.systemTitle)} ${ago(request.openedAt, asker.now)}: ${standingWords(request)}. What you said now was not added.`,
    blocks: [...settleBlocks(request, asker), ...agreeBlock(request, sealed)],
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
function settleBlocks(
  { code, state }: Request,
  { settling, now }: { readonly settling?: Settling; readonly now: number },
): Block[] {
  if (!settling) return [];
  const { settlers, settlements, from } = settling;
  const until =
    state === "PARTIAL"
      ? `It stopped half-way, and can be asked for again once people have said how it ended. What it did is on its card, and Undo there where there is one: confirm show ${code}.`
      : "Until it is known how that ended, it cannot be asked for again.";
  if (settlements.length > 0)
    return [
      { kind: "text", text: until },
      { kind: "list", items: settlements.map((each) => ({ text: saidWords(each) })) },
    ];
  const who = settlers.length === 0 ? "Nobody can agree to that now" : `${settlers.join(", ")} can agree to that`;
  const how = `confirm settle ${code} succeeded or failed, with evidence:"what you saw". ${who}`;
  const text =
    from <= now
      ? `Two people can settle it: ${how}.`
      : `Wardroom keeps looking. From ${clock(from, now)} on two people can settle it: ${how}.`;
  return [{ kind: "text", text: `${until} ${text}` }];
}
