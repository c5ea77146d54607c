import { z } from "zod";
import type { Override } from "../domain/oncall/rotation.ts";
import type { Document, Put, Store } from "../domain/store.ts";
import { eachLegible, ifLegible, legible } from "./legible.ts";

const StoredCalendar = z.object({
  format: z.literal(1),
  rotation: z.string(),
  /** Where it was read from, and by what it was understood: another is another calendar. */
  origin: z.string(),
  /** When it was looked at last, store time in ms. */
  lookedAt: z.number(),
  shifts: z.array(z.object({ people: z.array(z.string()), from: z.number(), to: z.number() })),
  unknown: z.array(z.string()),
  fault: z.object({ why: z.string(), since: z.number() }).exactOptional(),
});

/** What a rotation's calendar said when it could be read last, and why it cannot be now. */
export interface CalendarOnRecord {
  readonly rotation: string;
  readonly origin: string;
  readonly lookedAt: number;
  readonly shifts: readonly Override[];
  /** Whom it names that is nobody here. */
  readonly unknown: readonly string[];
  readonly fault?: { readonly why: string; readonly since: number };
}

export function calendarKey(rotation: string): string {
  return `oncall-calendar/${rotation}`;
}

export function putCalendar({ shifts, unknown, ...calendar }: CalendarOnRecord): Put {
  const lists = {
    shifts: shifts.map(({ people, from, to }) => ({ people: [...people], from, to })),
    unknown: [...unknown],
  };
  return {
    key: calendarKey(calendar.rotation),
    value: { format: 1, ...calendar, ...lists },
    index: { rotation: calendar.rotation },
  };
}

function parseCalendar(document: Document): CalendarOnRecord {
  const { format: _, ...calendar } = legible(document, (value) => StoredCalendar.parse(value));
  return calendar;
}

/** Undefined where it was never looked at, or what is on record cannot be read: it is written anew then. */
export async function readCalendar(
  store: Pick<Store, "read">,
  rotation: string,
): Promise<{ readonly calendar?: CalendarOnRecord; readonly revision: string | null }> {
  const [document] = await store.read([calendarKey(rotation)]);
  const calendar = document && ifLegible(() => parseCalendar(document));
  return { revision: document?.revision ?? null, ...(calendar && { calendar }) };
}

/** By rotation. One that cannot be read counts for nothing. */
export async function calendarsOnRecord(store: Pick<Store, "list">): Promise<ReadonlyMap<string, CalendarOnRecord>> {
  const { found } = eachLegible(await store.list("oncall-calendar", "rotation", { limit: 1_000 }), parseCalendar);
  return new Map(found.map((calendar) => [calendar.rotation, calendar]));
}
