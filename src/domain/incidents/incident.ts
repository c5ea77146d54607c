import type { Place } from "../messages/place.ts";

/** The worst first. */
export const severities = ["P0", "P1", "P2", "P3", "P4"] as const;
export type Severity = (typeof severities)[number];

/** One line of an incident's timeline; nothing that was written is changed. */
export interface TimelineEntry {
  readonly at: number;
  readonly person: string;
  readonly name: string;
  readonly text: string;
}

/** Something that people deal with together until it is over. */
export interface Incident {
  readonly number: number;
  readonly title: string;
  readonly severity: Severity;
  readonly system?: string;
  readonly state: "open" | "closed";
  readonly openedAt: number;
  readonly openedBy: { readonly person: string; readonly name: string };
  readonly closedAt?: number;
  /** Where it was opened. */
  readonly place: Place;
  readonly timeline: readonly TimelineEntry[];
}

/** The incident with one more line of its timeline. */
export function withLine(incident: Incident, line: TimelineEntry): Incident {
  return { ...incident, timeline: [...incident.timeline, line] };
}

/** The incident over, with the line that says how it ended. */
export function closedWith(incident: Incident, line: TimelineEntry): Incident {
  return { ...withLine(incident, line), state: "closed", closedAt: line.at };
}
