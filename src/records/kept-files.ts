import { z } from "zod";
import type { Attachment, Block, Card } from "../domain/messages/card.ts";

/** Files of an owed answer are kept with it up to so many bytes in all, so that no commit is large. */
const keptMax = 262_144;

/** A file as a record holds it. */
export const KeptFile = z.object({ name: z.string(), mediaType: z.string(), base64: z.string() });
type KeptFile = z.output<typeof KeptFile>;

/** The files as a record can hold them: all, or none when they are too large together. */
export function keepFiles(files: readonly Attachment[]): KeptFile[] {
  const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
  if (bytes > keptMax) return [];
  return files.map(({ name, mediaType, bytes: data }) => ({
    name,
    mediaType,
    base64: Buffer.from(data).toString("base64"),
  }));
}

export function filesKept(kept: readonly KeptFile[]): Attachment[] {
  return kept.map(({ name, mediaType, base64 }) => ({ name, mediaType, bytes: Buffer.from(base64, "base64") }));
}

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
