import type { Called } from "../messages/message.ts";
import type { Incident, Severity, Someone } from "./incident.ts";

/** What others are told of an incident: nothing that is not confirmed, besides what is being checked, and when they hear again. */
export interface IncidentUpdate {
  readonly incident: number;
  /** Counted within its incident, from 1. */
  readonly number: number;
  readonly at: number;
  readonly by: Someone;
  /** What is confirmed, and since when where that was said. */
  readonly known: string;
  readonly since?: string;
  readonly checking?: string;
  /** What whoever reads it should do. */
  readonly advice?: string;
  /** When they hear again at the latest, store time in ms. */
  readonly nextBy?: number;
}

/** Somebody is told that an update is due. */
export interface UpdateReminder {
  readonly incident: number;
  readonly at: number;
  /** So many were missed, this one among them. */
  readonly missed: number;
  /** When the one that is missed was due. */
  readonly dueAt: number;
  readonly calls: readonly Called[];
  readonly isEscalated: boolean;
}

/** How far an incident is with its updates. */
export interface UpdatePace {
  readonly incident: number;
  readonly updates: number;
  /** When the last one was posted; of none yet, when the incident was declared. */
  readonly lastAt: number;
  /** What the last one promised. */
  readonly nextBy?: number;
  readonly missed: number;
  /** The next reminder comes no earlier. It may be put off once, and the cadence stays. */
  readonly snoozedUntil?: number;
}

/** Longest time between two updates by severity, in ms; of what stands here nowhere none is asked for. */
export type Cadence = Readonly<Partial<Record<Severity, number>>>;

const minute = 60_000;
/** Where the files say nothing. */
export const usualCadence: Cadence = { P0: 15 * minute, P1: 30 * minute, P2: 60 * minute, P3: 120 * minute };

/** An escalation comes with so many missed. */
export const escalatedMissed = 2;

/** An incident whose updates nobody has posted yet. */
export function paceOf({ number, openedAt }: Pick<Incident, "number" | "openedAt">): UpdatePace {
  return { incident: number, updates: 0, lastAt: openedAt, missed: 0 };
}

/** When the next update, or the next reminder, is due; undefined where none is asked for. */
export function updateDueAt(pace: UpdatePace, everyMs: number | undefined): number | undefined {
  const { lastAt, nextBy, missed, snoozedUntil = 0 } = pace;
  if (everyMs === undefined && nextBy === undefined) return undefined;
  const first = nextBy ?? lastAt + (everyMs ?? 0);
  const due = missed === 0 ? first : everyMs === undefined ? undefined : first + missed * everyMs;
  return due === undefined ? undefined : Math.max(due, snoozedUntil);
}

/** How many have been missed by now: after a pause all that were due count as one reminder. */
export function missedBy(pace: UpdatePace, everyMs: number | undefined, now: number): number {
  let missed = pace.missed;
  let due = updateDueAt(pace, everyMs);
  while (due !== undefined && due <= now && missed < 1_000) {
    missed += 1;
    due = updateDueAt({ ...pace, missed, snoozedUntil: 0 }, everyMs);
  }
  return missed;
}
