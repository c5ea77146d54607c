import { concernedSystem, type Request, type Sealed, stateWords } from "../domain/approvals/request.ts";
import type { Card } from "../domain/messages/card.ts";

const verbs = {
  approve: "approved",
  deny: "denied",
  withdraw: "withdrew their approval of",
  cancel: "took back",
} as const;

/** What somebody decided, and where that leaves the request. */
export function decisionCard(verb: keyof typeof verbs, name: string, request: Request, sealed: Sealed): Card {
  return {
    tone: verb === "approve" ? "good" : "neutral",
    title: `${name} ${verbs[verb]} ${sealed.operation} ${concernedSystem(sealed)}`,
    summary: `Request ${request.code}: ${stateWords(request.state)}.`,
    blocks: [],
  };
}
