import type { Directory, Standing } from "../domain/directory.ts";
import { UserError } from "../domain/failure.ts";
import { accountOf } from "../domain/person.ts";
import { type Policy, withGroups } from "../domain/policy.ts";

/** What the platforms say now of the accounts behind a decision, by the account as records name it. */
export type Standings = ReadonlyMap<string, Standing>;

/** Asks now, never from memory. Rejects with UserError when a platform does not answer: nothing is decided on a guess. */
export async function readStandings(directory: Directory, accounts: readonly string[]): Promise<Standings> {
  const asked = [...new Set(accounts)].map(async (text): Promise<[string, Standing]> => {
    const account = accountOf(text);
    if (!account) return [text, { ok: false, why: "No surface has such an account.", remedy: "" }];
    try {
      return [text, await directory.standing(account, { maxAgeMs: 0 })];
    } catch {
      throw new UserError(
        `${account.surface} could not be asked about the accounts of those who decide, so nothing was decided.`,
        "Try again in a moment, or decide from where Wardroom can see who you are.",
      );
    }
  });
  return new Map(await Promise.all(asked));
}

/**
 * The policy with what the platforms say of these people's accounts: roles that groups give, and no right at all for
 * whoever acted through an account that its platform no longer vouches for.
 */
export function policyWith(
  policy: Policy,
  acting: readonly { readonly person: string; readonly account: string }[],
  standings: Standings,
): Policy {
  const people = policy.people.map((person) => {
    let seen = person;
    for (const { account } of acting.filter((each) => each.person === person.id)) {
      const standing = standings.get(account);
      const surface = accountOf(account)?.surface;
      if (!standing?.ok || surface === undefined) return { ...person, grants: [] };
      seen = withGroups(seen, { surface, groups: standing.groups }, policy);
    }
    return seen;
  });
  return { ...policy, people };
}
