import type { Document, Json } from "../domain/store.ts";
import { type Listed, UnreadableRecord } from "../domain/unreadable.ts";

/** What a document holds. Throws UnreadableRecord, which names it, where that is not what is kept under such a key. */
export function legible<Record>(
  { key, value }: Pick<Document, "key" | "value">,
  parse: (value: Json) => Record,
): Record {
  try {
    return parse(value);
  } catch (error) {
    throw new UnreadableRecord(key, error);
  }
}

/** Each document as `read` reads it: what it throws of one is said of that one alone. */
export function eachLegible<Record>(
  documents: readonly Document[],
  read: (document: Document) => Record,
): Listed<Record> {
  const found: Record[] = [];
  const unreadable: UnreadableRecord[] = [];
  for (const document of documents) {
    try {
      found.push(read(document));
    } catch (error) {
      unreadable.push(error instanceof UnreadableRecord ? error : new UnreadableRecord(document.key, error));
    }
  }
  return { found, unreadable };
}

/** As `read`, and undefined for what cannot be read: for where that comes to the same as nothing being there. */
export function ifLegible<Record>(read: () => Record): Record | undefined {
  try {
    return read();
  } catch (error) {
    return nothingUnreadable(error);
  }
}

/** For a promise's `catch`: undefined for what cannot be read. */
export function nothingUnreadable(error: unknown): undefined {
  if (!(error instanceof UnreadableRecord)) throw error;
}
