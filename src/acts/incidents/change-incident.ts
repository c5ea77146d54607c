import type { DoneBy } from "../../domain/commands/command.ts";
import { UserError } from "../../domain/failure.ts";
import type { Incident } from "../../domain/incidents/incident.ts";
import type { TimelineKind } from "../../domain/incidents/timeline.ts";
import type { Commit, Store } from "../../domain/store.ts";
import { incidentKey, putIncident, readIncident } from "../../records/incident.ts";
import { putEntry } from "../../records/timeline.ts";
import { committedBefore, transact } from "../transact.ts";
import { entryBy, incidentEntry, incidentOnce, repeatedIncident } from "./incident-commit.ts";
import { roomsFollow } from "./rooms-follow.ts";

/** A change of an open incident: the entry that is written, what becomes of it, and how the journal calls that. */
interface IncidentChange {
  readonly text: string | ((incident: Incident, now: number) => string);
  readonly entry: TimelineKind;
  readonly kind: "incident.noted" | "incident.changed" | "incident.closed" | "incident.reopened";
  /** Left out where only its timeline grows: nobody else's change of it is in the way of that. */
  readonly rule?: (incident: Incident, now: number) => Incident;
  /** It is of one that is over. */
  readonly ofClosed?: boolean;
  /** What is written besides, in the same commit. */
  readonly beside?: (now: number) => Promise<Pick<Commit, "expect" | "put" | "notices">>;
}

/** Writes an entry and changes an incident by a rule. Throws UserError when there is none of this number, or it is closed, or is not where it has to be. */
export async function changeIncident(
  store: Store,
  number: number,
  change: IncidentChange,
  by: DoneBy,
): Promise<Incident> {
  const { entry, kind, rule, ofClosed = false } = change;
  const once = incidentOnce(number, by);
  const outcome = await transact(store, async (now) => {
    const read = await readIncident(store, number);
    if (!read) throw new UserError(`There is no incident ${number}.`, "incident list shows what is open.");
    if ((read.incident.state === "closed") !== ofClosed) {
      // A delivery that is run again after a crash may have changed that itself.
      if ((await committedBefore(store, once.key)) !== undefined) return { result: read.incident };
      throw ofClosed
        ? new UserError(`Incident ${number} is open.`, "There is nothing to reopen.")
        : new UserError(`Incident ${number} is closed.`, `incident reopen ${number} if it has come back.`);
    }
    const incident = rule ? rule(read.incident, now) : read.incident;
    const beside = await change.beside?.(now);
    const text = typeof change.text === "string" ? change.text : change.text(read.incident, now);
    const { notices = [], timers } = await roomsFollow(store, number, now);
    const isWritten = rule !== undefined || read.within.length > 0;
    return {
      result: incident,
      commit: {
        once,
        expect: { ...beside?.expect, [incidentKey(number)]: read.revision },
        put: [
          ...(beside?.put ?? []),
          ...(isWritten ? [putIncident(incident), ...read.within.map(putEntry)] : []),
          putEntry(await entryBy(store, by, { incident: number, at: now, kind: entry, text })),
        ],
        journal: [{ ...incidentEntry(incident, by), kind, at: now, text }],
        notices: [...notices, ...(beside?.notices ?? [])],
        ...(timers && { timers }),
      },
    };
  });
  return outcome.repeated ? repeatedIncident(store, outcome.answer) : outcome.result;
}
