import type { Attachment, Block } from "../domain/messages/card.ts";

/** More lines than this are a file. */
const mostLines = 20;

/** All the lines as a file, where a card does not show them all. */
export function longChanges(name: string, changes: readonly string[]): readonly Attachment[] {
  return changes.length > mostLines ? [changesFile(name, changes)] : [];
}

export function changesFile(name: string, changes: readonly string[]): Attachment {
  return { name, mediaType: "text/plain", bytes: new TextEncoder().encode(`${changes.join("\n")}\n`) };
}

/** In what people and rules are other, a line each; what is beyond the first is where `rest` says. */
export function changeLines(changes: readonly string[], rest: string, most = mostLines): Block {
  const shown = changes.slice(0, most).map((text) => ({ text }));
  const more = changes.length - shown.length;
  return { kind: "list", items: more > 0 ? [...shown, { text: `and ${more} more: ${rest}` }] : shown };
}
