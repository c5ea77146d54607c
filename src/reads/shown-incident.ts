import { episodeSummary } from "../domain/alerts/episode.ts";
import { concernedSystem, isWaiting } from "../domain/approvals/request.ts";
import type { Incident } from "../domain/incidents/incident.ts";
import type { ShownIncident } from "../domain/incidents/shown-incident.ts";
import type { SubjectData } from "../domain/messages/subject.ts";
import type { Store } from "../domain/store.ts";
import { firingEpisodes } from "../records/episode.ts";
import { readIncident } from "../records/incident.ts";
import { roomsOf } from "../records/incident-room.ts";
import { updatesOf } from "../records/incident-update.ts";
import { openRequests } from "../records/request.ts";
import { tasksIn, timelineEnd } from "./incidents.ts";

/** So many entries of a timeline are shown. */
const shownEntries = 15;
/** More alerts than this of one system are not counted. */
const mostFiring = 200;
const mostNamed = 5;

/** An incident with everything that its card shows, as a subject; undefined when there is none of this number. */
export async function incidentShown(store: Store, number: number): Promise<SubjectData | undefined> {
  const read = await readIncident(store, number);
  return read && { kind: "incident", now: await store.now(), ...(await withShown(store, read.incident)) };
}

export async function withShown(store: Store, incident: Incident): Promise<ShownIncident> {
  const [timeline, tasks, rooms, firing, requests, updates] = await Promise.all([
    timelineEnd(store, incident.number, shownEntries),
    tasksIn(store, incident.number),
    roomsOf(store, incident.number),
    firingOf(store, incident),
    requestsOf(store, incident),
    updatesOf(store, incident.number),
  ]);
  const update = updates.found.at(-1);
  return { incident, timeline, tasks, rooms: rooms.found, firing, requests, ...(update && { update }) };
}

async function firingOf(store: Store, { system, state }: Incident): Promise<ShownIncident["firing"]> {
  if (system === undefined || state === "closed") return { count: 0, worst: [] };
  const { found } = await firingEpisodes(store, system, mostFiring);
  return { count: found.length, worst: [...new Set(found.map(episodeSummary))].slice(0, mostNamed) };
}

async function requestsOf(store: Store, { system, state }: Incident): Promise<readonly string[]> {
  if (system === undefined || state === "closed") return [];
  const { found } = await openRequests(store);
  return found
    .filter(({ request, sealed }) => isWaiting(request.state) && concernedSystem(sealed) === system)
    .map(({ request, sealed }) => `${sealed.operation} (${request.code})`);
}
