import { isExact } from "../domain/systems/exact.ts";
import { type Clock, localTime, utc } from "./clock.ts";
import { timeInWords } from "./time-forms.ts";
import { zoneAt } from "./zones.ts";

/** Times as log lines write them. A time without a zone is of the source's own, which is UTC where it names none. */

/**
 * The time that starts at `start`, in ms since 1970: `2026-11-21T03:04:05.678Z`, with a space, a comma, slashes, dots, an
 * offset, a zone behind a blank or without seconds. NaN when there is none. Works on bytes, because it runs once for every
 * line of a gigabyte.
 */
export function isoTimeAt(bytes: Uint8Array, start: number, end: number, clock: Clock = utc): number {
  if (end - start < 16 || !hasDate(bytes, start) || bytes[start + 13] !== colon) return Number.NaN;
  const separator = bytes[start + 10];
  if (separator !== 84 && separator !== 32 && separator !== 116 && separator !== 95) return Number.NaN;
  const day = dayAt(bytes, start);
  const hour = twoDigits(bytes, start + 11);
  const minute = twoDigits(bytes, start + 14);
  if (!(hour <= 24 && minute <= 59)) return Number.NaN;
  let at = start + 16;
  let ms = 0;
  if (bytes[at] === colon && at + 3 <= end) {
    const second = twoDigits(bytes, at + 1);
    if (!(second <= 60)) return Number.NaN;
    ms = second * 1_000;
    at += 3;
    if ((bytes[at] === dot || bytes[at] === comma) && at + 1 < end && isDigit(bytes[at + 1])) {
      at += 1;
      for (let unit = 100; at < end && isDigit(bytes[at]); at += 1, unit /= 10) {
        if (unit >= 1) ms += ((bytes[at] ?? zero) - zero) * unit;
      }
    }
  }
  const shown = day + hour * 3_600_000 + minute * 60_000 + ms;
  const zone = zoneAt(bytes, at, end);
  return Number.isNaN(zone) ? localTime(clock, shown) : shown - zone;
}

/** Whether a date may stand there: `2026-11-21`, with the same sign between its parts. */
export function hasDate(bytes: Uint8Array, start: number): boolean {
  const sign = bytes[start + 4];
  return (sign === dash || sign === slash || sign === dot) && bytes[start + 7] === sign;
}

/**
 * The number at `start` as a time since 1970, in seconds, milliseconds, microseconds or nanoseconds by its size.
 * NaN when it is no number or a small one.
 */
export function epochAt(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  let value = 0;
  while (at < end && isDigit(bytes[at])) {
    value = value * 10 + ((bytes[at] ?? zero) - zero);
    at += 1;
  }
  const digits = at - start;
  if (digits < 9 || digits > 19) return Number.NaN;
  if (bytes[at] === dot) {
    at += 1;
    for (let unit = 0.1; at < end && isDigit(bytes[at]); at += 1, unit /= 10)
      value += ((bytes[at] ?? zero) - zero) * unit;
  }
  return msOfEpoch(value);
}

/** The time in a parsed value: a text as logs write times, a day, or a number (or its text) since 1970. Undefined when it is none. */
export function recordTime(value: unknown, clock: Clock = utc): number | undefined {
  if (isExact(value)) return recordTime(value.exactly, clock);
  if (typeof value === "number") return value >= 1e8 ? msOfEpoch(value) : undefined;
  if (typeof value !== "string" || value.length > 64) return undefined;
  const written = value.trim();
  const bytes = Buffer.from(written, "latin1");
  const iso = isoTimeAt(bytes, 0, bytes.length, clock);
  if (!Number.isNaN(iso)) return iso;
  if (isAlone(written) && hasDate(bytes, 0)) return defined(localTime(clock, dayAt(bytes, 0)));
  const inWords = timeInWords(written, clock);
  return defined(Number.isNaN(inWords) ? epochAt(bytes, 0, bytes.length) : inWords);
}

/** A day without a time is its midnight. */
function isAlone(written: string): boolean {
  return written.length === 10;
}

function defined(at: number): number | undefined {
  return Number.isNaN(at) ? undefined : at;
}

const zero = 48;
const colon = 58;
const dash = 45;
const slash = 47;
const dot = 46;
const comma = 44;

let lastDay = 0;
let lastDayMs = Number.NaN;

/** Midnight of the date at `start`. Lines of one day follow each other, so the last day is remembered. */
function dayAt(bytes: Uint8Array, start: number): number {
  const year = twoDigits(bytes, start) * 100 + twoDigits(bytes, start + 2);
  const month = twoDigits(bytes, start + 5);
  const day = twoDigits(bytes, start + 8);
  if (!(year >= 1970 && month >= 1 && month <= 12 && day >= 1 && day <= 31)) return Number.NaN;
  const key = year * 512 + month * 32 + day;
  if (key !== lastDay) {
    lastDay = key;
    lastDayMs = Date.UTC(year, month - 1, day);
  }
  return lastDayMs;
}

function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = bytes[at];
  const ones = bytes[at + 1];
  return isDigit(tens) && isDigit(ones) ? ((tens ?? 0) - zero) * 10 + (ones ?? 0) - zero : Number.NaN;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= 57;
}

function msOfEpoch(value: number): number {
  if (value < 1e11) return Math.round(value * 1_000);
  if (value < 1e14) return Math.floor(value);
  return value < 1e17 ? Math.floor(value / 1_000) : Math.floor(value / 1_000_000);
}
