/** What an entry of a timeline is about. `note` is what somebody wrote, everything else fills itself. */
export const timelineKinds = [
  "declared",
  "note",
  "severity",
  "phase",
  "role",
  "task",
  "room",
  "alert",
  "acknowledged",
  "escalation",
  "command",
  "request",
  "run",
  "delivery",
  "update",
  "lesson",
  "closed",
  "reopened",
] as const;
export type TimelineKind = (typeof timelineKinds)[number];

/** One entry of an incident's timeline. Nothing that was written is changed: a correction is another entry. */
export interface TimelineEntry {
  /** Unique within its incident. The same happening has the same id, so that it is written once. */
  readonly id: string;
  readonly incident: number;
  /** When it happened, store time in ms. */
  readonly at: number;
  readonly kind: TimelineKind;
  /** Who did it; undefined for what happened by itself. */
  readonly who?: { readonly person: string; readonly name: string };
  readonly text: string;
  /** Where it comes from, for whoever checks it: `journal 1204`, `alert 4f2a09c1be33`. */
  readonly source?: string;
}

/** Who a timeline says did it, where nobody did. */
export const byItself = "Wardroom";
