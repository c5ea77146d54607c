import { favouredBy, keptOutOf } from "../people/favoured.ts";
import type { Person } from "../people/person.ts";
import { type Policy, withGroups } from "../people/policy.ts";
import { changePolicyName, changePolicyOperation, ownSystemId } from "../systems/own-system.ts";
import { counted } from "../text/quantities.ts";
import { changeApprovers } from "./change-approvers.ts";
import { askingOutlook } from "./outlook.ts";
import { wardroomItself } from "./request.ts";

/** What a change of people and rules comes to, by the rules that it would replace. */
export interface ChangeOutlook {
  /** Ids of those who may not agree, because they gain by it. */
  readonly favours: readonly string[];
  /** What whoever decides has to know beside the changes themselves, a sentence each. */
  readonly notes: readonly string[];
}

/** A function of the two policies, both with the accounts that are linked. */
export function changeOutlook(before: Policy, after: Policy): ChangeOutlook {
  const approvers = changeApprovers(before);
  const favours = keptOutOf(before, after, approvers);
  return { favours, notes: [...gainNotes(before, after), ...tooFewNotes(before, approvers, favours)] };
}

/** Who gives a group rights gives them to whoever its platform lets in: that nobody looks up, so it is said. */
function gainNotes(before: Policy, after: Policy): string[] {
  const surely = favouredBy(before, after, "grants").map(String);
  const perhaps = favouredBy(before, after, "groups").filter((ids) => !surely.includes(String(ids)));
  const names = perhaps.map(([id]) => after.people.find((each) => each.id === id)?.name ?? id);
  return names.length === 0
    ? []
    : [`By a group that an account of theirs may be in, these may gain: ${names.join(", ")}.`];
}

/** Where too few could agree it never comes into force by itself, and its card has to say what else there is. */
function tooFewNotes(policy: Policy, approvers: readonly Person[], favours: readonly string[]): string[] {
  const able = approvers.filter(({ id }) => !favours.includes(id));
  const { risk, direction } = changePolicyOperation;
  const asked = { risk, direction, system: ownSystemId, operation: changePolicyName, requester: wardroomItself.id };
  const outlook = askingOutlook(asked, { ...policy, people: able.map((each) => inEveryGroup(each, policy)) });
  if (outlook.asks === "people" && outlook.enough) return [];
  const others = approvers.length - able.length;
  const kept = others === 0 ? "" : `; ${counted(others, "other")} who could would gain by it`;
  const names = able.map(({ name }) => name).join(", ");
  const who = able.length === 0 ? "Nobody can agree to this" : `Only ${names} could agree to this, which is too few`;
  return [`${who}${kept}. Whoever may write the store can put it in force: wardroom policy adopt --offline.`];
}

function inEveryGroup(person: Person, policy: Policy): Person {
  const groups = policy.groups.map(({ group }) => group);
  return Object.keys(person.accounts).reduce(
    (grown, surface) => withGroups(grown, { surface, groups }, policy),
    person,
  );
}
