import { z } from "zod";
import type { GivenOverride } from "../domain/oncall/given-override.ts";
import type { OnCallBook } from "../domain/oncall/on-call.ts";
import { type Document, type Json, type Put, type Store, sortable } from "../domain/store.ts";
import type { Listed } from "../domain/unreadable.ts";
import { eachLegible, legible } from "./legible.ts";
import { calendarsOnRecord } from "./oncall-calendar.ts";

const StoredOverride = z.object({
  format: z.literal(1),
  id: z.string(),
  rotation: z.string(),
  people: z.array(z.string()),
  from: z.number(),
  to: z.number(),
  by: z.object({ person: z.string(), name: z.string() }),
  at: z.number(),
});

export interface ReadOverride {
  readonly override: GivenOverride;
  readonly revision: string;
}

export function overrideKey(id: string): string {
  return `oncall-override/${id}`;
}

/** Found by when it ends. */
export function putOverride(override: GivenOverride): Put {
  const value = { format: 1 as const, ...override, people: [...override.people] };
  return { key: overrideKey(override.id), value, index: { to: sortable(override.to) } };
}

function parseOverride(document: Document): ReadOverride {
  const { format: _, ...override } = legible(document, (value) => StoredOverride.parse(value));
  return { override, revision: document.revision };
}

/** The override that a delivery was answered with before. */
export function parseOverrideAnswer(value: Json): GivenOverride {
  return parseOverride({ key: "oncall-override/answer", revision: "", value }).override;
}

/** Overrides that hold at a time in ms or later, those that were made first first. */
export async function overridesFrom(store: Pick<Store, "list">, at: number): Promise<Listed<ReadOverride>> {
  const listed = await store.list("oncall-override", "to", { from: sortable(at + 1), limit: 1_000 });
  const { found, unreadable } = eachLegible(listed, parseOverride);
  return { found: found.toSorted((one, other) => one.override.at - other.override.at), unreadable };
}

/** The rotations with what their calendars say, and the overrides made in chat that hold at a time in ms or later. One that cannot be read counts for nothing. */
export async function bookAt(store: Pick<Store, "list">, { rotations }: OnCallBook, now: number): Promise<OnCallBook> {
  if (rotations.length === 0) return { rotations, given: new Map() };
  const { found } = await overridesFrom(store, now);
  return { rotations: await withCalendars(store, rotations), given: byRotation(found.map(({ override }) => override)) };
}

async function withCalendars(
  store: Pick<Store, "list">,
  rotations: OnCallBook["rotations"],
): Promise<OnCallBook["rotations"]> {
  if (rotations.every(({ calendar }) => calendar === undefined)) return rotations;
  const known = await calendarsOnRecord(store);
  return rotations.map((rotation) => {
    const read = rotation.calendar && known.get(rotation.id);
    return read ? { ...rotation, shifts: read.shifts, ...(read.fault && { calendarFault: read.fault }) } : rotation;
  });
}

function byRotation(overrides: readonly GivenOverride[]): ReadonlyMap<string, readonly GivenOverride[]> {
  return Map.groupBy(overrides, ({ rotation }) => rotation);
}
