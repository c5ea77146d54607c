import type { Person } from "../people/person.ts";
import { holdsRole, type Policy, type RoleClaim, type Slot } from "../people/policy.ts";
import { settleOperation } from "../systems/own-system.ts";
import { ownTierOf } from "./own-tier.ts";
import { fillSlots } from "./quorum.ts";
import {
  concernedSystem,
  holdsWhereDecided,
  type Request,
  type Sealed,
  standingApprovals,
  whereDecided,
} from "./request.ts";
import { approvingRoles, eligibleVoters, gains } from "./request-rules.ts";

/** Whether somebody could do something about a request, wherever they are, and why or why not. */
export interface Could {
  readonly person: Person;
  readonly can: boolean;
  readonly why: string;
}

/** People who could say yes now, and for the others why not. */
export function whoCouldApprove(request: Request, sealed: Sealed, policy: Policy): Could[] {
  const voted = new Set(standingApprovals(request).map((decision) => decision.person));
  return policy.people.map((person) => {
    if (person.id === sealed.requester.person) return { person, can: false, why: "asked for it" };
    if (voted.has(person.id)) return { person, can: false, why: "has approved" };
    return judgedByRoles(sealed, person, policy);
  });
}

/** Would their yes, all of them together with those that stand, be enough? */
export function couldReachQuorum(request: Request, sealed: Sealed, policy: Policy): boolean {
  const able = whoCouldApprove(request, sealed, policy)
    .filter(({ can }) => can)
    .map(({ person }) => ({ id: person.id, roles: approvingRoles(sealed, { person, where: "anywhere" }, policy) }));
  const all = [...eligibleVoters(request, sealed, policy), ...able];
  return sealed.policy.alternatives.some((slots) => fillSlots(slots, all));
}

/** Who can still say yes to a request that waits for it: their names are for reading alone. */
export interface Approvers {
  readonly names: readonly string[];
  /** Groups of a platform may make others able to, who are known only as they decide. */
  readonly groups: boolean;
  /** All of these together, with those who have said yes, are enough, or nobody knows that they are not. */
  readonly enough: boolean;
}

/** Undefined where nobody's yes is waited for, or other rules are in force than those it was asked under, which ends it. */
export function approversOf(request: Request, sealed: Sealed, policy: Policy): Approvers | undefined {
  if (request.state !== "PENDING" || sealed.policy.revision !== policy.revision) return undefined;
  const names = whoCouldApprove(request, sealed, policy).flatMap(({ person, can }) => (can ? [person.name] : []));
  const claim = { permission: "approve", where: "anywhere" } as const;
  const roles = sealed.policy.alternatives.flat().map(({ role }) => role);
  const groups = policy.groups.some((grant) =>
    roles.some((role) =>
      holdsWhereDecided(sealed, (system) => holdsRole({ grants: [grant] }, { ...claim, role, system }, policy)),
    ),
  );
  return { names, groups, enough: groups || couldReachQuorum(request, sealed, policy) };
}

/** People who could end a request that is approved and has not begun: by a no, or by taking back what is theirs. */
export function whoCouldStop(request: Request, sealed: Sealed, policy: Policy): Could[] {
  const { code } = request;
  const voted = new Set(standingApprovals(request).map((decision) => decision.person));
  return policy.people.map((person) => {
    if (person.id === sealed.requester.person)
      return { person, can: true, why: `asked for it: confirm cancel ${code}` };
    const { can, why } = judgedByRoles(sealed, person, policy);
    if (voted.has(person.id)) {
      const how = can ? `confirm withdraw ${code} or confirm deny ${code}` : `confirm withdraw ${code}`;
      return { person, can: true, why: `has approved: ${how}` };
    }
    return { person, can, why: can ? `${why}: confirm deny ${code}` : why };
  });
}

/** People who could end the wait of a run, and for the others why not. */
export function whoCouldAbort(request: Request, sealed: Sealed, policy: Policy): Could[] {
  const voted = new Set(standingApprovals(request).map((decision) => decision.person));
  return policy.people.map((person) => {
    if (sealed.risk === "change" && person.id === sealed.requester.person)
      return { person, can: true, why: "asked for it" };
    if (!voted.has(person.id)) return { person, can: false, why: "did not approve it" };
    const { can, why } = judgedByRoles(sealed, person, policy);
    return { person, can, why: can ? "has approved" : why };
  });
}

/** What it takes besides whoever asks to settle it: as `1 approver or 1 lead` is made of. None: nobody could agree. */
export function settlersNeeded(policy: Policy): Slot[][] {
  const { risk, direction } = settleOperation;
  return ownTierOf({ operation: "settle", risk, direction, least: 1 }, policy)?.alternatives ?? [];
}

/** People who could agree to settle this request, and for the others why not. Whoever asks for the settlement cannot also agree. */
export function whoCouldSettle(sealed: Sealed, policy: Policy): Could[] {
  const system = concernedSystem(sealed);
  const roles = [...new Set(settlersNeeded(policy).flatMap((slots) => slots.map(({ role }) => role)))];
  return policy.people.map((person) => {
    const held = roles.filter((role) => holds(person, { role, permission: "approve", system }, policy));
    return held.length > 0
      ? { person, can: true, why: `as ${held.join(" or ")}` }
      : { person, can: false, why: `may not approve for ${system}` };
  });
}

/** People who could ask to settle this request, and for the others why not. */
export function whoCouldAskToSettle(sealed: Sealed, policy: Policy): Could[] {
  const system = concernedSystem(sealed);
  return policy.people.map((person) => {
    const held = policy.roles.filter(({ id }) => holds(person, { role: id, permission: "ask", system }, policy));
    return held.length > 0
      ? { person, can: true, why: `as ${held.map(({ id }) => id).join(" or ")}` }
      : { person, can: false, why: `may not ask for anything on ${system}` };
  });
}

function holds(person: Person, claim: Omit<RoleClaim, "where">, policy: Policy): boolean {
  return holdsRole(person, { ...claim, where: "anywhere" }, policy);
}

function judgedByRoles(sealed: Sealed, person: Person, policy: Policy): Could {
  if (gains(sealed, person)) return { person, can: false, why: "gains by it" };
  const roles = approvingRoles(sealed, { person, where: "anywhere" }, policy);
  return roles.length > 0
    ? { person, can: true, why: `as ${roles.join(" or ")}` }
    : { person, can: false, why: `holds no approving role for ${whereDecided(sealed)}` };
}
