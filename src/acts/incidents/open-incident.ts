import type { DoneBy } from "../../domain/commands/command.ts";
import type { Incident, Severity } from "../../domain/incidents/incident.ts";
import type { Place } from "../../domain/messages/place.ts";
import type { Store } from "../../domain/store.ts";
import { counterKey, putCounter, readCounter } from "../../records/counter.ts";
import { incidentKey, putIncident } from "../../records/incident.ts";
import { putEntry } from "../../records/timeline.ts";
import { transact } from "../transact.ts";
import { entryBy, incidentEntry, incidentOnce, repeatedIncident } from "./incident-commit.ts";

export interface NewIncident {
  readonly title: string;
  readonly severity: Severity;
  readonly system: string | undefined;
  readonly place: Place;
}

/** Opens an incident under the next number. */
export async function openIncident(store: Store, asked: NewIncident, by: DoneBy): Promise<Incident> {
  const outcome = await transact(store, async (now) => {
    const counter = await readCounter(store, "incident");
    const number = counter.last + 1;
    const { system, ...rest } = asked;
    const { person, name } = by;
    const incident: Incident = {
      number,
      state: "open",
      ...rest,
      ...(system !== undefined && { system }),
      openedAt: now,
      openedAfter: (await store.head()).seq,
      openedBy: { person, name },
    };
    return {
      result: incident,
      commit: {
        once: incidentOnce(number, by),
        expect: { [counterKey("incident")]: counter.revision, [incidentKey(number)]: null },
        put: [
          putCounter("incident", number),
          putIncident(incident),
          putEntry(
            await entryBy(store, by, {
              incident: number,
              at: now,
              kind: "declared",
              text: `Opened as ${asked.severity}`,
            }),
          ),
        ],
        journal: [{ ...incidentEntry(incident, by), kind: "incident.opened", at: now }],
      },
    };
  });
  return outcome.repeated ? repeatedIncident(store, outcome.answer) : outcome.result;
}
