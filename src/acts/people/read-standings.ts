import { BackendError, UserError } from "../../domain/failure.ts";
import type { Directory, Standing } from "../../domain/people/directory.ts";
import { type Account, accountOf, personOf } from "../../domain/people/person.ts";
import { type Policy, withGroups } from "../../domain/people/policy.ts";

/** What the platforms say now of the accounts behind a decision, by the account as records name it. */
export type Standings = ReadonlyMap<string, Standing>;

/** Somebody who asked or decided, and the account they did it through, as records name it. */
export interface Acting {
  readonly person: string;
  readonly account: string;
}

/**
 * Asks the platforms; what they say may be `maxAgeMs` old, 0 asks now. Rejects with UserError when one does not answer: nothing
 * is decided on a guess.
 */
export async function readStandings(directory: Directory, acting: readonly Acting[], maxAgeMs = 0): Promise<Standings> {
  return askEach(acting, async (account) => {
    try {
      return await directory.standing(account, { maxAgeMs });
    } catch (error) {
      throw new UserError(
        `${error instanceof BackendError ? error.backend : account.surface} could not be asked about the accounts of those who decide, so nothing was decided.`,
        "Try again in a moment, or decide from where Wardroom can see who you are.",
      );
    }
  });
}

/**
 * As `readStandings`, for what nothing may hold up: a platform that does not answer at once takes nobody's own rights away,
 * and gives nobody the roles of its groups. The account itself was authenticated by its surface when it asked.
 */
export async function standingsAtOnce(
  directory: Directory,
  acting: readonly Acting[],
  maxAgeMs: number,
): Promise<Standings> {
  return askEach(acting, (account) =>
    directory.standing(account, { maxAgeMs, atOnce: true }).catch((): Standing => ({ ok: true, groups: [] })),
  );
}

async function askEach(acting: readonly Acting[], ask: (account: Account) => Promise<Standing>): Promise<Standings> {
  const asked = [...new Set(acting.map(({ account }) => account))].map(async (text): Promise<[string, Standing]> => {
    const account = accountOf(text);
    return [text, account ? await ask(account) : { ok: false, why: "No surface has such an account.", remedy: "" }];
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
