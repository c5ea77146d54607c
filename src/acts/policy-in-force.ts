import { z } from "zod";
import { jsonOf } from "../domain/json.ts";
import { Person, permissions, Role } from "../domain/person.ts";
import { Channel, GroupGrant, type Policy, Tier, TierRule } from "../domain/policy.ts";
import type { Document, Store } from "../domain/store.ts";
import { transact } from "./transact.ts";

/** The document that holds the people and rules in force. Every decision expects the revision it was read at. */
export const policyKey = "policy/current";

const StoredPolicy = z.object({
  format: z.literal(1),
  revision: z.string(),
  people: z.array(Person),
  roles: z.array(Role),
  groups: z.array(GroupGrant).default([]),
  channels: z.array(Channel),
  direct: z.object({ allow: z.array(z.enum(permissions)) }),
  tiers: z.array(Tier),
  rules: z.array(TierRule),
});

/** Throws when there is none: without rules in force nobody may do anything. */
export function parsePolicy(document: Document | undefined): Policy {
  if (!document) throw new Error("no policy is in force in this store");
  return StoredPolicy.parse(document.value);
}

/** Puts the configured people and rules in force, recorded in the journal. Answers whether they differed from before. */
export async function adoptPolicy(store: Store, policy: Policy): Promise<boolean> {
  const outcome = await transact(store, async (now) => {
    const [current] = await store.read([policyKey]);
    if (current && parsePolicy(current).revision === policy.revision) return { result: false };
    return {
      result: true,
      commit: {
        expect: { [policyKey]: current?.revision ?? null },
        put: [{ key: policyKey, value: jsonOf({ format: 1, ...policy }) }],
        journal: [
          {
            kind: "policy.adopted",
            at: now,
            revision: policy.revision,
            people: policy.people.length,
            before: current ? parsePolicy(current).revision : null,
          },
        ],
      },
    };
  });
  return !outcome.repeated && outcome.result;
}

/** Reads the policy in force, parsing it again only when the document has changed. */
export function policyReader(store: Store): () => Promise<Policy> {
  let known: { revision: string; policy: Policy } | undefined;
  return async () => {
    const [document] = await store.read([policyKey]);
    if (!known || known.revision !== document?.revision)
      known = { revision: document?.revision ?? "", policy: parsePolicy(document) };
    return known.policy;
  };
}
