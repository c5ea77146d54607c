import { parseDuration } from "./duration.ts";

const day = 86_400_000;
const hour = 3_600_000;
const minute = 60_000;

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
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(typed);
  if (clock) return lastAt(timeOf(clock.slice(1)), now);
  const full =
    /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/i.exec(
      typed,
    );
  return full ? dated(full) : undefined;
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

function lastAt(inDay: number | undefined, now: number): number | undefined {
  if (inDay === undefined) return undefined;
  const today = Math.floor(now / day) * day + inDay;
  return today > now ? today - day : today;
}

function dated(match: RegExpExecArray): number | undefined {
  const [, year = "", month = "", date = "", hours = "00", minutes = "00", seconds = "00", zone = "Z"] = match;
  const inDay = timeOf([hours, minutes, seconds]);
  const days = dayNumber(Number(year), Number(month), Number(date));
  return days === undefined || inDay === undefined ? undefined : days * day + inDay - zoneMs(zone);
}

function timeOf([hours = "0", minutes = "0", seconds = "0"]: readonly (string | undefined)[]): number | undefined {
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  return Number(hours) * hour + Number(minutes) * minute + Number(seconds) * 1_000;
}

function zoneMs(zone: string): number {
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  if (!match) return 0;
  return (match[1] === "-" ? -1 : 1) * (Number(match[2]) * hour + Number(match[3]) * minute);
}

/** Days since 1970 of a date that the calendar has. Years are counted from March, so that a leap day is a year's last. */
function dayNumber(year: number, month: number, date: number): number | undefined {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const last = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  if (last === undefined || date < 1 || date > last) return undefined;
  const shifted = month <= 2 ? year - 1 : year;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + date - 1;
  const leaps = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  return shifted * 365 + leaps + dayOfYear - 719_468;
}
