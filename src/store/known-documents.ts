import type { Document, Json, Key } from "../domain/store.ts";
import { parseStored } from "./prepared.ts";

/** Shorter ones are read faster than they are looked for. */
const leastLength = 4_096;
const remembered = 64;

/**
 * Long documents as they were read last. The policy in force is read for every command and seldom changes: whoever asks
 * for the revision it has already is not sent the value again.
 */
export class KnownDocuments {
  readonly #known = new Map<Key, Document>();

  get(key: Key): Document | undefined {
    return this.#known.get(key);
  }

  /** The document that was read; `text` is null when its revision is that of `known`, and the value was left out. */
  read(known: Document | undefined, { key, revision }: Omit<Document, "value">, text: string | null): Document {
    if (text === null) {
      if (known?.revision !== revision) throw new Error(`the store left out the value of ${key}, which is not known`);
      return known;
    }
    const document: Document = { key, revision, value: parseStored(text) };
    if (text.length >= leastLength) this.#remember(document);
    return document;
  }

  #remember(document: Document): void {
    freeze(document.value);
    this.#known.delete(document.key);
    this.#known.set(document.key, document);
    const [oldest] = this.#known.keys();
    if (this.#known.size > remembered && oldest !== undefined) this.#known.delete(oldest);
  }
}

/** Several callers have it, so nobody may change it. */
function freeze(value: Json): void {
  if (typeof value !== "object" || value === null) return;
  for (const each of Object.values(value)) freeze(each);
  Object.freeze(value);
}
