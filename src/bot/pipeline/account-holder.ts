import type { Directory, Standing } from "../../domain/people/directory.ts";
import { type Account, type Person, personOf } from "../../domain/people/person.ts";
import { type Policy, withGroups } from "../../domain/people/policy.ts";

/** How old may be what a platform says of an account that only asks. A decision reads it anew. */
const standingMaxAgeMs = 60_000;

/** Who is behind an account. */
export interface AccountHolder {
  /** With the roles that the account's groups give. */
  readonly person: Person | undefined;
  /** Why the platform does not vouch for the account, whoever owns it. */
  readonly barred?: Extract<Standing, { ok: false }>;
}

/** Asks the platform of the account whether it vouches for it, and finds the person who owns it. */
export async function holderOf(directory: Directory, account: Account, policy: Policy): Promise<AccountHolder> {
  const person = personOf(account, policy.people);
  const standing = await directory.standing(account, { maxAgeMs: standingMaxAgeMs });
  if (!standing.ok) return { person: undefined, barred: standing };
  if (!person) return { person: undefined };
  return { person: withGroups(person, { surface: account.surface, groups: standing.groups }, policy) };
}
