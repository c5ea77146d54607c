import type { Place } from "../messages/place.ts";

/** The worst first. */
export const severities = ["P0", "P1", "P2", "P3", "P4"] as const;
export type Severity = (typeof severities)[number];

/** Something that people deal with together until it is over. Its timeline is kept beside it, entry by entry. */
export interface Incident {
  readonly number: number;
  readonly title: string;
  readonly severity: Severity;
  readonly system?: string;
  readonly state: "open" | "closed";
  readonly openedAt: number;
  readonly openedBy: { readonly person: string; readonly name: string };
  readonly closedAt?: number;
  /** The last link of the journal when it was opened. Unknown of one that the release before opened. */
  readonly openedAfter?: number;
  /** Where it was opened. */
  readonly place: Place;
}

/** The incident over, at a store time in ms. */
export function closedAt(incident: Incident, at: number): Incident {
  return { ...incident, state: "closed", closedAt: at };
}
