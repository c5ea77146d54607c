import type { Incident } from "../../domain/incidents/incident.ts";
import {
  escalatedMissed,
  missedBy,
  paceOf,
  type UpdateReminder,
  updateDueAt,
} from "../../domain/incidents/incident-update.ts";
import { type IncidentsInFile, updateCadence } from "../../domain/incidents/incidents-file.ts";
import { nobody } from "../../domain/journal.ts";
import { callsOf } from "../../domain/messages/calls.ts";
import type { Place } from "../../domain/messages/place.ts";
import { type OnCallBook, peopleOnCall } from "../../domain/oncall/on-call.ts";
import type { Policy } from "../../domain/people/policy.ts";
import type { Store } from "../../domain/store.ts";
import { counted } from "../../domain/text/quantities.ts";
import { incidentKey, openIncidents, readIncident } from "../../records/incident.ts";
import { roomsOf } from "../../records/incident-room.ts";
import { paceKey, parsePace, putPace, putReminder } from "../../records/incident-update.ts";
import { ifLegible } from "../../records/legible.ts";
import { owedNotice } from "../../records/notice.ts";
import { bookAt } from "../../records/oncall-override.ts";
import { entryId, putEntry } from "../../records/timeline.ts";
import { transact } from "../transact.ts";

export interface ReminderPorts {
  readonly store: Store;
  readonly policyInForce: () => Promise<Policy>;
  readonly incidents: () => IncidentsInFile;
  readonly oncall: () => { readonly book: OnCallBook; readonly of: ReadonlyMap<string, readonly string[]> };
}

/**
 * Reminds whoever tells others about an incident that an update is due: once over all replicas, by the severity that it has and the
 * files that stand now. After a pause one reminder says how many were missed; with the second that is missed others are called too.
 */
export async function remindOfUpdates(ports: ReminderPorts): Promise<void> {
  const { found } = await openIncidents(ports.store);
  if (found.length === 0) return;
  const [documents, now] = await Promise.all([
    ports.store.read(found.map(({ number }) => paceKey(number))),
    ports.store.now(),
  ]);
  const due = found.filter((incident, at) => {
    const document = documents[at];
    const pace = (document && ifLegible(() => parsePace(document))) ?? paceOf(incident);
    const dueAt = updateDueAt(pace, everyOf(ports, incident));
    return dueAt !== undefined && dueAt <= now;
  });
  for (const incident of due) await remind(ports, incident.number);
}

function everyOf({ incidents }: ReminderPorts, { system, severity }: Incident): number | undefined {
  return updateCadence(incidents(), system)[severity];
}

async function remind(ports: ReminderPorts, number: number): Promise<void> {
  const { store } = ports;
  await transact(store, async (now) => {
    const [[document], read] = await Promise.all([store.read([paceKey(number)]), readIncident(store, number)]);
    if (read?.incident.state !== "open") return { result: undefined };
    const { incident, revision } = read;
    const pace = parsePace(document) ?? paceOf(incident);
    const every = everyOf(ports, incident);
    const missed = missedBy(pace, every, now);
    if (missed === pace.missed) return { result: undefined };
    const { snoozedUntil: _, ...rest } = pace;
    const isEscalated = missed >= escalatedMissed;
    const reminder: UpdateReminder = {
      incident: number,
      at: now,
      missed,
      dueAt: updateDueAt({ ...pace, missed: missed - 1 }, every) ?? now,
      calls: callsOf(await ports.policyInForce(), await calledFor(ports, incident, { isEscalated, now })),
      isEscalated,
    };
    const { seq } = await store.head();
    const text = `an update is due${missed === 1 ? "" : `: ${counted(missed, "update")} missed`}${isEscalated ? ", others are called" : ""}`;
    const entry = {
      id: entryId(seq + 1, `update-due-${now}`),
      incident: number,
      at: now,
      kind: "update" as const,
      text,
    };
    const { system, severity, title } = incident;
    return {
      result: undefined,
      commit: {
        expect: { [paceKey(number)]: document?.revision ?? null, [incidentKey(number)]: revision },
        put: [putPace({ ...rest, missed, ...kept(pace.snoozedUntil) }), putReminder(reminder), putEntry(entry)],
        journal: [
          {
            kind: "incident.noted",
            at: now,
            who: nobody,
            incident: number,
            ...(system !== undefined && { system }),
            severity,
            title,
            text,
          },
        ],
        notices: (await placesOf(store, incident)).map((place) =>
          owedNotice({ subject: { kind: "update-reminder", incident: number, at: now }, place }, now),
        ),
      },
    };
  });
}

/** That it was put off is known until the next update. */
function kept(snoozedUntil: number | undefined): { readonly snoozedUntil?: number } {
  return snoozedUntil === undefined ? {} : { snoozedUntil };
}

/** In its rooms; where it was declared, while it has none. */
async function placesOf(store: Store, { number, place }: Incident): Promise<readonly Place[]> {
  const { found } = await roomsOf(store, number);
  const rooms = found.flatMap((room) => room.place ?? []);
  return rooms.length > 0 ? rooms : [place];
}

/** Whoever tells others, and once it is missed twice everybody who decides, and who is on call. */
async function calledFor(
  { store, incidents, oncall }: ReminderPorts,
  { roles, openedBy, system }: Incident,
  { isEscalated, now }: { readonly isEscalated: boolean; readonly now: number },
): Promise<readonly string[]> {
  const { communications, commander, deputy } = roles;
  const first = (communications ?? commander ?? openedBy).person;
  if (!isEscalated) return [first];
  const { book, of } = oncall();
  const onCall = system === undefined ? [] : (of.get(system) ?? []);
  const others = peopleOnCall(await bookAt(store, book, now), [...onCall, ...incidents().invite], now);
  const roleHolders = [commander, deputy].flatMap((each) => (each ? [each.person] : []));
  return [...new Set([first, ...roleHolders, ...others])];
}
