import { BackendError, UserError } from "../../domain/failure.ts";
import type { Directory, Standing } from "../../domain/people/directory.ts";
import { accountOf, personOf } from "../../domain/people/person.ts";
import { type Policy, withGroups } from "../../domain/people/policy.ts";

/** What the platforms say now of the accounts behind a decision, by the account as records name it. */
export type Standings = ReadonlyMap<string, Standing>;

/** Somebody who asked or decided, and the account they did it through, as records name it. */
export interface Acting {
  readonly person: string;
  readonly account: string;
}

/** Asks now, never from memory. Rejects with UserError when a platform does not answer: nothing is decided on a guess. */
export async function readStandings(directory: Directory, acting: readonly Acting[]): Promise<Standings> {
  const asked = [...new Set(acting.map((each) => each.account))].map(async (text): Promise<[string, Standing]> => {
    const account = accountOf(text);
    if (!account) return [text, { ok: false, why: "No surface has such an account.", remedy: "" }];
    try {
      return [text, await directory.standing(account, { maxAgeMs: 0 })];
    } catch (error) {
      throw new UserError(
        `${error instanceof BackendError ? error.backend : account.surface} could not be asked about the accounts of those who decide, so nothing was decided.`,
        "Try again in a moment, or decide from where Wardroom can see who you are.",
      );
    }
  });
  return new Map(await Promise.all(asked));
}

/**
 * The policy with what the platforms say of these people's accounts: roles that groups give, and no right at all for
 * whoever acted through an account that is no longer theirs, or that its platform no longer vouches for.
 */
export function policyWith(policy: Policy, acting: readonly Acting[], standings: Standings): Policy {
  const people = policy.people.map((person) => {
    let seen = person;
    for (const each of acting.filter(({ person: id }) => id === person.id)) {
      const account = accountOf(each.account);
      const standing = standings.get(each.account);
      // An account is unlinked when it fell into wrong hands: what was said through it counts no more.
      const owned = account && personOf(account, policy.people)?.id === person.id;
      if (!owned || !standing?.ok) return { ...person, grants: [] };
      seen = withGroups(seen, { surface: account.surface, groups: standing.groups }, policy);
    }
    return seen;
  });
  return { ...policy, people };
}
