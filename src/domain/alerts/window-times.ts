import { Temporal } from "temporal-polyfill";
import { zonedAt } from "../text/moment.ts";
import { unmetBy } from "./matcher.ts";
import { beginsOn, isWithin, type WeeklyTime } from "./quiet-time.ts";
import type { MaintenanceWindow } from "./routing.ts";

/** One time that a window is open, its end not in it. Times in ms. */
export interface Opening {
  readonly from: number;
  readonly to: number;
}

type WindowTimes = Pick<MaintenanceWindow, "once" | "times">;

/** Hours that follow on each other are looked at together so far back and ahead, ms. */
const chainMs = 8 * 86_400_000;

export function isOpenAt({ once, times }: WindowTimes, at: number): boolean {
  return (once !== undefined && once.from <= at && at < once.to) || times.some((each) => isWithin(each, at));
}

/** When a window is open within a time, the first first; hours that touch or overlap are one opening. */
export function openingsOf({ once, times }: WindowTimes, { from, to }: Opening): readonly Opening[] {
  const all = [
    ...(once ? [once] : []),
    ...times.flatMap((time) => openingsOn(time, { from: from - chainMs, to: to + chainMs })),
  ].toSorted((one, other) => one.from - other.from);
  const merged: Opening[] = [];
  for (const each of all) {
    const last = merged.at(-1);
    if (last && each.from <= last.to) merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, each.to) };
    else merged.push(each);
  }
  return merged.filter((each) => each.to > from && each.from < to);
}

function openingsOn(hours: WeeklyTime, { from, to }: Opening): readonly Opening[] {
  const { zone } = hours;
  const last = zonedAt(to, zone).toPlainDate();
  const found: Opening[] = [];
  for (
    let date = zonedAt(from, zone).toPlainDate();
    Temporal.PlainDate.compare(date, last) <= 0;
    date = date.add({ days: 1 })
  ) {
    if (!beginsOn(hours, date)) continue;
    const end = hours.from < hours.to ? date : date.add({ days: 1 });
    found.push({ from: momentOn(date, hours.from, zone), to: momentOn(end, hours.to, zone) });
  }
  return found.filter((each) => each.from < each.to);
}

function momentOn(date: Temporal.PlainDate, time: string, timeZone: string): number {
  return time === "24:00"
    ? date.add({ days: 1 }).toZonedDateTime({ timeZone }).epochMilliseconds
    : date.toZonedDateTime({ timeZone, plainTime: time }).epochMilliseconds;
}

/** Those systems that a window can be about, by what its conditions say of `system`. */
export function concernedBy(
  { match }: Pick<MaintenanceWindow, "match">,
  systems: readonly string[],
): readonly string[] {
  const ofSystem = match.filter(({ label }) => label === "system");
  return systems.filter((system) => unmetBy({ system }, ofSystem) === undefined);
}
