import type { Place } from "../messages/place.ts";

/** The worst first. */
export const severities = ["P0", "P1", "P2", "P3", "P4"] as const;
export type Severity = (typeof severities)[number];

/** How far an incident has come. The last two are of one that is over. */
export const phases = ["detected", "assessed", "contained", "recovered", "watching", "resolved", "reviewed"] as const;
export type IncidentPhase = (typeof phases)[number];
/** Those that an open incident can be in. */
export const openPhases = ["detected", "assessed", "contained", "recovered", "watching"] as const;

/** What people take on in an incident. `commander` decides, `deputy` stands in, `communications` tells others, `scribe` writes. */
export const incidentRoles = ["commander", "deputy", "communications", "scribe"] as const;
export type IncidentRole = (typeof incidentRoles)[number];

export interface Someone {
  readonly person: string;
  readonly name: string;
}

/** Something that people deal with together until it is over. Its timeline is kept beside it, entry by entry. */
export interface Incident {
  readonly number: number;
  readonly title: string;
  readonly severity: Severity;
  readonly system?: string;
  readonly state: "open" | "closed";
  readonly phase: IncidentPhase;
  readonly openedAt: number;
  readonly openedBy: Someone;
  readonly closedAt?: number;
  /** Who has which role. */
  readonly roles: Readonly<Partial<Record<IncidentRole, Someone>>>;
  /** What it came from and what it did, as they were given when it was resolved. */
  readonly cause?: string;
  readonly impact?: string;
  /** The last link of the journal when it was opened. Unknown of one that the release before opened. */
  readonly openedAfter?: number;
  /** Where it was opened. */
  readonly place: Place;
  /** The id of its kind, as the files had it. */
  readonly kind?: string;
  /** It is kept from all but those who are in it: whoever declared it, has a role, or was brought in. */
  readonly isPrivate?: true;
  /** Ids of people who were brought in. */
  readonly invited?: readonly string[];
}

/** May somebody see it, as far as it is kept from others? What they may see of its system is asked besides. */
export function isKnownTo(incident: Incident, person: string | undefined): boolean {
  return !incident.isPrivate || (person !== undefined && peopleIn(incident).includes(person));
}

/** Ids of those who are in it. */
export function peopleIn({ invited = [], openedBy, roles }: Incident): readonly string[] {
  return [...new Set([openedBy.person, ...Object.values(roles).map(({ person }) => person), ...invited])];
}

/** The incident with one more who was brought in. */
export function withInvited(incident: Incident, person: string): Incident {
  return { ...incident, invited: [...new Set([...(incident.invited ?? []), person])] };
}

/** The incident over, at a store time in ms. */
export function resolvedAt(
  incident: Incident,
  { at, cause, impact }: { readonly at: number; readonly cause: string; readonly impact: string },
): Incident {
  return { ...incident, state: "closed", phase: "resolved", closedAt: at, cause, impact };
}

/** The incident going on, from where it was detected. */
export function reopened(incident: Incident): Incident {
  const { closedAt: _at, cause: _cause, impact: _impact, ...rest } = incident;
  return { ...rest, state: "open", phase: "detected" };
}

/** The incident with somebody else in a role. */
export function withRole(incident: Incident, role: IncidentRole, someone: Someone): Incident {
  return { ...incident, roles: { ...incident.roles, [role]: someone } };
}

/** Of two who declare the same so soon after each other it is one incident, ms. */
export const sameWithinMs = 600_000;

/** Does an open incident already stand for what is declared now? Of one system it does for a while, of none where the words are the same. */
export function isSameAs(
  incident: Incident,
  declared: { readonly title: string; readonly system: string | undefined; readonly kind?: { readonly id: string } },
  now: number,
): boolean {
  if (incident.state !== "open" || now - incident.openedAt > sameWithinMs) return false;
  if (incident.kind !== declared.kind?.id) return false;
  if (declared.system !== undefined) return incident.system === declared.system;
  return incident.system === undefined && incident.title.toLowerCase() === declared.title.toLowerCase();
}
