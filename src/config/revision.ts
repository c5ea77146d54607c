import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import type { Policy } from "../domain/people/policy.ts";

/**
 * SHA-256 in hex over the canonical JSON (RFC 8785) of a whole policy: equal content, equal revision. Nothing is picked out, so
 * that what a policy decides by cannot be left out of it.
 */
export function revisionOf(policy: Omit<Policy, "revision">): string {
  return createHash("sha256")
    .update(canonicalize({ ...policy, revision: undefined }) ?? "")
    .digest("hex");
}
