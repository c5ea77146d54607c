import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import { weekdays, ZoneName } from "../alerts/quiet-time.ts";
import { zonedAt } from "../text/moment.ts";

/** When a digest is due, on the clocks of a zone. */
export const DigestSchedule = z.strictObject({
  /** The time of the day, by the clocks of the zone. */
  at: z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, "a time of the day is written 08:00"),
  /** IANA name of the zone. */
  zone: ZoneName.default("UTC"),
  /** Days of the week, or `business` for Monday to Friday; every day when left out. */
  days: z
    .union([z.literal("business"), z.array(z.enum(weekdays)).min(1)])
    .default([...weekdays])
    .transform((days): readonly (typeof weekdays)[number][] => (days === "business" ? weekdays.slice(0, 5) : days)),
  /** Only on the first of these weekdays in a month. */
  monthly: z.boolean().default(false),
  /** Dates on which there is none. */
  holidays: z.array(z.iso.date("a day is written 2026-12-25")).max(1_000).default([]),
});
export type DigestSchedule = z.output<typeof DigestSchedule>;

/** One digest that is due: the local date it is of, and when, in ms. */
export interface DigestSlot {
  readonly date: string;
  readonly at: number;
}

/** So far a slot is looked for, in days: a monthly one with a holiday has one in it. */
const farDays = 100;
/** What a bot that was off for longer missed is not listed one by one. */
const mostMissed = 100;

/**
 * The slot of a local date. A time that the clocks leave out is the one as long after it, and of one that comes twice it is the
 * first. A date that a zone leaves out, as 2011-12-30 in Apia, has none.
 */
function slotOn(schedule: DigestSchedule, date: Temporal.PlainDate): DigestSlot | undefined {
  const { at, zone: timeZone, days, monthly, holidays } = schedule;
  const weekday = weekdays[date.dayOfWeek - 1];
  const text = date.toString();
  if (weekday === undefined || !days.includes(weekday) || (monthly && date.day > 7)) return undefined;
  if (holidays.includes(text) || !date.toZonedDateTime({ timeZone }).toPlainDate().equals(date)) return undefined;
  return { date: text, at: date.toZonedDateTime({ timeZone, plainTime: at }).epochMilliseconds };
}

/** The first slot after a time in ms; undefined where there is none for months. */
export function slotAfter(schedule: DigestSchedule, now: number): DigestSlot | undefined {
  const today = zonedAt(now, schedule.zone).toPlainDate();
  for (let day = -1; day <= farDays; day += 1) {
    const slot = slotOn(schedule, today.add({ days: day }));
    if (slot && slot.at > now) return slot;
  }
  return undefined;
}

/** The newest slot that has come by a time in ms; undefined where there was none for months. */
export function slotUntil(schedule: DigestSchedule, now: number): DigestSlot | undefined {
  const today = zonedAt(now, schedule.zone).toPlainDate();
  for (let day = 1; day >= -farDays; day -= 1) {
    const slot = slotOn(schedule, today.add({ days: day }));
    if (slot && slot.at <= now) return slot;
  }
  return undefined;
}

/** What has become due since the slot of a date: the oldest first, at most so many of the newest. */
export function slotsSince(schedule: DigestSchedule, last: string, now: number): readonly DigestSlot[] {
  const end = zonedAt(now, schedule.zone).toPlainDate().add({ days: 1 });
  const begin = Temporal.PlainDate.from(last).add({ days: 1 });
  const slots: DigestSlot[] = [];
  for (let date = end; Temporal.PlainDate.compare(date, begin) >= 0; date = date.subtract({ days: 1 })) {
    const slot = slotOn(schedule, date);
    if (slot && slot.at <= now) slots.unshift(slot);
    if (slots.length === mostMissed) break;
  }
  return slots;
}

/** What is to be done about slots that have become due: the newest is made while it is worth reading, the others were missed. */
export function judgeSlots(
  slots: readonly DigestSlot[],
  { now, catchUpMs }: { readonly now: number; readonly catchUpMs: number },
): { readonly due: DigestSlot | undefined; readonly missed: readonly DigestSlot[] } {
  const newest = slots.at(-1);
  const isWorthIt = newest !== undefined && now - newest.at <= catchUpMs;
  return { due: isWorthIt ? newest : undefined, missed: isWorthIt ? slots.slice(0, -1) : slots };
}

/** How long it is from the newest slot to the next, ms: what a digest tells of that is not made at a slot. */
export function periodOf(schedule: DigestSchedule, now: number): number {
  const newest = slotUntil(schedule, now);
  const next = slotAfter(schedule, now);
  return newest && next ? next.at - newest.at : dayMs;
}

const dayMs = 86_400_000;

/** `08:00 in Europe/Berlin, monday to friday` */
export function scheduleWords({ at, zone, days, monthly, holidays }: DigestSchedule): string {
  const which = days.length === weekdays.length ? "every day" : daysWords(days);
  const first = monthly ? `on the first ${days.length === 1 ? which : `of ${which}`} of a month` : which;
  return `${at} in ${zone}, ${first}${holidays.length === 0 ? "" : ", holidays left out"}`;
}

function daysWords(days: DigestSchedule["days"]): string {
  const isBusiness = days.length === 5 && weekdays.slice(0, 5).every((day) => days.includes(day));
  return isBusiness ? "Monday to Friday" : days.map((day) => day.charAt(0).toUpperCase() + day.slice(1)).join(", ");
}
