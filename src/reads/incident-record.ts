import { type Episode, episodeSummary } from "../domain/alerts/episode.ts";
import type { Incident } from "../domain/incidents/incident.ts";
import type { IncidentRecord } from "../domain/incidents/post-mortem.ts";
import type { Viewer } from "../domain/people/viewer.ts";
import type { Store } from "../domain/store.ts";
import { episodesOver, firingEpisodes, shortCode } from "../records/episode.ts";
import { incidentsClosedSince } from "../records/incident.ts";
import { updatesOf } from "../records/incident-update.ts";
import { isListed, tasksIn, timelineEnd, visibleIncidents } from "./incidents.ts";

/** More of a timeline is not read at a time. */
const mostEntries = 5_000;
/** Alerts looked through for the one that fired first. */
const mostAlerts = 500;
/** What fired, and was over, so long before it was declared may still be what it is about, ms. */
const beforeMs = 15 * 60_000;

/** Everything that is on record of an incident. */
export async function incidentRecord(store: Store, incident: Incident): Promise<IncidentRecord> {
  const [{ entries }, tasks, { found: updates }, trigger] = await Promise.all([
    timelineEnd(store, incident.number, mostEntries),
    tasksIn(store, incident.number),
    updatesOf(store, incident.number),
    triggerOf(store, incident),
  ]);
  return { incident, entries, tasks, updates, ...(trigger && { trigger }) };
}

async function triggerOf(store: Store, incident: Incident): Promise<IncidentRecord["trigger"]> {
  const { system, openedAt, closedAt = Number.POSITIVE_INFINITY } = incident;
  if (system === undefined) return undefined;
  const [firing, over] = await Promise.all([
    firingEpisodes(store, system, mostAlerts),
    episodesOver(store, openedAt - beforeMs, mostAlerts),
  ]);
  const within = [...firing.found, ...over.found].filter(
    (each) => each.system === system && each.firstAt <= Math.min(openedAt, closedAt),
  );
  const [first] = within.toSorted((one: Episode, other: Episode) => one.firstAt - other.firstAt);
  return first && { summary: episodeSummary(first), code: shortCode(first), at: first.firstAt };
}

/** Incidents that the viewer may see: those that are open, and those that were closed since a time in ms; the newest last. */
export async function incidentsSince(store: Store, viewer: Viewer, since: number): Promise<readonly Incident[]> {
  const [open, closed] = await Promise.all([
    visibleIncidents(store, viewer),
    incidentsClosedSince(store, since, mostAlerts),
  ]);
  const seen = closed.found.filter((each) => isListed(each, viewer));
  return [...seen, ...open.found].toSorted((one, other) => one.number - other.number);
}
