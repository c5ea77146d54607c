import type { DoneBy } from "../../domain/commands/command.ts";
import { UserError } from "../../domain/failure.ts";
import type { Incident } from "../../domain/incidents/incident.ts";
import { type IncidentUpdate, paceOf, updateDueAt } from "../../domain/incidents/incident-update.ts";
import type { Place } from "../../domain/messages/place.ts";
import type { Store } from "../../domain/store.ts";
import { clock } from "../../domain/text/moment.ts";
import { paceKey, parsePace, putPace, putUpdate, updateKey } from "../../records/incident-update.ts";
import { owedNotice } from "../../records/notice.ts";
import { changeIncident } from "./change-incident.ts";

type Said = Omit<IncidentUpdate, "incident" | "number" | "at" | "by" | "nextBy">;

export interface NewUpdate {
  readonly said: Said;
  /** Others hear again after so long at the latest, ms; undefined where nobody promises that. */
  readonly nextMs: number | undefined;
  /** Where those are who are told. */
  readonly places: readonly Place[];
}

/** Tells others how an incident stands, and puts it on its timeline. What was missed before is made good by it. */
export async function updateIncident(
  store: Store,
  { number, openedAt }: Incident,
  { said, nextMs, places }: NewUpdate,
  by: DoneBy,
): Promise<IncidentUpdate> {
  let made: IncidentUpdate | undefined;
  const beside = async (now: number) => {
    const [document] = await store.read([paceKey(number)]);
    const pace = parsePace(document) ?? paceOf({ number, openedAt });
    const next = nextMs === undefined ? {} : { nextBy: now + nextMs };
    const update: IncidentUpdate = {
      incident: number,
      number: pace.updates + 1,
      at: now,
      by: { person: by.person, name: by.name },
      ...said,
      ...next,
    };
    made = update;
    return {
      expect: { [paceKey(number)]: document?.revision ?? null, [updateKey(update)]: null },
      put: [putUpdate(update), putPace({ incident: number, updates: update.number, lastAt: now, missed: 0, ...next })],
      notices: places.map((place) =>
        owedNotice({ subject: { kind: "incident-update", incident: number, update: update.number }, place }, now),
      ),
    };
  };
  const { known, checking, advice } = said;
  const rest = [
    ...(checking === undefined ? [] : [`being checked: ${checking}`]),
    ...(advice === undefined ? [] : [`to do: ${advice}`]),
  ];
  const text = [`tells others: ${known}`, ...rest].join("; ");
  await changeIncident(store, number, { text, entry: "update", kind: "incident.noted", beside }, by);
  if (made) return made;
  // The delivery was run before: what it told then is the last one.
  throw new UserError("That update was posted already.", `incident show ${number} has it.`);
}

/** Puts off the next reminder, once between two updates. Throws UserError where it was put off, or none is to come. */
export async function snoozeReminder(
  store: Store,
  { number, openedAt }: Incident,
  { everyMs, forMs }: { readonly everyMs: number | undefined; readonly forMs: number },
  by: DoneBy,
): Promise<number> {
  let until = 0;
  const beside = async (now: number) => {
    const [document] = await store.read([paceKey(number)]);
    const pace = parsePace(document) ?? paceOf({ number, openedAt });
    if (pace.snoozedUntil !== undefined)
      throw new UserError("It was put off before.", `incident update ${number} tells others how it stands.`);
    const due = updateDueAt(pace, everyMs);
    if (due === undefined)
      throw new UserError("No reminder is to come.", "incident update posts an update at any time.");
    until = Math.max(due, now + forMs);
    return {
      expect: { [paceKey(number)]: document?.revision ?? null },
      put: [putPace({ ...pace, snoozedUntil: until })],
    };
  };
  const change = {
    text: (_incident: Incident, now: number) => `puts the next update off until ${clock(until, now)}`,
    entry: "update",
    kind: "incident.noted",
    beside,
  } as const;
  await changeIncident(store, number, change, by);
  return until;
}
