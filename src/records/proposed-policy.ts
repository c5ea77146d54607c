import { z } from "zod";
import type { Policy } from "../domain/people/policy.ts";
import type { Document, Put } from "../domain/store.ts";
import { canonical, sha256 } from "./ids.ts";
import { legible } from "./legible.ts";
import { PolicyContent } from "./policy.ts";

/** The people and rules of the files, where they differ from those in force, and the request that they come into force by. */
export const proposedPolicyKey = "policy/proposed";

const StoredProposal = z.object({
  format: z.literal(1),
  policy: PolicyContent,
  /** Null until it is opened. */
  request: z.string().nullable(),
});

export interface ProposedPolicy {
  readonly policy: Policy;
  readonly request: string | null;
}

/** Undefined while the files say what is in force. */
export function parseProposedPolicy(document: Document | undefined): ProposedPolicy | undefined {
  if (!document) return undefined;
  const { policy, request } = legible(document, (value) => StoredProposal.parse(value));
  return { policy, request };
}

export function putProposedPolicy({ policy, request }: ProposedPolicy): Put {
  return { key: proposedPolicyKey, value: { format: 1, policy, request } };
}

/** SHA-256 over everything that a policy holds: what is approved is these bytes, whatever they are called. */
export function policyContent(policy: Policy): string {
  return sha256(canonical(policy));
}
