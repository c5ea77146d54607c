import { z } from "zod";
import type { DoneBy } from "../../domain/commands/command.ts";
import type { Incident } from "../../domain/incidents/incident.ts";
import type { Json, Store } from "../../domain/store.ts";
import { readIncident } from "../../records/incident.ts";

/** What every entry of the journal says of an incident, and of who changed it. */
export function incidentEntry({ number, system, severity, title }: Incident, { person, name, account }: DoneBy) {
  const who = { person, name, account };
  return { who, incident: number, ...(system !== undefined && { system }), severity, title };
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
