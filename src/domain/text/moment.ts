import { Temporal } from "temporal-polyfill";
import { parseDuration } from "./duration.ts";

/**
 * The point in time that a person means: how long ago (`90m`, `2h30m`, `7d`), a time of the last 24 hours (`10:30`), a
 * day (`2026-11-21`), or both with an optional zone (`2026-11-21T10:30Z`, `2026-11-21 10:30+02:00`). Without a zone it is
 * UTC. Undefined when it is none of these. The result is in ms since 1970.
 */
export function parseMoment(text: string, now: number): number | undefined {
  const typed = text.trim();
  if (typed.toLowerCase() === "now") return now;
  const ago = parseSpan(typed);
  if (ago !== undefined) return now - ago;
  const time = /^(\d{1,2}):(\d{2})(?::([0-5]\d))?$/.exec(typed);
  if (time) return unlessNone(() => lastAt(time.slice(1), now));
  return momentWritten(typed);
}

/** A day or a time of a day as ISO 8601 and databases write it, in ms since 1970; without a zone it is UTC. Undefined for no such. */
export function momentWritten(text: string): number | undefined {
  const full =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::([0-5]\d)(?:\.\d{1,9})?)?)?\s*(Z|UTC|[+-]\d{2}(?::?\d{2})?)?$/i.exec(
      text,
    );
  return full ? unlessNone(() => dated(full)) : undefined;
}

/** Milliseconds of `90m`, `2h30m`, `7d`, `1w`, with or without spaces between; undefined when it is none of these. */
export function parseSpan(text: string): number | undefined {
  const typed = text.toLowerCase().replaceAll(/\s/g, "");
  if (!/^(?:\d{1,6}(?:ms|s|m|h|d|w))+$/.test(typed)) return undefined;
  const parts = typed.match(/\d+(?:ms|s|m|h|d|w)/g) ?? [];
  return parts.reduce(
    (sum, part) => sum + (part.endsWith("w") ? 7 * parseDuration(part.replace("w", "d")) : parseDuration(part)),
    0,
  );
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
function lastAt([hour, minute, second = 0]: readonly (string | number | undefined)[], now: number): number {
  const parts = { hour: Number(hour), minute: Number(minute), second: Number(second) };
  const today = zonedAt(now, "UTC");
  const at = today.withPlainTime(Temporal.PlainTime.from(parts, { overflow: "reject" }));
  return (at.epochMilliseconds > now ? at.subtract({ days: 1 }) : at).epochMilliseconds;
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
