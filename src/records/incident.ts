import { z } from "zod";
import { type Incident, severities } from "../domain/incidents/incident.ts";
import { Place } from "../domain/messages/place.ts";
import { type Document, type Put, type Store, sortable } from "../domain/store.ts";
import type { Listed } from "../domain/unreadable.ts";
import { eachLegible, legible } from "./legible.ts";

const StoredIncident = z.object({
  format: z.literal(1),
  number: z.int(),
  title: z.string(),
  severity: z.enum(severities),
  system: z.string().exactOptional(),
  state: z.enum(["open", "closed"]),
  openedAt: z.number(),
  openedBy: z.object({ person: z.string(), name: z.string() }),
  closedAt: z.number().exactOptional(),
  place: Place,
  timeline: z.array(z.object({ at: z.number(), person: z.string(), name: z.string(), text: z.string() })),
});

/** People name an incident by its number. */
export function incidentKey(number: number): string {
  return `incident/${number}`;
}

/** The incident with the revision it stands at; undefined when there is none of this number. */
export async function readIncident(
  store: Store,
  number: number,
): Promise<{ readonly incident: Incident; readonly revision: string } | undefined> {
  const [document] = await store.read([incidentKey(number)]);
  return document && { incident: parseIncident(document), revision: document.revision };
}

/** Open ones, oldest first. */
export async function openIncidents(store: Pick<Store, "list">, limit = 1_000): Promise<Listed<Incident>> {
  return eachLegible(await store.list("incident", "open", { limit }), parseIncident);
}

/** The document of an incident; a closed one leaves the index of open ones. */
export function putIncident(incident: Incident): Put {
  const open: Record<string, string> = incident.state === "open" ? { open: sortable(incident.openedAt) } : {};
  return { key: incidentKey(incident.number), value: { format: 1, ...incident }, index: { ...open } };
}

function parseIncident(document: Document): Incident {
  const { format: _, ...incident } = legible(document, (value) => StoredIncident.parse(value));
  return incident;
}
