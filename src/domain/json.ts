import type { Json } from "./store.ts";

/** A record as the JSON that the store keeps: fields that are undefined are left out. */
export function jsonOf(value: object): Json {
  const json: Json = JSON.parse(JSON.stringify(value));
  return json;
}
