import type { Place } from "../messages/place.ts";
import type { Permission, Person } from "./person.ts";
import { decide, holdsRole, type Policy, type Verdict } from "./policy.ts";

/** Somebody at a place under the rules in force: whoever asks, or is shown something. Nobody known has no person. */
export interface Viewer {
  readonly person: Person | undefined;
  readonly place: Place;
  readonly policy: Policy;
}

/** May they do this here? Of a system when one is named. */
export function may(viewer: Viewer, permission: Permission, system?: string): Verdict {
  const { person, place, policy } = viewer;
  return decide({ person, place, permission, ...(system !== undefined && { system }) }, policy);
}

/** May they read this system in any place at all? To whom does not, no answer may tell that there is one. */
export function readsAnywhere({ person, policy }: Viewer, system: string): boolean {
  const claim = { permission: "read", system, where: "anywhere" } as const;
  return person !== undefined && policy.roles.some(({ id }) => holdsRole(person, { ...claim, role: id }, policy));
}
