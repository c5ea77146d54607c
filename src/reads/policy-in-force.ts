import type { Policy } from "../domain/people/policy.ts";
import type { Store } from "../domain/store.ts";
import { rulesIn, rulesKeys } from "../records/policy.ts";

/** Reads the people and rules in force, rooms of incidents among their channels, parsing them again only when a document has changed. */
export function policyReader(store: Store): () => Promise<Policy> {
  let known: { revision: string; policy: Policy } | undefined;
  return async () => {
    const documents = await store.read([...rulesKeys]);
    const revision = documents.map((document) => document?.revision ?? "").join(" ");
    if (!known || known.revision !== revision) known = { revision, policy: rulesIn(documents) };
    return known.policy;
  };
}
