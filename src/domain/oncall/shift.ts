import type { ShownDigest } from "../digests/digest.ts";
import { UserError } from "../failure.ts";
import type { Called } from "../messages/message.ts";
import type { Place } from "../messages/place.ts";

interface ShiftPerson {
  readonly person: string;
  readonly name: string;
}

/** What somebody leaves to whoever comes after: how everything stood when they went. Times are store times in ms. */
export interface Shift {
  /** What people type to name it. */
  readonly code: string;
  readonly by: ShiftPerson;
  readonly at: number;
  /** In the words of whoever goes. */
  readonly note?: string;
  /** Whom it is meant for, by the accounts that they have; whoever comes where nobody is named. */
  readonly calls: readonly Called[];
  readonly place: Place;
  /** What it tells of. */
  readonly stood: Pick<ShownDigest, "zone" | "from" | "to" | "sections">;
  readonly taken?: ShiftPerson & { readonly at: number };
}

/** The shift with whoever takes over. Nobody hands over to themselves, and one shift is taken over once. */
export function takenOver(shift: Shift, { person, name, at }: NonNullable<Shift["taken"]>): Shift {
  if (shift.taken?.person === person) return shift;
  if (shift.taken)
    throw new UserError(
      `${shift.taken.name} has taken over already.`,
      "handover makes another one of how it stands now.",
    );
  if (shift.by.person === person)
    throw new UserError(
      "Nobody hands over to themselves.",
      "Whoever comes after you presses it, or types handover take.",
    );
  return { ...shift, taken: { person, name, at } };
}
