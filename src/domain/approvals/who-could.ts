import type { Person } from "../people/person.ts";
import { holdsRole, type Policy } from "../people/policy.ts";
import { concernedSystem, type Request, type Sealed, standingApprovals } from "./request.ts";
import { approvingRoles, gains } from "./request-rules.ts";

/** People who could say yes now, and for the others why not. */
export function whoCouldApprove(
  request: Request,
  sealed: Sealed,
  policy: Policy,
): { person: Person; can: boolean; why: string }[] {
  const voted = new Set(standingApprovals(request).map((decision) => decision.person));
  return policy.people.map((person) => {
    if (person.id === sealed.requester.person) return { person, can: false, why: "asked for it" };
    if (voted.has(person.id)) return { person, can: false, why: "has approved" };
    if (gains(sealed, person)) return { person, can: false, why: "gains by it" };
    const roles = approvingRoles(sealed, { person, where: "anywhere" }, policy);
    return roles.length > 0
      ? { person, can: true, why: `as ${roles.join(" or ")}` }
      : { person, can: false, why: `holds no approving role for ${concernedSystem(sealed)}` };
  });
}

/** People who could agree to settle this request, and for the others why not. Whoever asks for the settlement cannot also agree. */
export function whoCouldSettle(sealed: Sealed, policy: Policy): { person: Person; can: boolean; why: string }[] {
  const system = concernedSystem(sealed);
  return policy.people.map((person) => {
    const roles = policy.roles
      .filter(({ id }) => holdsRole(person, { role: id, permission: "approve", system, where: "anywhere" }, policy))
      .map(({ id }) => id);
    return roles.length > 0
      ? { person, can: true, why: `as ${roles.join(" or ")}` }
      : { person, can: false, why: `may not approve for ${system}` };
  });
}
