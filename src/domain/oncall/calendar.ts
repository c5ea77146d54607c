import type { Person } from "../people/person.ts";
import type { Reading } from "../systems/reading.ts";
import type { Override, Rotation, RotationCalendar } from "./rotation.ts";

/** One entry of a calendar, once for each time that it comes back. Times in ms. */
export interface CalendarEntry {
  /** What it is called. */
  readonly title: string;
  /** The addresses of those who are invited and have not declined, in small letters. */
  readonly invited: readonly string[];
  readonly from: number;
  readonly to: number;
}

/** Where a calendar is, and by whose clocks it goes where it does not say so itself. */
export type CalendarSource = Pick<RotationCalendar, "file" | "url" | "handover"> & Pick<Rotation, "zone">;

/** Reads calendars. */
export interface OnCallCalendars {
  /** What of it falls between two times in ms, the earliest first. Never rejects. */
  read(
    source: CalendarSource,
    between: { readonly from: number; readonly to: number },
  ): Promise<Reading<readonly CalendarEntry[]>>;
}

/** Who is on call by a calendar, and what it calls somebody who is nobody here. */
export interface CalendarShifts {
  readonly shifts: readonly Override[];
  readonly unknown: readonly string[];
}

/**
 * The people that entries name: by what the rotation's file says that they are called there, by who is invited, or by ids and names, several of
 * them beside each other.
 */
export function shiftsOf(
  entries: readonly CalendarEntry[],
  { people, names }: { readonly people: readonly Person[]; readonly names: Readonly<Record<string, string>> },
): CalendarShifts {
  const called = new Map(Object.entries(names).map(([name, id]) => [name.trim().toLowerCase(), id]));
  const unknown = new Set<string>();
  const shifts = entries.flatMap(({ title, invited, from, to }): Override[] => {
    const whole = called.get(title.trim().toLowerCase());
    const guests = invited.flatMap((address) => called.get(address) ?? []);
    if (whole !== undefined || guests.length > 0)
      return [{ people: whole === undefined ? [...new Set(guests)] : [whole], from, to }];
    const parts = personNamed(title, people, called) === undefined ? partsOf(title) : [title];
    const found = parts.map((part) => ({ part, id: personNamed(part, people, called) }));
    for (const { part, id } of found)
      if (id === undefined) unknown.add(part === "" ? "an entry without a title" : part);
    const ids = [...new Set(found.flatMap(({ id }) => id ?? []))];
    return ids.length > 0 ? [{ people: ids, from, to }] : [];
  });
  return { shifts, unknown: [...unknown] };
}

function partsOf(title: string): readonly string[] {
  const parts = title.split(/[,;&+/]|\s(?:and|und)\s/).map((part) => part.trim());
  return parts.length > 1 ? parts.filter((part) => part !== "") : parts;
}

/** Undefined for nobody, and for the name of several people. */
function personNamed(text: string, people: readonly Person[], called: ReadonlyMap<string, string>): string | undefined {
  const wanted = text.trim().toLowerCase();
  const own = called.get(wanted);
  if (own !== undefined) return own;
  const found = people.filter(({ id, name }) => id === wanted || name.toLowerCase() === wanted);
  return found.length === 1 ? found[0]?.id : undefined;
}
