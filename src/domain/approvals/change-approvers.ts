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

/**
 * Every place where they could say something, were an account of theirs linked there: taking a link away, or one of several,
 * makes no team of one.
 */
function placesOf({ accounts }: Person, { channels }: Policy): Place[] {
  const surfaces = [...new Set([...Object.keys(accounts), ...channels.map(({ surface }) => surface)])];
  return surfaces.flatMap((surface) => [
    ...channels.filter((each) => each.surface === surface).map(({ channel }): Place => ({ surface, channel })),
    { surface, channel: "direct", direct: true },
  ]);
}
