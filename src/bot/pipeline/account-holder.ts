import { BackendError } from "../../domain/failure.ts";
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
  /** Why the groups of the account are not known, so that the person has nothing but their own rights. */
  readonly silent?: string;
}

/**
 * Asks the platform of the account whether it vouches for it, and finds the person who owns it. `urgent`: a platform that does
 * not answer at once leaves the person the rights that are their own; their surface has authenticated the account.
 */
export async function holderOf(
  directory: Directory,
  account: Account,
  { policy, urgent = false }: { readonly policy: Policy; readonly urgent?: boolean },
): Promise<AccountHolder> {
  const person = personOf(account, policy.people);
  let standing: Standing;
  try {
    standing = await directory.standing(account, { maxAgeMs: standingMaxAgeMs, ...(urgent && { atOnce: true }) });
  } catch (error) {
    if (!urgent || !(error instanceof BackendError)) throw error;
    return { person, silent: error.message };
  }
  if (!standing.ok) return { person: undefined, barred: standing };
  if (!person) return { person: undefined };
  return { person: withGroups(person, { surface: account.surface, groups: standing.groups }, policy) };
}
