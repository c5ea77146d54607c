import { z } from "zod";
import type { IncidentUpdate, UpdatePace, UpdateReminder } from "../domain/incidents/incident-update.ts";
import { Account } from "../domain/people/person.ts";
import { type Document, type Put, rangeBelow, type Store, sortable } from "../domain/store.ts";
import type { Listed } from "../domain/unreadable.ts";
import { eachLegible, legible } from "./legible.ts";

const StoredUpdate = z.object({
  format: z.literal(1),
  incident: z.int(),
  number: z.int(),
  at: z.number(),
  by: z.object({ person: z.string(), name: z.string() }),
  known: z.string(),
  since: z.string().exactOptional(),
  checking: z.string().exactOptional(),
  advice: z.string().exactOptional(),
  nextBy: z.number().exactOptional(),
});

const StoredReminder = z.object({
  format: z.literal(1),
  incident: z.int(),
  at: z.number(),
  missed: z.int(),
  dueAt: z.number(),
  calls: z.array(z.object({ account: Account, name: z.string() })),
  isEscalated: z.boolean(),
});

const StoredPace = z.object({
  format: z.literal(1),
  incident: z.int(),
  updates: z.int(),
  lastAt: z.number(),
  nextBy: z.number().exactOptional(),
  missed: z.int(),
  snoozedUntil: z.number().exactOptional(),
});

type UpdateId = Pick<IncidentUpdate, "incident" | "number">;

export function updateKey({ incident, number }: UpdateId): string {
  return `incident-update/${incident}.${number}`;
}

export function putUpdate(update: IncidentUpdate): Put {
  const of = `${sortable(update.incident)}/${sortable(update.number)}`;
  return { key: updateKey(update), value: { format: 1, ...update }, index: { of } };
}

function parseUpdate(document: Document): IncidentUpdate {
  const { format: _, ...update } = legible(document, (value) => StoredUpdate.parse(value));
  return update;
}

export async function readUpdate(store: Pick<Store, "read">, id: UpdateId): Promise<IncidentUpdate | undefined> {
  const [document] = await store.read([updateKey(id)]);
  return document && parseUpdate(document);
}

/** Everything that others were told of an incident, oldest first. */
export async function updatesOf(store: Pick<Store, "list">, incident: number): Promise<Listed<IncidentUpdate>> {
  return eachLegible(await store.list("incident-update", "of", rangeBelow(sortable(incident))), parseUpdate);
}

type ReminderId = Pick<UpdateReminder, "incident" | "at">;

function reminderKey({ incident, at }: ReminderId): string {
  return `update-reminder/${incident}.${at}`;
}

export function putReminder(reminder: UpdateReminder): Put {
  const calls = reminder.calls.map((each) => ({ ...each }));
  return { key: reminderKey(reminder), value: { format: 1, ...reminder, calls } };
}

export async function readReminder(store: Pick<Store, "read">, id: ReminderId): Promise<UpdateReminder | undefined> {
  const [document] = await store.read([reminderKey(id)]);
  if (!document) return undefined;
  const { format: _, ...reminder } = legible(document, (value) => StoredReminder.parse(value));
  return reminder;
}

export function paceKey(incident: number): string {
  return `update-pace/${incident}`;
}

export function putPace(pace: UpdatePace): Put {
  return { key: paceKey(pace.incident), value: { format: 1, ...pace } };
}

/** Undefined where nobody has posted an update or missed one. */
export function parsePace(document: Document | undefined): UpdatePace | undefined {
  if (!document) return undefined;
  const { format: _, ...pace } = legible(document, (value) => StoredPace.parse(value));
  return pace;
}
