import type { Block } from "../domain/messages/card.ts";

/** A text that whoever reads the card is to mind. */
export function warningBlock(text: string): Block {
  return { kind: "text", text, tone: "warning" };
}
