import { UserError } from "../domain/failure.ts";
import { type Incident, isKnownTo } from "../domain/incidents/incident.ts";
import type { TimelineEnd } from "../domain/incidents/shown-incident.ts";
import type { IncidentTask } from "../domain/incidents/task.ts";
import type { Place } from "../domain/messages/place.ts";
import type { Permission } from "../domain/people/person.ts";
import { may, type Viewer } from "../domain/people/viewer.ts";
import type { Store } from "../domain/store.ts";
import type { Listed } from "../domain/unreadable.ts";
import { openIncidents, readIncident } from "../records/incident.ts";
import { standingRooms } from "../records/incident-room.ts";
import { openTasks, tasksOf } from "../records/incident-task.ts";
import { nothingUnreadable } from "../records/legible.ts";
import { timelineEntries } from "../records/timeline.ts";

/**
 * Open incidents, oldest first, of systems that the viewer may see here, and those of no system; what is kept from others only in a conversation of two. What cannot be read is named
 * to everybody: it may be of any system.
 */
export async function visibleIncidents(store: Store, viewer: Viewer, limit?: number): Promise<Listed<Incident>> {
  const { found, unreadable } = await openIncidents(store, limit);
  return { found: found.filter((each) => isListed(each, viewer)), unreadable };
}

/** What is kept from others is listed where nobody else looks. */
export function isListed(incident: Incident, viewer: Viewer): boolean {
  return isVisible(incident, viewer) && (!incident.isPrivate || viewer.place.direct === true);
}

function isVisible(incident: Incident, viewer: Viewer): boolean {
  return may(viewer, "read", incident.system).allowed && isKnownTo(incident, viewer.person?.id);
}

/**
 * The incident of a number, for somebody who may do this with it. Throws UserError: one that may not be seen is told as
 * one that is not there.
 */
export async function incidentFor(
  store: Store,
  viewer: Viewer,
  number: number,
  permission: Permission,
): Promise<Incident> {
  const read = await readIncident(store, number);
  if (!read || !isVisible(read.incident, viewer))
    throw new UserError(`There is no incident ${number}.`, "incident list shows what is open.");
  const verdict = may(viewer, permission, read.incident.system);
  if (!verdict.allowed) throw new UserError(verdict.why, verdict.remedy);
  return read.incident;
}

/** The incident whose room a place is, or is in; undefined for every other. */
export async function incidentAt(store: Pick<Store, "read">, place: Place): Promise<number | undefined> {
  const { rooms } = await standingRooms(store);
  return rooms.find(
    ({ place: of }) =>
      of.surface === place.surface &&
      of.channel === place.channel &&
      (of.thread === undefined || of.thread === place.thread),
  )?.incident;
}

/** What is to be done in an incident, and done. What cannot be read of it is left out. */
export async function tasksIn(store: Pick<Store, "list">, incident: number): Promise<readonly IncidentTask[]> {
  return (await tasksOf(store, incident)).found;
}

/** What is yet to be done because of incidents that the viewer may see, what is due first. */
export async function visibleTasks(store: Store, viewer: Viewer): Promise<Listed<IncidentTask>> {
  const { found, unreadable } = await openTasks(store);
  const systems = new Map<number, boolean>();
  for (const number of new Set(found.map(({ incident }) => incident))) {
    const read = await readIncident(store, number).catch(nothingUnreadable);
    systems.set(number, read !== undefined && isListed(read.incident, viewer));
  }
  return { found: found.filter(({ incident }) => systems.get(incident)), unreadable };
}

/** The end of an incident's timeline, oldest first, at most so many entries. `isMore`: there is more before it. */
export async function timelineEnd(
  store: Pick<Store, "list" | "read">,
  number: number,
  limit: number,
): Promise<TimelineEnd> {
  const { found, unreadable } = await timelineEntries(store, number, limit + 1);
  // Of one that the format before wrote and nobody has changed since, it is in the incident.
  const within = found.length > 0 ? [] : ((await readIncident(store, number))?.within ?? []);
  const all = [...found.toReversed(), ...within];
  return { entries: all.slice(-limit), isMore: all.length > limit, unreadable };
}
