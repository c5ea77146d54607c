import type { DoneBy } from "../../domain/commands/command.ts";
import type { Incident } from "../../domain/incidents/incident.ts";
import type { Store } from "../../domain/store.ts";
import { changeIncident } from "./change-incident.ts";

/** Adds a note to an incident's timeline. Throws UserError when there is no such incident, or it is closed. */
export function addNote(store: Store, number: number, text: string, by: DoneBy): Promise<Incident> {
  return changeIncident(store, number, { text, entry: "note", kind: "incident.noted" }, by);
}
