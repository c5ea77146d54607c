import type { AccountLink } from "../domain/people/link.ts";
import type { Store } from "../domain/store.ts";
import { linksIn, policyKey } from "../records/policy.ts";

/** The accounts that a ceremony linked, besides those of people.yaml. */
export async function linkedAccounts(store: Store): Promise<readonly AccountLink[]> {
  const [document] = await store.read([policyKey]);
  return linksIn(document);
}
