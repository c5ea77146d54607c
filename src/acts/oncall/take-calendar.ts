import type { CalendarShifts } from "../../domain/oncall/calendar.ts";
import { isSameData } from "../../domain/same-data.ts";
import type { Store } from "../../domain/store.ts";
import { type CalendarOnRecord, calendarKey, putCalendar, readCalendar } from "../../records/oncall-calendar.ts";
import { transact } from "../transact.ts";

/** What was found when a calendar was looked at: what it says, or why it cannot be read. */
export type CalendarLook = CalendarShifts | { readonly why: string };

/** An address is asked so often, ms. */
export const calendarEveryMs = 5 * 60_000;
/** So many who are nobody are kept by name, each cut to so many characters. */
const mostUnknown = 20;
const longestUnknown = 100;

/**
 * Puts what a calendar says in the place of what it said before. Where it cannot be read, what it said last stays. Answers what is
 * on record then.
 */
export async function takeCalendar(
  store: Store,
  { rotation, origin }: Pick<CalendarOnRecord, "rotation" | "origin">,
  look: CalendarLook,
): Promise<CalendarOnRecord> {
  const outcome = await transact(store, async (now) => {
    const { calendar: before, revision } = await readCalendar(store, rotation);
    const { fault: standing, ...kept } = before ?? { shifts: [], unknown: [] };
    const after: CalendarOnRecord =
      "why" in look
        ? { ...kept, rotation, origin, lookedAt: now, fault: { why: look.why, since: standing?.since ?? now } }
        : {
            rotation,
            origin,
            lookedAt: now,
            shifts: look.shifts,
            unknown: look.unknown.slice(0, mostUnknown).map((name) => name.slice(0, longestUnknown)),
          };
    const isNews = !isSameData({ ...after, lookedAt: 0 }, { ...before, lookedAt: 0 });
    if (before && !isNews && now - before.lookedAt < calendarEveryMs) return { result: before };
    return { result: after, commit: { expect: { [calendarKey(rotation)]: revision }, put: [putCalendar(after)] } };
  });
  // Without a key of its own it is never told what an earlier one was answered.
  if (outcome.repeated) throw new Error("a calendar was taken twice");
  return outcome.result;
}
