import { z } from "zod";
import type { DoneBy } from "../../domain/commands/command.ts";
import type { Incident } from "../../domain/incidents/incident.ts";
import type { TimelineEntry } from "../../domain/incidents/timeline.ts";
import type { Json, Store } from "../../domain/store.ts";
import { newId } from "../../records/ids.ts";
import { readIncident } from "../../records/incident.ts";
import { entryId } from "../../records/timeline.ts";

/** What every entry of the journal says of an incident, and of who changed it. */
export function incidentEntry({ number, system, severity, title }: Incident, { person, name, account }: DoneBy) {
  const who = { person, name, account };
  return { who, incident: number, ...(system !== undefined && { system }), severity, title };
}

/** What somebody does, as an entry of a timeline: of what happens in the same millisecond what is journalled later stands later. */
export async function entryBy(
  store: Pick<Store, "head">,
  { person, name }: Pick<DoneBy, "person" | "name">,
  what: Pick<TimelineEntry, "incident" | "at" | "kind" | "text">,
): Promise<TimelineEntry> {
  const { seq } = await store.head();
  return { id: entryId(seq + 1, newId()), ...what, who: { person, name } };
}

/** Under which a delivery changes one incident once, and what it is answered when it comes again. */
export function incidentOnce(number: number, { invocation }: DoneBy) {
  return { key: `incident:${invocation}`, answer: { number } };
}

/** The incident that this delivery changed before, as it stands now. */
export async function repeatedIncident(store: Store, answer: Json): Promise<Incident> {
  const { number } = z.object({ number: z.int() }).parse(answer);
  const read = await readIncident(store, number);
  if (!read) throw new Error(`incident ${number} was changed before and has no record`);
  return read.incident;
}
