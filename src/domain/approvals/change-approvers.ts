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
  return policy.people.filter((person) =>
    placesOn([...Object.keys(person.accounts), ...surfaces], policy).some(
      (place) => grantsAt(inGroupsOf(place.surface, person, policy), place, policy).length > 0,
    ),
  );
}

/**
 * Those of them who could on an account that they have, each with the rights alone that let them somewhere. A surface without any
 * channel may not even be set up, so nobody is counted on for a conversation of two there.
 */
export function presentApprovers(policy: Policy): Person[] {
  const heard = new Set(policy.channels.map(({ surface }) => surface));
  return policy.people.flatMap((person) => {
    const places = placesOn(
      Object.keys(person.accounts).filter((surface) => heard.has(surface)),
      policy,
    );
    const counting = places.flatMap((place) => grantsAt(inGroupsOf(place.surface, person, policy), place, policy));
    return counting.length === 0 ? [] : [{ ...person, grants: [...new Set(counting)] }];
  });
}

/** A right that is held only where nobody may approve is none. */
function grantsAt(person: Person, place: Place, policy: Policy): Person["grants"] {
  return person.grants.filter(
    (grant) =>
      decide({ person: { ...person, grants: [grant] }, permission: "approve", system: ownSystemId, place }, policy)
        .allowed,
  );
}

function inGroupsOf(surface: string, person: Person, policy: Policy): Person {
  const groups = policy.groups.filter((each) => each.surface === surface).map(({ group }) => group);
  return withGroups(person, { surface, groups }, policy);
}

/** Every place of these surfaces where somebody could say something. */
function placesOn(surfaces: readonly string[], { channels }: Policy): Place[] {
  return [...new Set(surfaces)].flatMap((surface) => [
    ...channels.filter((each) => each.surface === surface).map(({ channel }): Place => ({ surface, channel })),
    { surface, channel: "direct", direct: true },
  ]);
}
