import type { Person } from "./person.ts";
import type { Policy } from "./policy.ts";

/**
 * Each human among these with every id that would be theirs: an account, or the id, was the same person's in `before`. Only
 * accounts tell people apart; a name or an id is what a file calls them.
 */
export function sameHumans(people: readonly Person[], before: Policy): (readonly Person[])[] {
  return people.reduce<(readonly Person[])[]>((humans, person) => {
    const mine = humans.filter((ids) => ids.some((one) => areSame(one, person, before)));
    return [...humans.filter((ids) => !mine.includes(ids)), [...mine.flat(), person]];
  }, []);
}

/** Those who have an account that was another's, and whose. */
export function takenAccounts(
  before: Policy,
  after: Policy,
): { readonly person: Person; readonly was: readonly Person[] }[] {
  return after.people.flatMap((person) => {
    const was = before.people.filter((old) => old.id !== person.id && sharesAccount(person, old));
    return was.length === 0 ? [] : [{ person, was }];
  });
}

function areSame(one: Person, other: Person, before: Policy): boolean {
  return before.people.some((old) => [one, other].every((each) => each.id === old.id || sharesAccount(each, old)));
}

function sharesAccount({ accounts }: Person, old: Person): boolean {
  return Object.entries(accounts).some(([surface, ids = []]) =>
    ids.some((id) => old.accounts[surface]?.includes(id) ?? false),
  );
}
