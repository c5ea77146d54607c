import type { Json, Storable } from "./store.ts";

/** A record as the JSON that the store keeps: fields that are undefined are left out. */
export function jsonOf(value: Storable): Json {
  const json: Json = JSON.parse(JSON.stringify(value));
  return json;
}
