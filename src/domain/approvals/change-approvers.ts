import type { Place } from "../messages/place.ts";
import type { Person } from "../people/person.ts";
import { decide, type Policy, withGroups } from "../people/policy.ts";
import { ownSystemId } from "../systems/own-system.ts";

/**
 * The people who could approve a change of people and rules somewhere, by the rules given. Whoever could hold the right through
 * a group of a platform counts: nobody's groups are known until they decide, and a change must not slip by for that.
 */
export function changeApprovers(policy: Policy): Person[] {
  return policy.people.filter((person) =>
    placesOf(person, policy).some((place) => {
      const groups = policy.groups.filter(({ surface }) => surface === place.surface).map(({ group }) => group);
      const grown = withGroups(person, { surface: place.surface, groups }, policy);
      return decide({ person: grown, permission: "approve", system: ownSystemId, place }, policy).allowed;
    }),
  );
}

/** Every place where an account of theirs may say something. */
function placesOf(person: Person, { channels }: Policy): Place[] {
  const own = Object.keys(person.accounts);
  // Somebody whose account is not linked just now is as much of a person: taking a link away makes no team of one.
  const surfaces = own.length > 0 ? own : [...new Set(channels.map(({ surface }) => surface))];
  return surfaces.flatMap((surface) => [
    ...channels.filter((each) => each.surface === surface).map(({ channel }): Place => ({ surface, channel })),
    { surface, channel: "direct", direct: true },
  ]);
}
