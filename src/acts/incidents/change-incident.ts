import type { DoneBy } from "../../domain/commands/command.ts";
import { UserError } from "../../domain/failure.ts";
import type { Incident, TimelineEntry } from "../../domain/incidents/incident.ts";
import type { Store } from "../../domain/store.ts";
import { incidentKey, putIncident, readIncident } from "../../records/incident.ts";
import { committedBefore, transact } from "../transact.ts";
import { incidentEntry, incidentOnce, repeatedIncident } from "./incident-commit.ts";

/** A change of an open incident: the line that is written, what that makes of it, and how the journal calls it. */
interface IncidentChange {
  readonly text: string;
  readonly kind: "incident.noted" | "incident.closed";
  readonly rule: (incident: Incident, line: TimelineEntry) => Incident;
}

/** Writes a line and changes an open incident by a rule. Throws UserError when there is none of this number, or it is closed. */
export async function changeIncident(
  store: Store,
  number: number,
  { text, kind, rule }: IncidentChange,
  by: DoneBy,
): Promise<Incident> {
  const once = incidentOnce(number, by);
  const outcome = await transact(store, async (now) => {
    const read = await readIncident(store, number);
    if (!read) throw new UserError(`There is no incident ${number}.`, "incident list shows what is open.");
    if (read.incident.state === "closed") {
      // A delivery that is run again after a crash may have closed it itself.
      if ((await committedBefore(store, once.key)) !== undefined) return { result: read.incident };
      throw new UserError(`Incident ${number} is closed.`, "Open a new one if it has come back.");
    }
    const incident = rule(read.incident, { at: now, person: by.person, name: by.name, text });
    return {
      result: incident,
      commit: {
        once,
        expect: { [incidentKey(number)]: read.revision },
        put: [putIncident(incident)],
        journal: [{ ...incidentEntry(incident, by), kind, at: now, text }],
      },
    };
  });
  return outcome.repeated ? repeatedIncident(store, outcome.answer) : outcome.result;
}
