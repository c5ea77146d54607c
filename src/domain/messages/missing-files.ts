import type { Attachment, Block, Card } from "./card.ts";

/** True when the card shows files that are not among these. */
export function lacksFiles(card: Card, files: readonly Attachment[]): boolean {
  return card.blocks.some((block) => fileMissing(block, files) !== undefined);
}

/** The card with words in place of the files that it shows and that are not there. */
export function withoutMissing(card: Card, files: readonly Attachment[]): Card {
  const blocks = card.blocks.map((block): Block => {
    const missing = fileMissing(block, files);
    if (missing === undefined) return block;
    const what = block.kind === "image" ? block.alt : missing;
    return { kind: "text", text: `${what}: its file was lost on the way. Ask again for it.` };
  });
  return { ...card, blocks };
}

function fileMissing(block: Block, files: readonly Attachment[]): string | undefined {
  if (block.kind !== "image" && block.kind !== "file") return undefined;
  return files.some((file) => file.name === block.file) ? undefined : block.file;
}
