import { changeEffects, namedPeople } from "../people/change-effects.ts";
import { keptOutOf } from "../people/favoured.ts";
import type { FormerOwner } from "../people/former-owners.ts";
import type { Person } from "../people/person.ts";
import type { Policy } from "../people/policy.ts";
import { canAgree, inEveryGroup } from "./can-agree.ts";
import { changeApprovers } from "./change-approvers.ts";
import { guardLost, guardRemedy } from "./guard-kept.ts";

/** What a change of people and rules comes to, by the rules that it would replace. */
export interface ChangeOutlook {
  /** Ids of those who may not agree, because they gain by it. */
  readonly favours: readonly string[];
  /** Who may do more by it and who less, a line each. */
  readonly effects: readonly string[];
  /** Who may agree to it, and who may not because they gain; where they are too few, what else there is. */
  readonly agreeing: string;
}

/** A function of the two policies, both with the accounts that are linked, and of whose accounts were whose before. */
export function changeOutlook(before: Policy, after: Policy, formerly: readonly FormerOwner[] = []): ChangeOutlook {
  const approvers = changeApprovers(before);
  const favours = keptOutOf(before, after, approvers, formerly);
  const lost = guardLost(before, after);
  const agreeing = lost === undefined ? agreeingWords(before, approvers, favours) : `${lost} ${guardRemedy}`;
  return { favours, effects: changeEffects(before, after, formerly), agreeing };
}

/** Where too few could agree it never comes into force by itself, and its card has to say what else there is. */
function agreeingWords(policy: Policy, approvers: readonly Person[], favours: readonly string[]): string {
  if (approvers.length < 2)
    return "Fewer than two people decide on people and rules, so it comes into force as the bot reads it.";
  const others = approvers.filter(({ id }) => !favours.includes(id));
  const able = others.filter((each) => canAgree([inEveryGroup(each, policy)], policy).some);
  const surely = able.filter((each) => canAgree([each], policy).some);
  const perhaps = able.filter((each) => !surely.includes(each));
  const gaining = approvers.filter(({ id }) => favours.includes(id));
  const kept = gaining.length === 0 ? "" : `; not ${namedPeople(gaining)}, who would gain by it`;
  if (
    canAgree(
      able.map((each) => inEveryGroup(each, policy)),
      policy,
    ).enough
  ) {
    const group = perhaps.length === 0 ? [] : [`where an account of theirs is in a group, ${namedPeople(perhaps)}`];
    return `May agree to this: ${[...(surely.length === 0 ? [] : [namedPeople(surely)]), ...group].join("; ")}${kept}.`;
  }
  const who =
    able.length === 0 ? "Nobody can agree to this" : `Only ${namedPeople(able)} could agree to this, which is too few`;
  return `${who}${kept}. Whoever may write the store can put it in force: wardroom policy adopt --offline.`;
}
