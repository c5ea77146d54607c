import { namedPeople } from "../people/change-effects.ts";
import type { Person } from "../people/person.ts";
import { holdsRole, type Policy } from "../people/policy.ts";
import { sameHumans } from "../people/same-humans.ts";
import { canAgree, changeAsking, inEveryGroup } from "./can-agree.ts";
import { changeApprovers, presentApprovers } from "./change-approvers.ts";

/** What else there is for a change that nobody's yes puts in force. */
export const guardRemedy =
  "Let two people keep the right to approve for wardroom. If it is meant, whoever may write the store puts it in force: stop the bot and run wardroom policy adopt --offline on its machine.";

/**
 * Why a change of people and rules is never put in force by those who agree to it: two people could agree before it, and after
 * it there would be no two who can, so that it would switch off what guards all that follow. Undefined where they still can, and
 * where fewer than two could before. People are told apart by the accounts that are theirs before: whoever is given another id
 * is no second person, and neither on any system: who asks does not agree. Both policies with the accounts that are linked.
 */
export function guardLost(before: Policy, after: Policy): string | undefined {
  if (changeApprovers(before).length < 2) return undefined;
  const left = presentApprovers(after);
  const able = left.filter((person) => canAgree([person], after).some);
  const humans = sameHumans(able, before);
  const twice = humans.find((ids) => ids.length > 1 && canAgree(ids, after).enough);
  if (twice)
    return `It would let one person agree twice: ${namedPeople(twice)} have accounts of the same person. ${never}`;
  const split = sameHumans(after.people, before).find((ids) => decideAlone(ids, after));
  if (split)
    return `It would let one person decide alone on what takes two: ${namedPeople(split)} have accounts of the same person. ${never}`;
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

/** May one of these ids say yes on a system where another may ask or say yes? Only whoever has an account does either. */
function decideAlone(ids: readonly Person[], policy: Policy): boolean {
  const people = ids
    .filter(({ accounts }) => Object.keys(accounts).length > 0)
    .map((person) => inEveryGroup(person, policy));
  const named = people.flatMap(({ grants }) => grants.flatMap(({ systems }) => (systems === "*" ? [] : systems)));
  // Stands for every system that none of them names.
  const systems = [...new Set([...named, "*"])];
  const holds = (person: Person, permission: "ask" | "approve", system: string): boolean =>
    policy.roles.some(({ id: role }) => holdsRole(person, { role, permission, system, where: "anywhere" }, policy));
  return systems.some((system) =>
    people.some(
      (one) =>
        holds(one, "approve", system) &&
        people.some((other) => other !== one && (holds(other, "ask", system) || holds(other, "approve", system))),
    ),
  );
}

/** One person with what all of the ids may do. */
function asOne(ids: readonly Person[]): Person[] {
  return ids.slice(0, 1).map((person) => ({ ...person, grants: ids.flatMap(({ grants }) => grants) }));
}
