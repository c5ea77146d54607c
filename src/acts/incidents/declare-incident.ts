import type { DoneBy } from "../../domain/commands/command.ts";
import { type Incident, isKnownTo, isSameAs, type Severity } from "../../domain/incidents/incident.ts";
import type { IncidentKind } from "../../domain/incidents/incidents-file.ts";
import { roomWanted } from "../../domain/incidents/room.ts";
import type { IncidentTask } from "../../domain/incidents/task.ts";
import type { Place } from "../../domain/messages/place.ts";
import type { Store } from "../../domain/store.ts";
import { counterKey, putCounter, readCounter } from "../../records/counter.ts";
import { incidentKey, openIncidents, putIncident } from "../../records/incident.ts";
import { owedRoom, putRoom, roomKey } from "../../records/incident-room.ts";
import { putTask } from "../../records/incident-task.ts";
import { putEntry } from "../../records/timeline.ts";
import { type Attempt, transact } from "../transact.ts";
import { entryBy, incidentEntry, incidentOnce, repeatedIncident } from "./incident-commit.ts";
import { roomsFollow } from "./rooms-follow.ts";

export interface DeclaredIncident {
  readonly title: string;
  readonly severity: Severity;
  readonly system: string | undefined;
  readonly place: Place;
  /** It is another one than what was declared of late. */
  readonly separate?: boolean;
  readonly kind?: IncidentKind;
  /** Ids of people who are brought in. */
  readonly invited?: readonly string[];
  /** Where it is to have rooms: each like, or below, a channel. */
  readonly rooms?: readonly Place[];
}

interface Declaration {
  readonly incident: Incident;
  /** False where somebody had declared the same of late: that one's timeline tells that they were not alone. */
  readonly isNew: boolean;
}

/** Opens an incident under the next number, commanded by whoever declares it. Two who declare the same at once make one. */
export async function declareIncident(store: Store, declared: DeclaredIncident, by: DoneBy): Promise<Declaration> {
  const outcome = await transact(store, async (now): Promise<Attempt<Declaration>> => {
    const counter = await readCounter(store, "incident");
    const { found } = declared.separate ? { found: [] } : await openIncidents(store);
    const same = found.findLast((each) => isSameAs(each, declared, now) && isKnownTo(each, by.person));
    // Whoever declares anything meanwhile is in the way, so that of two at once the second finds the first.
    const expect = { [counterKey("incident")]: counter.revision };
    return same ? joining(store, { same, declared, expect, now }, by) : opening(store, { counter, declared, now }, by);
  });
  if (!outcome.repeated) return outcome.result;
  return { incident: await repeatedIncident(store, outcome.answer), isNew: true };
}

async function joining(
  store: Store,
  found: {
    readonly same: Incident;
    readonly declared: DeclaredIncident;
    readonly expect: Readonly<Record<string, string | null>>;
    readonly now: number;
  },
  by: DoneBy,
): Promise<Attempt<Declaration>> {
  const { same, declared, expect, now } = found;
  const text = `declares the same: ${declared.severity}, ${declared.title}`;
  const entry = await entryBy(store, by, { incident: same.number, at: now, kind: "note", text });
  return {
    result: { incident: same, isNew: false },
    commit: {
      once: incidentOnce(same.number, by),
      expect,
      put: [putEntry(entry)],
      journal: [{ ...incidentEntry(same, by), kind: "incident.noted", at: now, text }],
      ...(await roomsFollow(store, same.number, now)),
    },
  };
}

async function opening(
  store: Store,
  {
    counter,
    declared,
    now,
  }: {
    readonly counter: Awaited<ReturnType<typeof readCounter>>;
    readonly declared: DeclaredIncident;
    readonly now: number;
  },
  by: DoneBy,
): Promise<Attempt<Declaration>> {
  const { person, name } = by;
  const { system, title, severity, place, kind, invited = [], rooms = [] } = declared;
  const number = counter.last + 1;
  const incident: Incident = {
    number,
    state: "open",
    phase: "detected",
    title,
    severity,
    place,
    ...(system !== undefined && { system }),
    openedAt: now,
    openedBy: { person, name },
    roles: { commander: { person, name } },
    openedAfter: (await store.head()).seq,
    ...(kind && { kind: kind.id }),
    ...(kind?.private && { isPrivate: true as const }),
    ...(invited.length > 0 && { invited: [...invited] }),
  };
  const wanted = rooms.map(({ surface, channel }) => roomWanted(incident, { surface, like: channel }));
  const tasks = checklistOf(incident, kind);
  const text = `declares ${severity}: ${title}`;
  return {
    result: { incident, isNew: true },
    commit: {
      once: incidentOnce(number, by),
      expect: {
        [counterKey("incident")]: counter.revision,
        [incidentKey(number)]: null,
        ...Object.fromEntries(wanted.map((room) => [roomKey(room), null])),
      },
      put: [
        putCounter("incident", number),
        putIncident(incident),
        ...wanted.map(putRoom),
        ...tasks.map(putTask),
        putEntry(await entryBy(store, by, { incident: number, at: now, kind: "declared", text })),
      ],
      journal: [{ ...incidentEntry(incident, by), kind: "incident.opened", at: now }],
      timers: wanted.map((room) => owedRoom(room, now)),
    },
  };
}

/** What its kind says is to be done, by whoever commands it. */
function checklistOf({ number, openedAt, openedBy }: Incident, kind: IncidentKind | undefined): IncidentTask[] {
  return (kind?.checklist ?? []).map(({ text, within }, at) => ({
    incident: number,
    number: at + 1,
    text,
    owner: openedBy,
    at: openedAt,
    ...(within !== undefined && { due: openedAt + within }),
  }));
}
