import { createHash } from "node:crypto";

/** A nonce as others on the platform may read it: what they see says nothing about what it is made of. */
export function opaqueNonce(nonce: string, length: number): string {
  return createHash("sha256").update(nonce).digest("hex").slice(0, length);
}
