import type { DoneBy } from "../../domain/commands/command.ts";
import { type Incident, isSameAs, type Severity } from "../../domain/incidents/incident.ts";
import type { Place } from "../../domain/messages/place.ts";
import type { Store } from "../../domain/store.ts";
import { counterKey, putCounter, readCounter } from "../../records/counter.ts";
import { incidentKey, openIncidents, putIncident } from "../../records/incident.ts";
import { putEntry } from "../../records/timeline.ts";
import { type Attempt, transact } from "../transact.ts";
import { entryBy, incidentEntry, incidentOnce, repeatedIncident } from "./incident-commit.ts";

export interface DeclaredIncident {
  readonly title: string;
  readonly severity: Severity;
  readonly system: string | undefined;
  readonly place: Place;
  /** It is another one than what was declared of late. */
  readonly separate?: boolean;
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
    const same = found.findLast((each) => isSameAs(each, declared, now));
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
  const { system, title, severity, place } = declared;
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
  };
  const text = `declares ${severity}: ${title}`;
  return {
    result: { incident, isNew: true },
    commit: {
      once: incidentOnce(number, by),
      expect: { [counterKey("incident")]: counter.revision, [incidentKey(number)]: null },
      put: [
        putCounter("incident", number),
        putIncident(incident),
        putEntry(await entryBy(store, by, { incident: number, at: now, kind: "declared", text })),
      ],
      journal: [{ ...incidentEntry(incident, by), kind: "incident.opened", at: now }],
    },
  };
}
