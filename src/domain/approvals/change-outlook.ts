import { changeEffects, namedPerson } from "../people/change-effects.ts";
import { keptOutOf } from "../people/favoured.ts";
import type { Person } from "../people/person.ts";
import { type Policy, withGroups } from "../people/policy.ts";
import { changePolicyName, changePolicyOperation, ownSystemId } from "../systems/own-system.ts";
import { wholeItems } from "../text/quantities.ts";
import { changeApprovers } from "./change-approvers.ts";
import { askingOutlook } from "./outlook.ts";
import { wardroomItself } from "./request.ts";

/** What a change of people and rules comes to, by the rules that it would replace. */
export interface ChangeOutlook {
  /** Ids of those who may not agree, because they gain by it. */
  readonly favours: readonly string[];
  /** Who may do more by it and who less, a line each. */
  readonly effects: readonly string[];
  /** Who may agree to it, and who may not because they gain; where they are too few, what else there is. */
  readonly agreeing: string;
}

/** Names in a row, in characters: beyond them `confirm who` has everybody. */
const longestNames = 400;

/** A function of the two policies, both with the accounts that are linked. */
export function changeOutlook(before: Policy, after: Policy): ChangeOutlook {
  const approvers = changeApprovers(before);
  const favours = keptOutOf(before, after, approvers);
  return { favours, effects: changeEffects(before, after), agreeing: agreeingWords(before, approvers, favours) };
}

/** Where too few could agree it never comes into force by itself, and its card has to say what else there is. */
function agreeingWords(policy: Policy, approvers: readonly Person[], favours: readonly string[]): string {
  const others = approvers.filter(({ id }) => !favours.includes(id));
  const able = others.filter((each) => canAgree([inEveryGroup(each, policy)], policy).some);
  const surely = able.filter((each) => canAgree([each], policy).some);
  const perhaps = able.filter((each) => !surely.includes(each));
  const gaining = approvers.filter(({ id }) => favours.includes(id));
  const kept = gaining.length === 0 ? "" : `; not ${names(gaining)}, who would gain by it`;
  if (
    canAgree(
      able.map((each) => inEveryGroup(each, policy)),
      policy,
    ).enough
  ) {
    const group = perhaps.length === 0 ? [] : [`where an account of theirs is in a group, ${names(perhaps)}`];
    return `May agree to this: ${[...(surely.length === 0 ? [] : [names(surely)]), ...group].join("; ")}${kept}.`;
  }
  const who =
    able.length === 0 ? "Nobody can agree to this" : `Only ${names(able)} could agree to this, which is too few`;
  return `${who}${kept}. Whoever may write the store can put it in force: wardroom policy adopt --offline.`;
}

function names(people: readonly Person[]): string {
  return wholeItems(people.map(namedPerson), longestNames);
}

/** Has some of these people, and have all of them together, the roles that agreeing takes? */
function canAgree(people: readonly Person[], policy: Policy): { readonly some: boolean; readonly enough: boolean } {
  const { risk, direction } = changePolicyOperation;
  const asked = { risk, direction, system: ownSystemId, operation: changePolicyName, requester: wardroomItself.id };
  const outlook = askingOutlook(asked, { ...policy, people });
  return outlook.asks === "people"
    ? { some: outlook.able.length > 0, enough: outlook.enough }
    : { some: false, enough: false };
}

function inEveryGroup(person: Person, policy: Policy): Person {
  const groups = policy.groups.map(({ group }) => group);
  return Object.keys(person.accounts).reduce(
    (grown, surface) => withGroups(grown, { surface, groups }, policy),
    person,
  );
}
