import type { DoneBy } from "../../domain/commands/command.ts";
import { closedAt, type Incident } from "../../domain/incidents/incident.ts";
import type { Store } from "../../domain/store.ts";
import { changeIncident } from "./change-incident.ts";

/** Closes an incident with an entry that says how it ended. Throws UserError when there is none, or it is closed. */
export function closeIncident(store: Store, number: number, text: string, by: DoneBy): Promise<Incident> {
  return changeIncident(store, number, { text, entry: "closed", kind: "incident.closed", rule: closedAt }, by);
}
