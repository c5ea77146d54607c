import type { DoneBy } from "../../domain/commands/command.ts";
import { UserError } from "../../domain/failure.ts";
import {
  type Incident,
  type IncidentPhase,
  type IncidentRole,
  reopened,
  resolvedAt,
  type Severity,
  type Someone,
  withInvited,
  withRole,
} from "../../domain/incidents/incident.ts";
import { type LessonKind, lessonWords } from "../../domain/incidents/post-mortem.ts";
import { type IncidentTask, taskCode } from "../../domain/incidents/task.ts";
import type { Commit, Store } from "../../domain/store.ts";
import { stamp } from "../../domain/text/moment.ts";
import { readIncident } from "../../records/incident.ts";
import { roomsOf } from "../../records/incident-room.ts";
import { putTask, readTask, taskKey, tasksOf } from "../../records/incident-task.ts";
import { owedNotice } from "../../records/notice.ts";
import { committedBefore } from "../transact.ts";
import { changeIncident } from "./change-incident.ts";
import { incidentOnce } from "./incident-commit.ts";

// What people do in an incident. Each throws UserError when there is no such incident, or it is over.

/** Adds a note to the timeline. */
export function addNote(store: Store, number: number, text: string, by: DoneBy): Promise<Incident> {
  return changeIncident(store, number, { text, entry: "note", kind: "incident.noted" }, by);
}

export function setSeverity(store: Store, number: number, severity: Severity, by: DoneBy): Promise<Incident> {
  const change = {
    text: ({ severity: before }: Incident) => `severity ${before} → ${severity}`,
    entry: "severity",
    kind: "incident.changed",
    rule: (incident: Incident): Incident => ({ ...incident, severity }),
  } as const;
  return changeIncident(store, number, change, by);
}

/** To one that is open. */
export function setPhase(store: Store, number: number, phase: IncidentPhase, by: DoneBy): Promise<Incident> {
  const change = {
    text: ({ phase: before }: Incident) => `${before} → ${phase}`,
    entry: "phase",
    kind: "incident.changed",
    rule: (incident: Incident): Incident => ({ ...incident, phase }),
  } as const;
  return changeIncident(store, number, change, by);
}

/** Whoever had the role before hands it over. */
export function giveRole(
  store: Store,
  number: number,
  { role, someone }: { readonly role: IncidentRole; readonly someone: Someone },
  by: DoneBy,
): Promise<Incident> {
  const change = {
    text: ({ roles: { [role]: before } }: Incident) =>
      `${role}: ${before && before.person !== someone.person ? `${before.name} → ` : ""}${someone.name}`,
    entry: "role",
    kind: "incident.changed",
    rule: (incident: Incident) => withRole(incident, role, someone),
  } as const;
  return changeIncident(store, number, change, by);
}

/** Brings somebody in: into its rooms, and to see it where it is kept from others. */
export function bringIn(store: Store, number: number, someone: Someone, by: DoneBy): Promise<Incident> {
  const change = {
    text: `brings in ${someone.name}`,
    entry: "role",
    kind: "incident.changed",
    rule: (incident: Incident) => withInvited(incident, someone.person),
  } as const;
  return changeIncident(store, number, change, by);
}

/** It is over, with what it came from and what it did. */
export function resolveIncident(
  store: Store,
  number: number,
  { cause, impact }: { readonly cause: string; readonly impact: string },
  by: DoneBy,
): Promise<Incident> {
  const change = {
    text: `resolved. Cause: ${cause} Impact: ${impact}`,
    entry: "closed",
    kind: "incident.closed",
    rule: (incident: Incident, at: number) => resolvedAt(incident, { at, cause, impact }),
    beside: (now: number) => endTold(store, number, { at: now, now }),
  } as const;
  return changeIncident(store, number, change, by);
}

/** Its rooms are told, besides the card there: who reads along sees no edit of what stands further up. */
async function endTold(
  store: Store,
  incident: number,
  { at, now }: { readonly at: number; readonly now: number },
): Promise<Pick<Commit, "notices">> {
  const { found } = await roomsOf(store, incident);
  const subject = { kind: "incident-end", incident, at } as const;
  return { notices: found.flatMap(({ place }) => (place ? [owedNotice({ subject, place }, now)] : [])) };
}

/** It goes on. Throws UserError when it is open. */
export function reopenIncident(store: Store, number: number, why: string, by: DoneBy): Promise<Incident> {
  const change = {
    text: `reopened: ${why}`,
    entry: "reopened",
    kind: "incident.reopened",
    rule: reopened,
    ofClosed: true,
    // What told the end says from now on that it goes on.
    beside: async (now: number) => {
      const closedAt = (await readIncident(store, number))?.incident.closedAt;
      return closedAt === undefined ? {} : endTold(store, number, { at: closedAt, now });
    },
  } as const;
  return changeIncident(store, number, change, by);
}

/** What somebody learned from it, also once it is over. */
export function addLesson(
  store: Store,
  number: number,
  { lesson, what, ofClosed }: { readonly lesson: LessonKind; readonly what: string; readonly ofClosed: boolean },
  by: DoneBy,
): Promise<Incident> {
  const text = `${lessonWords[lesson]}${what}`;
  return changeIncident(store, number, { text, entry: "lesson", kind: "incident.noted", ofClosed }, by);
}

export interface NewTask {
  readonly text: string;
  readonly owner: Someone;
  /** Store time in ms. */
  readonly due: number | undefined;
}

/** Something to be done: remembered until it is. */
export function addTask(store: Store, incident: number, { due, ...task }: NewTask, by: DoneBy): Promise<Incident> {
  const beside = async (now: number) => {
    const { found, unreadable } = await tasksOf(store, incident);
    const number = found.length + unreadable.length + 1;
    const made: IncidentTask = { incident, number, ...task, at: now, ...(due !== undefined && { due }) };
    return { expect: { [taskKey(made)]: null }, put: [putTask(made)] };
  };
  const until = due === undefined ? "" : `, by ${stamp(due)}`;
  const text = `to do: ${task.text} (${task.owner.name}${until})`;
  return changeIncident(store, incident, { text, entry: "task", kind: "incident.noted", beside }, by);
}

/** A task is done, also of an incident that is over. Throws UserError when there is none, or it was done before. */
export async function endTask(
  store: Store,
  of: Pick<IncidentTask, "incident" | "number">,
  { ofClosed, by }: { readonly ofClosed: boolean; readonly by: DoneBy },
): Promise<Incident> {
  const read = await readTask(store, of);
  if (!read) throw new UserError(`There is no task ${taskCode(of)}.`, `incident show ${of.incident} lists them.`);
  const beside = async (now: number) => {
    const latest = await readTask(store, of);
    // A delivery that is run again after a crash may have done it itself: it changes nothing.
    if (!latest || latest.task.doneAt !== undefined) {
      if ((await committedBefore(store, incidentOnce(of.incident, by).key)) !== undefined) return {};
      throw new UserError(`Task ${taskCode(of)} is done already.`, "Nothing was changed.");
    }
    return { expect: { [taskKey(of)]: latest.revision }, put: [putTask({ ...latest.task, doneAt: now })] };
  };
  const change = { text: `done: ${read.task.text}`, entry: "task", kind: "incident.noted", ofClosed, beside } as const;
  return changeIncident(store, of.incident, change, by);
}
