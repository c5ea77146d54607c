import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import type { Policy } from "../domain/people/policy.ts";

/** SHA-256 in hex over the canonical JSON (RFC 8785) of everything a policy decides by: equal content, equal revision. */
export function revisionOf({ people, roles, channels, direct, tiers, rules }: Omit<Policy, "revision">): string {
  const canonical = canonicalize({ people, roles, channels, direct, tiers, rules }) ?? "";
  return createHash("sha256").update(canonical).digest("hex");
}
