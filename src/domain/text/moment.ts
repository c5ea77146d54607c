import { Temporal } from "temporal-polyfill";
import { parseSpan } from "./spoken-span.ts";

/** Words around a time that say nothing of which it is: `since 3am`, `in the last hour`. */
const around = /^(?:(?:since|from|after|at|in|within|over|during|for)\s+)?(?:the\s+)?(?:(last|past|previous)\s+)?/;

/**
 * The point in time that a person means: how long ago (`90m`, `2h30m`, `2 hours ago`, `last 30 minutes`), a time of the last 24 hours
 * (`10:30`, `3am`, `noon`), a day (`today`, `yesterday`, `monday`, `2026-11-21`), or both with an optional zone (`yesterday 14:00`,
 * `2026-11-21T10:30Z`, `2026-11-21 10:30+02:00`). Without a zone it is UTC. Undefined when it is none of these. The result is in ms since 1970.
 */
export function parseMoment(text: string, now: number): number | undefined {
  const typed = text.trim().toLowerCase();
  const [lead = "", last] = around.exec(typed) ?? [];
  const rest = typed.slice(lead.length);
  const ago = parseSpan(rest.replace(/\s+ago$/, "")) ?? (last === undefined ? undefined : parseSpan(`1 ${rest}`));
  if (ago !== undefined) return now - ago;
  return dayAt(rest, now) ?? momentWritten(text.trim()) ?? momentWritten(rest);
}

const weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/** `today`, `yesterday at 3pm`, `monday`, or a time of the last 24 hours. */
function dayAt(text: string, now: number): number | undefined {
  if (text === "now") return now;
  const clockAlone = clockOf(text);
  if (clockAlone) return unlessNone(() => lastAt(clockAlone, now));
  const [day = "", ...words] = text.split(/[\s,]+/);
  const today = zonedAt(now, "UTC").startOfDay();
  const back = day === "today" ? 0 : day === "yesterday" ? 1 : (today.dayOfWeek + 6 - weekdays.indexOf(day)) % 7;
  const known = ["today", "yesterday", ...weekdays].includes(day);
  const at = words.length === 0 ? ["0", "00"] : clockOf(words.join(" ").replace(/^at\s+/, ""));
  if (!known || !at) return undefined;
  return unlessNone(() => today.subtract({ days: back }).withPlainTime(plainTime(at)).epochMilliseconds);
}

/** Hours, minutes and seconds of `10:30`, `10:30:05`, `3am`, `3:30 pm utc`, `noon`. */
function clockOf(text: string): readonly string[] | undefined {
  if (/^(?:noon|midday)$/.test(text)) return ["12", "00"];
  if (text === "midnight") return ["0", "00"];
  const [, hour = "", minute, second = "0", half] =
    /^(\d{1,2})(?::(\d{2})(?::([0-5]\d))?)?\s*(am|pm)?(?:\s*(?:utc|z))?$/.exec(text) ?? [];
  if (hour === "" || (minute === undefined && half === undefined)) return undefined;
  if (half === undefined) return [hour, minute ?? "00", second];
  if (Number(hour) < 1 || Number(hour) > 12) return undefined;
  return [String((Number(hour) % 12) + (half === "pm" ? 12 : 0)), minute ?? "00", second];
}

/** A day or a time of a day as ISO 8601 and databases write it, in ms since 1970; without a zone it is UTC. Undefined for no such. */
export function momentWritten(text: string): number | undefined {
  const full =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::([0-5]\d)(?:\.\d{1,9})?)?)?\s*(Z|UTC|[+-]\d{2}(?::?\d{2})?)?$/i.exec(
      text,
    );
  return full ? unlessNone(() => dated(full)) : undefined;
}

/** ISO 8601 of a time in ms, in UTC and whole seconds: `2026-11-21T21:04:05Z`. */
export function stamp(ms: number): string {
  return instant(ms).toString({ smallestUnit: "second" });
}

/** `21:04:05 UTC`, with the date when it is another day than `now`. */
export function clock(at: number, now: number): string {
  const [then, today] = [zonedAt(at, "UTC"), zonedAt(now, "UTC")];
  const time = then.toPlainTime().toString({ smallestUnit: "second" });
  const sameDay = then.toPlainDate().equals(today.toPlainDate());
  return `${sameDay ? "" : `${then.toPlainDate().toString()} `}${time} UTC`;
}

/** Is there such a zone, by its IANA name? */
export function isTimeZone(name: string): boolean {
  return unlessNone(() => zoneOffsetMs(name, 0)) !== undefined;
}

/** What the clocks of a zone show at a time in ms. Throws RangeError when there is no such zone. */
export function zonedAt(at: number, zone: string): Temporal.ZonedDateTime {
  return instant(at).toZonedDateTimeISO(zone);
}

/** How far the clocks of a zone are ahead of UTC at a time, in ms. Throws RangeError when there is no such zone. */
export function zoneOffsetMs(zone: string, at: number): number {
  return zonedAt(at, zone).offsetNanoseconds / 1_000_000;
}

/** A time in ms as RFC 3339 in UTC. */
export function rfc3339(ms: number): string {
  return Temporal.Instant.fromEpochMilliseconds(Math.round(ms)).toString();
}

function instant(ms: number): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(ms));
}

/** The last time before `now` at which the clocks of UTC showed this. */
function lastAt(time: readonly string[], now: number): number {
  const today = zonedAt(now, "UTC");
  const at = today.withPlainTime(plainTime(time));
  return (at.epochMilliseconds > now ? at.subtract({ days: 1 }) : at).epochMilliseconds;
}

/** Throws RangeError where no clock shows it. */
function plainTime([hour, minute, second = "0"]: readonly string[]): Temporal.PlainTime {
  const parts = { hour: Number(hour), minute: Number(minute), second: Number(second) };
  return Temporal.PlainTime.from(parts, { overflow: "reject" });
}

function dated([, date, time = "00:00", seconds = "00", zone = "Z"]: RegExpExecArray): number {
  const offset = zone.toUpperCase() === "UTC" ? "Z" : zone;
  return Temporal.Instant.from(`${date}T${time}:${seconds}${offset}`).epochMilliseconds;
}

/** The next time after `now` at which the clocks of UTC show this, in ms. */
export function nextAt(time: string, now: number): number {
  const at = zonedAt(now, "UTC").withPlainTime(time);
  return (at.epochMilliseconds > now ? at : at.add({ days: 1 })).epochMilliseconds;
}

/** Undefined where the calendar knows no such day, time or zone. */
function unlessNone<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
