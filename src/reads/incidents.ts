import { UserError } from "../domain/failure.ts";
import type { Incident } from "../domain/incidents/incident.ts";
import type { Permission } from "../domain/people/person.ts";
import { may, type Viewer } from "../domain/people/viewer.ts";
import type { Store } from "../domain/store.ts";
import type { Listed } from "../domain/unreadable.ts";
import { openIncidents, readIncident } from "../records/incident.ts";

/**
 * Open incidents, oldest first, of systems that the viewer may see here, and those of no system. What cannot be read is named
 * to everybody: it may be of any system.
 */
export async function visibleIncidents(store: Store, viewer: Viewer, limit?: number): Promise<Listed<Incident>> {
  const { found, unreadable } = await openIncidents(store, limit);
  return { found: found.filter(({ system }) => may(viewer, "read", system).allowed), unreadable };
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
  if (!read || !may(viewer, "read", read.incident.system).allowed)
    throw new UserError(`There is no incident ${number}.`, "incident list shows what is open.");
  const verdict = may(viewer, permission, read.incident.system);
  if (!verdict.allowed) throw new UserError(verdict.why, verdict.remedy);
  return read.incident;
}
