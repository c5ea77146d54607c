import { hash, randomFillSync } from "node:crypto";
import canonicalize from "canonicalize";
import { jsonOf, wellFormed } from "../domain/json.ts";
import type { Json, Storable } from "../domain/store.ts";

const idBytes = 16;
/** Random bytes are fetched for many ids at a time: each fetch costs more than an id. */
const pool = Buffer.alloc(idBytes * 256);
let used = pool.length;

/** 128 random bits in hex: nothing a command line or a platform reads as more than letters. Keys and routing ids are minted here. */
export function newId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += idBytes;
  return pool.toString("hex", used - idBytes, used);
}

export function sha256(text: string): string {
  return hash("sha256", text, "hex");
}

/** Canonical JSON (RFC 8785) of what is kept: equal values, equal bytes. */
export function canonical(value: Storable): string {
  const json = jsonOf(value);
  // Nearly everything is well-formed, and finds that out without a walk of its own.
  const text = writtenCanonically(json) ?? canonicalize(wellFormed(json));
  if (text === undefined) throw new TypeError("only JSON can be put in canonical form");
  return text;
}

/** Undefined where half of a character is in it. */
function writtenCanonically(json: Json): string | undefined {
  try {
    return canonicalize(json);
  } catch {
    return undefined;
  }
}
