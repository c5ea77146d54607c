import { changePolicyName, ownSystemId } from "../systems/own-system.ts";
import { isUrgent, type Request, type Sealed } from "./request.ts";

interface Asked {
  readonly request: Request;
  readonly sealed: Sealed;
}

/** Does it put other people and rules in force? */
export function isPolicyChange({ system, operation }: Pick<Sealed, "system" | "operation">): boolean {
  return system === ownSystemId && operation === changePolicyName;
}

/** Waits it for two people to put other people and rules in force? */
export function isWaitingPolicyChange({ request, sealed }: Asked): boolean {
  return isPolicyChange(sealed) && waits(request);
}

/**
 * Of the open requests those that end without being run when this one puts other people and rules in force: each is bound to the
 * rules that it was asked under.
 */
export function endedByPolicyChange<Open extends Asked>({ request: { id } }: Asked, open: readonly Open[]): Open[] {
  return open.filter(({ request, sealed }) => request.id !== id && waits(request) && !isUrgent(sealed));
}

function waits({ state }: Request): boolean {
  return state === "PENDING" || state === "APPROVED";
}
