import type { WholeRequest } from "../approvals/run.ts";
import type { Incident, IncidentRole, Severity } from "./incident.ts";
import type { IncidentUpdate } from "./incident-update.ts";
import { type IncidentCourse, type MeasuredLine, measuredOf } from "./measured.ts";
import { type RequestReceipt, receiptOf } from "./receipt.ts";
import { type IncidentTask, taskCode } from "./task.ts";
import { byItself, type TimelineEntry } from "./timeline.ts";

export const lessonKinds = ["well", "badly", "luck"] as const;
export type LessonKind = (typeof lessonKinds)[number];

/** How a timeline tells what people learned. */
export const lessonWords: Readonly<Record<LessonKind, string>> = {
  well: "went well: ",
  badly: "went badly: ",
  luck: "was luck: ",
};

/** What there is on record of an incident. */
export interface IncidentRecord {
  readonly incident: Incident;
  /** Oldest first. */
  readonly entries: readonly TimelineEntry[];
  readonly tasks: readonly IncidentTask[];
  readonly updates: readonly IncidentUpdate[];
  /** The alert of its system that fired first of those that fired while it went on, or when it was declared. */
  readonly trigger?: { readonly summary: string; readonly code: string; readonly at: number };
}

/** What proves what happened in an incident, besides its timeline. */
export interface IncidentEvidence {
  /** Requests about its system that were asked for while it went on, oldest first. */
  readonly requests: readonly WholeRequest[];
  readonly courses: readonly IncidentCourse[];
  /** What the courses are from and to, store times in ms. */
  readonly from: number;
  readonly to: number;
}

/** An incident written up for whoever reads it later. Times are store times in ms, durations ms. */
export interface PostMortem {
  readonly number: number;
  readonly title: string;
  readonly severity: Severity;
  readonly system?: string;
  readonly declaredBy: string;
  readonly roles: Readonly<Partial<Record<IncidentRole, string>>>;
  readonly isOver: boolean;
  readonly beganAt: number;
  readonly declaredAt: number;
  readonly resolvedAt?: number;
  readonly trigger?: IncidentRecord["trigger"];
  readonly figures: IncidentFigures;
  /** What people called confirmed, and what they called supposed or were checking. */
  readonly confirmed: readonly string[];
  readonly supposed: readonly string[];
  readonly timeline: readonly PostMortemRow[];
  readonly measured: readonly MeasuredLine[];
  readonly requests: readonly RequestReceipt[];
  readonly lessons: Readonly<Record<LessonKind, readonly string[]>>;
  readonly actions: readonly PostMortemAction[];
}

interface PostMortemRow {
  readonly at: number;
  /** Since it began. */
  readonly afterMs: number;
  readonly kind: TimelineEntry["kind"];
  readonly who: string;
  readonly text: string;
  /** Where it is on record; undefined for what somebody wrote. */
  readonly source?: string;
}

interface PostMortemAction {
  readonly code: string;
  readonly text: string;
  readonly owner: string;
  readonly due?: number;
  readonly doneAt?: number;
}

/** What of an incident can be counted. */
export interface IncidentFigures {
  /** From when its trouble began to when it was declared. */
  readonly detectMs: number;
  /** To when somebody first took one of its alerts; undefined where nobody did. */
  readonly acknowledgeMs?: number;
  /** To when it was resolved; undefined while it is open. */
  readonly resolveMs?: number;
  readonly alerts: number;
  readonly requests: number;
}

/** The figures of an incident, counted from when its trouble began. */
export function figuresOf({ incident, entries, trigger }: Omit<IncidentRecord, "tasks" | "updates">): IncidentFigures {
  const began = beganAt({ incident, ...(trigger && { trigger }) });
  const taken = entries.find(({ kind }) => kind === "acknowledged");
  return {
    detectMs: incident.openedAt - began,
    ...(taken && { acknowledgeMs: Math.max(0, taken.at - began) }),
    ...(incident.closedAt !== undefined && { resolveMs: incident.closedAt - began }),
    alerts: entries.filter(({ kind, text }) => kind === "alert" && / fires?\b/.test(text)).length,
    requests: entries.filter(({ kind, text }) => kind === "request" && text.startsWith("asks for ")).length,
  };
}

/** When its trouble began: with the alert that fired first, or else with the declaration. Store time in ms. */
export function beganAt({ incident, trigger }: Pick<IncidentRecord, "incident" | "trigger">): number {
  return Math.min(incident.openedAt, trigger?.at ?? incident.openedAt);
}

export function postMortemOf(record: IncidentRecord, evidence: IncidentEvidence): PostMortem {
  const { incident, entries, tasks, updates, trigger } = record;
  const { number, title, severity, system, openedBy, roles, state, openedAt, closedAt, cause, impact } = incident;
  const began = beganAt(record);
  const row = ({ at, kind, who, text, source }: TimelineEntry): PostMortemRow => ({
    at,
    afterMs: at - began,
    kind,
    who: who?.name ?? byItself,
    text,
    ...(source === undefined ? who === undefined && { source: "the bot itself" } : { source }),
  });
  const unknownCause = cause === undefined || /^unknown\b/i.test(cause);
  const last = updates.at(-1);
  return {
    number,
    title,
    severity,
    ...(system !== undefined && { system }),
    declaredBy: openedBy.name,
    roles: Object.fromEntries(Object.entries(roles).map(([role, { name }]) => [role, name])),
    isOver: state === "closed",
    beganAt: began,
    declaredAt: openedAt,
    ...(closedAt !== undefined && { resolvedAt: closedAt }),
    ...(trigger && { trigger }),
    figures: figuresOf(record),
    confirmed: [
      ...(unknownCause ? [] : [`Cause: ${cause}`]),
      ...(impact === undefined ? [] : [`Impact: ${impact}`]),
      ...updates.map(({ known, since }) => (since === undefined ? known : `${known} (since ${since})`)),
    ],
    supposed: [
      ...(unknownCause ? ["The cause is not known."] : []),
      ...(last?.checking === undefined ? [] : [`Being checked at the last update: ${last.checking}`]),
    ],
    timeline: entries.map(row),
    measured: evidence.courses.flatMap((course) => measuredOf(course, { beganAt: began, endedAt: evidence.to })),
    requests: evidence.requests.map((each) => receiptOf(each, entries)),
    lessons: { well: lessonsOf(entries, "well"), badly: lessonsOf(entries, "badly"), luck: lessonsOf(entries, "luck") },
    actions: tasks.map((task) => ({
      code: taskCode(task),
      text: task.text,
      owner: task.owner.name,
      ...(task.due !== undefined && { due: task.due }),
      ...(task.doneAt !== undefined && { doneAt: task.doneAt }),
    })),
  };
}

function lessonsOf(entries: readonly TimelineEntry[], lesson: LessonKind): readonly string[] {
  const words = lessonWords[lesson];
  return entries.flatMap(({ kind, text }) =>
    kind === "lesson" && text.startsWith(words) ? [text.slice(words.length)] : [],
  );
}
