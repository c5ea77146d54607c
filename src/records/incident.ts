import { z } from "zod";
import { type Incident, phases, severities } from "../domain/incidents/incident.ts";
import type { TimelineEntry } from "../domain/incidents/timeline.ts";
import { Place } from "../domain/messages/place.ts";
import { type Document, type Put, type Store, sortable } from "../domain/store.ts";
import type { Listed } from "../domain/unreadable.ts";
import { eachLegible, legible } from "./legible.ts";
import { entryId } from "./timeline.ts";

const Someone = z.object({ person: z.string(), name: z.string() });

const StoredIncident = z.object({
  format: z.literal(2),
  number: z.int(),
  title: z.string(),
  severity: z.enum(severities),
  system: z.string().exactOptional(),
  state: z.enum(["open", "closed"]),
  phase: z.enum(phases),
  openedAt: z.number(),
  openedBy: Someone,
  closedAt: z.number().exactOptional(),
  roles: z.object({
    commander: Someone.exactOptional(),
    deputy: Someone.exactOptional(),
    communications: Someone.exactOptional(),
    scribe: Someone.exactOptional(),
  }),
  cause: z.string().exactOptional(),
  impact: z.string().exactOptional(),
  openedAfter: z.int().exactOptional(),
  place: Place,
  kind: z.string().exactOptional(),
  isPrivate: z.literal(true).exactOptional(),
  invited: z.array(z.string()).exactOptional(),
});

/** The format before held the timeline in the incident. */
const StoredIncident1 = StoredIncident.omit({ phase: true, roles: true }).extend({
  format: z.literal(1),
  timeline: z.array(z.object({ at: z.number(), person: z.string(), name: z.string(), text: z.string() })),
});

const AnyIncident = z.discriminatedUnion("format", [StoredIncident, StoredIncident1]);

export interface ReadIncident {
  readonly incident: Incident;
  readonly revision: string;
  /** Entries that the format before kept in the incident; whoever writes it anew writes them beside it. */
  readonly within: readonly TimelineEntry[];
}

/** People name an incident by its number. */
export function incidentKey(number: number): string {
  return `incident/${number}`;
}

/** The incident with the revision it stands at; undefined when there is none of this number. */
export async function readIncident(store: Pick<Store, "read">, number: number): Promise<ReadIncident | undefined> {
  const [document] = await store.read([incidentKey(number)]);
  return document && parseIncident(document);
}

/** Open ones, oldest first. */
export async function openIncidents(store: Pick<Store, "list">, limit = 1_000): Promise<Listed<Incident>> {
  return eachLegible(await store.list("incident", "open", { limit }), (document) => parseIncident(document).incident);
}

/** Those that were closed at or after a store time in ms, oldest first. */
export async function incidentsClosedSince(
  store: Pick<Store, "list">,
  since: number,
  limit = 1_000,
): Promise<Listed<Incident>> {
  const documents = await store.list("incident", "closed", { from: sortable(since), limit });
  return eachLegible(documents, (document) => parseIncident(document).incident);
}

/** The document of an incident; a closed one leaves the index of open ones. */
export function putIncident(incident: Incident): Put {
  const index: Record<string, string> =
    incident.state === "open"
      ? { open: sortable(incident.openedAt) }
      : { closed: sortable(incident.closedAt ?? incident.openedAt) };
  return { key: incidentKey(incident.number), value: { format: 2, ...incident }, index };
}

function parseIncident(document: Document): ReadIncident {
  const read = legible(document, (value) => AnyIncident.parse(value));
  const { revision } = document;
  if (read.format === 2) {
    const { format: _, ...incident } = read;
    return { incident, revision, within: [] };
  }
  const { format: _, timeline, ...kept } = read;
  const phase = kept.state === "open" ? "detected" : "resolved";
  const incident: Incident = { ...kept, phase, roles: {} };
  return {
    incident,
    revision,
    within: timeline.map(({ at, person, name, text }, index): TimelineEntry => {
      const ended = incident.state === "closed" && index === timeline.length - 1;
      return {
        id: entryId(0, sortable(index)),
        incident: incident.number,
        at,
        kind: index === 0 ? "declared" : ended ? "closed" : "note",
        who: { person, name },
        text,
      };
    }),
  };
}
