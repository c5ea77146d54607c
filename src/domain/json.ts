import type { Json, Storable } from "./store.ts";

/** A record as the JSON that the store keeps: fields that are undefined are left out. */
export function jsonOf(value: Storable): Json {
  const json: Json = JSON.parse(JSON.stringify(value));
  return json;
}

/**
 * The same with half a surrogate pair, which text from outside may hold, as U+FFFD, which it is anyway once it was sent as UTF-8:
 * there is no canonical form of half a character.
 */
export function wellFormed(value: Json): Json {
  if (typeof value === "string") return value.toWellFormed();
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Json) => wellFormed(item));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key.toWellFormed(), wellFormed(item)]));
}
