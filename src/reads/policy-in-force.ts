import type { Policy } from "../domain/people/policy.ts";
import type { Store } from "../domain/store.ts";
import { parsePolicy, policyKey } from "../records/policy.ts";

/** Reads the people and rules in force, parsing them again only when the document has changed. */
export function policyReader(store: Store): () => Promise<Policy> {
  let known: { revision: string; policy: Policy } | undefined;
  return async () => {
    const [document] = await store.read([policyKey]);
    if (!known || known.revision !== document?.revision)
      known = { revision: document?.revision ?? "", policy: parsePolicy(document) };
    return known.policy;
  };
}
