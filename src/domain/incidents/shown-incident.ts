import type { UnreadableRecord } from "../unreadable.ts";
import type { Incident } from "./incident.ts";
import type { IncidentUpdate } from "./incident-update.ts";
import type { IncidentRoom } from "./room.ts";
import type { IncidentTask } from "./task.ts";
import type { TimelineEntry } from "./timeline.ts";

/** The end of a timeline, oldest first. `isMore`: there is more before it. */
export interface TimelineEnd {
  readonly entries: readonly TimelineEntry[];
  readonly isMore: boolean;
  readonly unreadable: readonly UnreadableRecord[];
}

/** An incident with everything that its card shows. */
export interface ShownIncident {
  readonly incident: Incident;
  readonly timeline: TimelineEnd;
  readonly tasks: readonly IncidentTask[];
  readonly rooms: readonly IncidentRoom[];
  /** What fires of its system, in words, and how much there is. */
  readonly firing: { readonly count: number; readonly worst: readonly string[] };
  /** What waits for people about its system: each with its code. */
  readonly requests: readonly string[];
  /** What others were told last; undefined where they were told nothing yet. */
  readonly update?: IncidentUpdate;
}
