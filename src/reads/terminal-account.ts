import type { Store } from "../domain/store.ts";
import { parsePolicy, policyKey } from "../records/policy.ts";
import { tokenOwner } from "../records/terminal-token.ts";

/**
 * The account on the terminal that a token speaks for: that of its person, as they are in force now. Undefined when nobody
 * has the token, when its person is gone, and when they have no account there.
 */
export async function terminalAccountOf(
  store: Pick<Store, "list" | "read">,
  token: string,
  surface: string,
): Promise<string | undefined> {
  const owner = await tokenOwner(store, token);
  if (!owner) return undefined;
  if ("account" in owner) return owner.account;
  const [inForce] = await store.read([policyKey]);
  if (!inForce) return undefined;
  const person = parsePolicy(inForce).people.find(({ id }) => id === owner.person);
  return person?.accounts[surface]?.[0];
}
