import { createHash, randomBytes } from "node:crypto";
import canonicalize from "canonicalize";
import type { Json } from "../domain/store.ts";

/** 128 random bits in hex: nothing a command line or a platform reads as more than letters. Keys and routing ids are minted here. */
export function newId(): string {
  return randomBytes(16).toString("hex");
}

export function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

/** Canonical JSON (RFC 8785): equal values, equal bytes. */
export function canonical(value: Json): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError("only JSON can be put in canonical form");
  return text;
}
