import type { Temporal } from "temporal-polyfill";
import { z } from "zod";
import { nearest } from "../text/distance.ts";
import { isTimeZone, parseMoment, zonedAt } from "../text/moment.ts";

/** From Monday on. */
export const weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

const TimeOfDay = z
  .string()
  .regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, "a time of the day is written 09:00, from 00:00 to 24:00");

export const Weekday = z.enum(weekdays);
export type Weekday = z.output<typeof Weekday>;

/** IANA name of a time zone. */
export const ZoneName = z.string().superRefine((name, context) => {
  if (isTimeZone(name)) return;
  const meant = nearest(name, Intl.supportedValuesOf("timeZone"));
  context.addIssue({
    code: "custom",
    message: "a zone has a name as in Europe/Berlin or UTC",
    ...(meant !== undefined && { params: { meant } }),
  });
});

/** Hours that come back every week, on the clocks of a zone. Through midnight where `to` is the earlier: a weekday is the one they begin on. */
export const WeeklyTime = z
  .strictObject({
    /** IANA name, for example Europe/Berlin. */
    zone: ZoneName.default("UTC"),
    /** Every day when left out. */
    weekdays: z
      .array(Weekday)
      .min(1)
      .default([...weekdays]),
    /** Only on the first of each of these weekdays in a month. */
    monthly: z.boolean().default(false),
    /** By the clocks of the zone. */
    from: TimeOfDay.default("00:00"),
    /** No longer part of it. */
    to: TimeOfDay.default("24:00"),
  })
  .refine(({ from, to }) => from !== to, "from and to are the same, which is no time at all");
export type WeeklyTime = z.output<typeof WeeklyTime>;

/** A point in time as a file has it: a date with a time, in UTC where no zone is said. */
export const MomentInFile = z
  .string()
  .refine(
    (text) => /^\d{4}-/.test(text) && parseMoment(text, 0) !== undefined,
    "a point in time is written 2026-11-21T22:00Z or 2026-11-21T22:00+01:00",
  );

/** Such a point in time, in ms. */
export function momentIn(text: string): number {
  return parseMoment(text, 0) ?? Number.NaN;
}

/** What day of the week the clocks of a zone show, given its number there: 1 is Monday. */
export function weekdayNumbered(number: number): Weekday | undefined {
  return weekdays[number - 1];
}

/** Does a time in ms fall into these hours? By the clocks of the zone, so that an hour that is left out or comes twice is what they show. */
export function isWithin(hours: WeeklyTime, at: number): boolean {
  const { zone, from, to } = hours;
  const local = zonedAt(at, zone);
  const time = local.toPlainTime().toString({ smallestUnit: "minute" });
  const today = local.toPlainDate();
  if (from < to) return beginsOn(hours, today) && from <= time && time < to;
  return (beginsOn(hours, today) && from <= time) || (beginsOn(hours, today.subtract({ days: 1 })) && time < to);
}

/** Do these hours begin on a date of their zone? */
export function beginsOn(
  { weekdays: days, monthly }: WeeklyTime,
  { dayOfWeek, day }: Pick<Temporal.PlainDate, "dayOfWeek" | "day">,
): boolean {
  const weekday = weekdays[dayOfWeek - 1];
  return weekday !== undefined && days.includes(weekday) && (!monthly || day <= 7);
}

/** `saturday, sunday 00:00 to 24:00 in Europe/Berlin` */
export function weeklyWords({ zone, weekdays: days, monthly, from, to }: WeeklyTime): string {
  const named = days.length === weekdays.length ? "every day" : days.join(", ");
  const which = monthly ? `the first ${days.join(", ")} of a month` : named;
  const hours = from === "00:00" && to === "24:00" ? "" : ` from ${from} to ${to}`;
  return `${which}${hours} in ${zone}`;
}
