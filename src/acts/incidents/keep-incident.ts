import { z } from "zod";
import type { DoneBy } from "../../domain/commands/command.ts";
import { UserError } from "../../domain/failure.ts";
import { Incident, type IncidentEntry, type Severity } from "../../domain/incidents/incident.ts";
import type { JournalEntry } from "../../domain/journal.ts";
import type { Place } from "../../domain/messages/place.ts";
import { type Put, type Store, sortable } from "../../domain/store.ts";
import { committedBefore, transact } from "../transact.ts";

const counterKey = "counter/incident";
const Counter = z.object({ last: z.int() });

export interface NewIncident {
  readonly title: string;
  readonly severity: Severity;
  readonly system: string | undefined;
  readonly place: Place;
}

/** Opens an incident under the next number. */
export async function openIncident(store: Store, asked: NewIncident, by: DoneBy): Promise<Incident> {
  const outcome = await transact(store, async (now) => {
    const [document] = await store.read([counterKey]);
    const number = (document ? Counter.parse(document.value).last : 0) + 1;
    const { system, ...rest } = asked;
    const incident: Incident = {
      format: 1,
      number,
      state: "open",
      ...rest,
      ...(system !== undefined && { system }),
      openedAt: now,
      openedBy: { person: by.person, name: by.name },
      timeline: [{ at: now, person: by.person, name: by.name, text: `Opened as ${asked.severity}` }],
    };
    return {
      result: incident,
      commit: {
        once: { key: onceKey(by), answer: { number } },
        expect: { [counterKey]: document?.revision ?? null, [incidentKey(number)]: null },
        put: [{ key: counterKey, value: { last: number } }, putIncident(incident)],
        journal: [journalOf("opened", incident, { at: now, by })],
      },
    };
  });
  return outcome.repeated ? repeated(store, outcome.answer) : outcome.result;
}

/** Adds a line to an incident's timeline, and closes it when asked. Throws UserError when there is none, or it is closed. */
export async function continueIncident(
  store: Store,
  asked: { readonly number: number; readonly text: string; readonly closes: boolean },
  by: DoneBy,
): Promise<Incident> {
  const key = incidentKey(asked.number);
  const outcome = await transact(store, async (now) => {
    const [document] = await store.read([key]);
    if (!document) throw new UserError(`There is no incident ${asked.number}.`, "incident list shows what is open.");
    const before = Incident.parse(document.value);
    const done = before.state === "closed" && (await committedBefore(store, onceKey(by))) !== undefined;
    if (done) return { result: before };
    if (before.state === "closed")
      throw new UserError(`Incident ${asked.number} is closed.`, "Open a new one if it has come back.");
    const entry: IncidentEntry = { at: now, person: by.person, name: by.name, text: asked.text };
    const timeline = [...before.timeline, entry];
    const incident: Incident = asked.closes
      ? { ...before, timeline, state: "closed", closedAt: now }
      : { ...before, timeline };
    return {
      result: incident,
      commit: {
        once: { key: onceKey(by), answer: { number: incident.number } },
        expect: { [key]: document.revision },
        put: [putIncident(incident)],
        journal: [journalOf(asked.closes ? "closed" : "noted", incident, { at: now, by, text: asked.text })],
      },
    };
  });
  return outcome.repeated ? repeated(store, outcome.answer) : outcome.result;
}

export async function readIncident(store: Store, number: number): Promise<Incident | undefined> {
  const [document] = await store.read([incidentKey(number)]);
  return document && Incident.parse(document.value);
}

/** Open ones, oldest first. */
export async function openIncidents(store: Store, limit = 1_000): Promise<Incident[]> {
  const documents = await store.list("incident", "open", { limit });
  return documents.map((document) => Incident.parse(document.value));
}

async function repeated(store: Store, answer: unknown): Promise<Incident> {
  const { number } = z.object({ number: z.int() }).parse(answer);
  const incident = await readIncident(store, number);
  if (!incident) throw new Error(`incident ${number} was opened before and has no record`);
  return incident;
}

function putIncident(incident: Incident): Put {
  const open: Record<string, string> = incident.state === "open" ? { open: sortable(incident.openedAt) } : {};
  return { key: incidentKey(incident.number), value: incident, index: { ...open } };
}

function journalOf(
  what: "opened" | "noted" | "closed",
  { number, system, title, severity }: Incident,
  { at, by, text }: { readonly at: number; readonly by: DoneBy; readonly text?: string },
): JournalEntry {
  return {
    kind: `incident.${what}`,
    at,
    who: { person: by.person, name: by.name, account: by.account },
    incident: number,
    ...(system !== undefined && { system }),
    severity,
    title,
    ...(text !== undefined && { text }),
  };
}

function onceKey({ invocation }: DoneBy): string {
  return `incident:${invocation}`;
}

function incidentKey(number: number): string {
  return `incident/${number}`;
}
