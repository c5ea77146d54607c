import { namedPeople } from "../people/change-effects.ts";
import type { Person } from "../people/person.ts";
import type { Policy } from "../people/policy.ts";
import { canAgree, changeAsking, inEveryGroup } from "./can-agree.ts";
import { changeApprovers, presentApprovers } from "./change-approvers.ts";

/** What else there is for a change that nobody's yes puts in force. */
export const guardRemedy =
  "Let two people keep the right to approve for wardroom. If it is meant, whoever may write the store puts it in force: stop the bot and run wardroom policy adopt --offline on its machine.";

/**
 * Why a change of people and rules is never put in force by those who agree to it: two people could agree before it, and after
 * it there would be no two who can, so that it would switch off what guards all that follow. Undefined where they still can, and
 * where fewer than two could before. People are told apart by the accounts that are theirs before: whoever is given another id
 * is no second person. Both policies with the accounts that are linked.
 */
export function guardLost(before: Policy, after: Policy): string | undefined {
  if (changeApprovers(before).length < 2) return undefined;
  const left = presentApprovers(after).map((person) => inEveryGroup(person, after));
  const able = left.filter((person) => canAgree([person], after).some);
  const humans = sameHumans(able, before);
  const twice = humans.find((ids) => ids.length > 1 && canAgree(ids, after).enough);
  if (twice)
    return `It would let one person agree twice: ${namedPeople(twice)} have accounts of the same person. ${never}`;
  if (canAgree(humans.flatMap(asOne), after).enough) return undefined;
  if (able.length === 0) return `It would leave nobody to decide on people and rules${unruled(left)}. ${never}`;
  if (humans.length === 1 && able.length === left.length)
    return `It would leave only ${namedPeople(able)} to decide on people and rules. ${never}`;
  return `It would leave only ${namedPeople(able)} to decide on people and rules, where its rules ask for ${needed(after)}. ${never}`;
}

const never = "Nobody's yes in chat puts that in force, because two people have to remain who decide.";

function unruled(left: readonly Person[]): string {
  return left.length === 0 ? "" : `: by its rules the yes of ${namedPeople(left)} does not count`;
}

function needed(policy: Policy): string {
  const outlook = changeAsking(policy);
  return outlook.asks === "people" ? outlook.need : "nobody";
}

/** Each human with every id that would be theirs: an account, or the id, was the same person's before. */
function sameHumans(people: readonly Person[], before: Policy): (readonly Person[])[] {
  return people.reduce<(readonly Person[])[]>((humans, person) => {
    const mine = humans.filter((ids) => ids.some((one) => areSame(one, person, before)));
    return [...humans.filter((ids) => !mine.includes(ids)), [...mine.flat(), person]];
  }, []);
}

function areSame(one: Person, other: Person, before: Policy): boolean {
  return before.people.some((old) => [one, other].every((each) => each.id === old.id || sharesAccount(each, old)));
}

function sharesAccount({ accounts }: Person, old: Person): boolean {
  return Object.entries(accounts).some(([surface, ids = []]) =>
    ids.some((id) => old.accounts[surface]?.includes(id) ?? false),
  );
}

/** One person with what all of the ids may do. */
function asOne(ids: readonly Person[]): Person[] {
  return ids.slice(0, 1).map((person) => ({ ...person, grants: ids.flatMap(({ grants }) => grants) }));
}
