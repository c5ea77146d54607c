import { z } from "zod";
import { MadeSection } from "../domain/digests/section.ts";
import { Place } from "../domain/messages/place.ts";
import type { Shift } from "../domain/oncall/shift.ts";
import { Account } from "../domain/people/person.ts";
import { type Document, type Put, type Store, sortable } from "../domain/store.ts";
import { legible } from "./legible.ts";

const Someone = z.object({ person: z.string(), name: z.string() });

const StoredShift = z.object({
  format: z.literal(1),
  code: z.string(),
  by: Someone,
  at: z.number(),
  note: z.string().exactOptional(),
  calls: z.array(z.object({ account: Account, name: z.string() })),
  place: Place,
  stood: z.object({ zone: z.string(), from: z.number(), to: z.number(), sections: z.array(MadeSection) }),
  taken: Someone.extend({ at: z.number() }).exactOptional(),
});

export function shiftKey(code: string): string {
  return `shift/${code}`;
}

/** Found by its age. */
export function putShift(shift: Shift): Put {
  return { key: shiftKey(shift.code), value: storedShift(shift), index: { at: sortable(shift.at) } };
}

function storedShift(shift: Shift): z.output<typeof StoredShift> {
  const { calls, stood } = shift;
  return {
    format: 1,
    ...shift,
    calls: calls.map((each) => ({ ...each })),
    stood: { ...stood, sections: [...stood.sections] },
  };
}

function parseShift(document: Document): Shift {
  const { format: _, ...shift } = legible(document, (value) => StoredShift.parse(value));
  return shift;
}

/** Undefined where there is none of this code. */
export async function readShift(
  store: Pick<Store, "read">,
  code: string,
): Promise<{ readonly shift: Shift; readonly revision: string } | undefined> {
  const [document] = await store.read([shiftKey(code)]);
  return document && { shift: parseShift(document), revision: document.revision };
}

/** The newest one that was handed over; undefined where none is on record. */
export async function lastShift(store: Pick<Store, "list">): Promise<Shift | undefined> {
  const [document] = await store.list("shift", "at", { reverse: true, limit: 1 });
  return document && parseShift(document);
}
