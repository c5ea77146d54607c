import type { Block, Card } from "../domain/messages/card.ts";
import { type UnreadableRecord, unreadableWords } from "../domain/unreadable.ts";

const untouched =
  "Nothing is done with what cannot be read, and it is left as it is. Whoever runs Wardroom is told what to do.";

/** What a list leaves out, because it cannot be read. */
export function unreadableBlocks(unreadable: readonly UnreadableRecord[]): Block[] {
  if (unreadable.length === 0) return [];
  return [{ kind: "text", text: `${unreadableWords(unreadable)}. ${untouched}`, tone: "warning" }];
}

/** What was asked for stands on a record that cannot be read. */
export function unreadableCard(unreadable: UnreadableRecord): Card {
  return {
    tone: "bad",
    title: "A record of Wardroom cannot be read",
    summary: `${unreadableWords([unreadable])}. ${untouched}`,
    blocks: [],
  };
}
