import type { Person } from "../people/person.ts";
import { type Policy, withGroups } from "../people/policy.ts";
import { changePolicyName, changePolicyOperation, ownSystemId } from "../systems/own-system.ts";
import { type AskingOutlook, askingOutlook } from "./outlook.ts";
import { wardroomItself } from "./request.ts";

/** Has some of these people, and have all of them together, the roles that agreeing to a change of people and rules takes? */
export function canAgree(
  people: readonly Person[],
  policy: Policy,
): { readonly some: boolean; readonly enough: boolean } {
  const outlook = changeAsking({ ...policy, people });
  return outlook.asks === "people"
    ? { some: outlook.able.length > 0, enough: outlook.enough }
    : { some: false, enough: false };
}

/** What asking for a change of people and rules would come to. */
export function changeAsking(policy: Policy): AskingOutlook {
  const { risk, direction } = changePolicyOperation;
  const asked = { risk, direction, system: ownSystemId, operation: changePolicyName, requester: wardroomItself.id };
  return askingOutlook(asked, policy);
}

/** The person as one of every group that an account of theirs could be in. */
export function inEveryGroup(person: Person, policy: Policy): Person {
  const groups = policy.groups.map(({ group }) => group);
  return Object.keys(person.accounts).reduce(
    (grown, surface) => withGroups(grown, { surface, groups }, policy),
    person,
  );
}
