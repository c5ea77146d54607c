import { dataWords, sizeWords } from "./data-words.ts";
import { isExact } from "./exact.ts";

/** What stands at a JSON pointer, or that nothing does: a value that is null is present. */
export type Pointed = { readonly present: true; readonly value: unknown } | { readonly present: false };

const absent: Pointed = { present: false };

/**
 * Reads a JSON pointer (RFC 6901). Only own properties count, so `/constructor` or `/length` of a document that has no
 * such key is absent. `-` and indexes with leading zeros are absent, as the document never holds them.
 */
export function readPointer(document: unknown, pointer: string): Pointed {
  if (pointer === "") return document === undefined ? absent : { present: true, value: document };
  if (!pointer.startsWith("/")) return absent;
  let value = document;
  for (const part of pointer.slice(1).split("/")) {
    const next = step(value, part.replaceAll("~1", "/").replaceAll("~0", "~"));
    if (!next.present) return absent;
    value = next.value;
  }
  return { present: true, value };
}

function step(value: unknown, key: string): Pointed {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    const index = /^(?:0|[1-9]\d{0,9})$/.test(key) ? Number(key) : -1;
    return index >= 0 && index < items.length ? { present: true, value: items[index] } : absent;
  }
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return absent;
  return { present: true, value: Object.getOwnPropertyDescriptor(value, key)?.value };
}

/**
 * A value for a card, with what it is, so that a text is no number: `"live"`, `3`, `null`, `1 entry: symbol BTCUSDT, side long`,
 * `an empty array`, `nothing`.
 */
export function describe(pointed: Pointed): string {
  if (!pointed.present) return "nothing";
  const { value } = pointed;
  const words = dataWords(value);
  if (typeof value === "string") return value === "" ? words : JSON.stringify(words);
  if (Array.isArray(value)) return value.length === 0 ? "an empty array" : `${sizeWords(value)}: ${words}`;
  if (typeof value !== "object" || value === null || isExact(value)) return words;
  return Object.keys(value).length === 0 ? "an empty object" : `an object: ${words}`;
}
