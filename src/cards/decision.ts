import { askedWords, concernedSystem, type Request } from "../domain/approvals/request.ts";
import type { ShownRequest } from "../domain/approvals/run.ts";
import { isSettleable } from "../domain/approvals/settle-rules.ts";
import type { Block, Card } from "../domain/messages/card.ts";
import { behindBlocks } from "./behind.ts";
import { heldWords, settleFrom, waysOutWords } from "./settling.ts";
import { abortedWaitingBlocks } from "./waiting.ts";

const verbs = {
  approve: "approved",
  deny: "denied",
  withdraw: "withdrew their approval of",
  cancel: "took back",
  abort: "aborted",
} as const;

/** What somebody decided, and what that did. It stays as it is, so it tells nothing that is over in a moment. */
export function decisionCard(
  { verb, name }: { readonly verb: keyof typeof verbs; readonly name: string },
  decided: Pick<ShownRequest, "request" | "sealed" | "run" | "behind" | "waiting">,
): Card {
  const { request, sealed } = decided;
  return {
    tone: verb === "approve" ? "good" : "neutral",
    title: `${name} ${verbs[verb]} ${askedWords(sealed, concernedSystem(sealed))}`,
    summary: `Request ${request.code}. ${effect(verb, request)}`,
    blocks: blocksOf(verb, decided),
  };
}

/** Whoever gave the last yes learns at once that it does not run yet; whoever aborts, what becomes of what waits for that. */
function blocksOf(verb: keyof typeof verbs, decided: Parameters<typeof decisionCard>[1]): Block[] {
  if (verb === "abort") return abortedBlocks(decided);
  return verb === "approve" && decided.request.state === "APPROVED" ? behindBlocks(decided) : [];
}

/** What was aborted may hold what it concerns on: whoever ended the wait is told what gets through. */
function abortedBlocks({ request, sealed, run, waiting }: Parameters<typeof decisionCard>[1]): Block[] {
  const behind = waiting ? abortedWaitingBlocks(waiting) : [];
  if (!isSettleable(request.state)) return behind;
  const whole = { request, sealed, run };
  const text = `It still holds ${heldWords(sealed)}. ${waysOutWords(whole)}`;
  return [...behind, { kind: "text", text }, ...settleFrom(whole)];
}

function effect(verb: keyof typeof verbs, { state, why }: Request): string {
  if (verb === "deny") return "With that it does not run.";
  if (verb === "cancel") return "With that it was taken back, and does not run.";
  if (verb === "abort") return `Nothing more of it is begun. ${why}`;
  if (state === "PENDING") return "It takes another yes. Its own card follows it.";
  return verb === "approve"
    ? "With that it has every yes it takes. Its own card follows it."
    : "Its own card follows it.";
}
