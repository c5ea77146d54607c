import type { Place } from "../messages/place.ts";
import type { Person } from "../people/person.ts";
import { decide, type Policy, withGroups } from "../people/policy.ts";
import { ownSystemId } from "../systems/own-system.ts";

/**
 * The people who could approve a change of people and rules somewhere, by the rules given. Whoever could hold the right through
 * a group of a platform counts: nobody's groups are known until they decide, and a change must not slip by for that. So does
 * whoever could on an account that were linked: taking a link away, or one of several, makes no team of one.
 */
export function changeApprovers(policy: Policy): Person[] {
  const surfaces = policy.channels.map(({ surface }) => surface);
  return approversOn((person) => [...Object.keys(person.accounts), ...surfaces], policy);
}

/** Those of them who could on an account that they have. */
export function presentApprovers(policy: Policy): Person[] {
  return approversOn((person) => Object.keys(person.accounts), policy);
}

function approversOn(surfacesOf: (person: Person) => readonly string[], policy: Policy): Person[] {
  return policy.people.filter((person) =>
    placesOn(surfacesOf(person), policy).some((place) => {
      const groups = policy.groups.filter(({ surface }) => surface === place.surface).map(({ group }) => group);
      const grown = withGroups(person, { surface: place.surface, groups }, policy);
      return decide({ person: grown, permission: "approve", system: ownSystemId, place }, policy).allowed;
    }),
  );
}

/** Every place of these surfaces where somebody could say something. */
function placesOn(surfaces: readonly string[], { channels }: Policy): Place[] {
  return [...new Set(surfaces)].flatMap((surface) => [
    ...channels.filter((each) => each.surface === surface).map(({ channel }): Place => ({ surface, channel })),
    { surface, channel: "direct", direct: true },
  ]);
}
