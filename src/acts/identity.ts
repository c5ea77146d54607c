import { createHash, randomBytes } from "node:crypto";
import canonicalize from "canonicalize";
import type { Json } from "../domain/store.ts";

/** 128 random bits as 22 characters of A-Z a-z 0-9 - _. Everything that becomes a key or a routing id is minted here. */
export function newId(): string {
  return randomBytes(16).toString("base64url");
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
