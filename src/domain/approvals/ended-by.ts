import type { Grant } from "../people/person.ts";
import type { Policy } from "../people/policy.ts";
import { changePolicyName, ownSystemId } from "../systems/own-system.ts";
import { isUrgent, isWaiting, type Request, type Sealed } from "./request.ts";

interface Asked {
  readonly request: Request;
  readonly sealed: Sealed;
}

/** A request that ends with another. `known`: all who read of the other may read of its system, too. */
export interface EndedRequest extends Asked {
  readonly known: boolean;
}

/** Does it put other people and rules in force? */
export function isPolicyChange({ system, operation }: Pick<Sealed, "system" | "operation">): boolean {
  return system === ownSystemId && operation === changePolicyName;
}

/** Waits it for two people to put other people and rules in force? */
export function isWaitingPolicyChange({ request, sealed }: Asked): boolean {
  return isPolicyChange(sealed) && isWaiting(request.state);
}

/**
 * Of the open requests those that end without being run when this one puts other people and rules in force: each is bound to the
 * rules that it was asked under.
 */
export function endedByPolicyChange<Open extends Asked>({ request: { id } }: Asked, open: readonly Open[]): Open[] {
  return open.filter(({ request, sealed }) => request.id !== id && isWaiting(request.state) && !isUrgent(sealed));
}

/**
 * May all who read of a change of people and rules read of this system, too? Its card says the same to everybody, wherever it
 * stands, so what is not for all of them is not named there.
 */
export function isKnownToAll(system: string, { people, groups, roles, channels }: Policy): boolean {
  const readers = roles.filter(({ may }) => may.includes("read")).map(({ id }) => id);
  const reads = (grants: readonly Grant[], asked: string): boolean =>
    grants.some((grant) => readers.includes(grant.role) && covers(grant.systems, asked));
  const given = [...people.map(({ grants }) => grants), ...groups.map((grant) => [grant])];
  return (
    given.every(
      (grants) => !reads(grants, ownSystemId) || grants.some((grant) => !grant.channels && reads([grant], system)),
    ) && channels.every(({ systems }) => !covers(systems, ownSystemId) || covers(systems, system))
  );
}

function covers(systems: "*" | readonly string[], system: string): boolean {
  return systems === "*" || systems.includes(system);
}
