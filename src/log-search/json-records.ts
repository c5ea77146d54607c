import { parseExactly } from "../domain/systems/exact.ts";
import type { Clock } from "./clock.ts";
import { type Fields, fieldValues, isFields } from "./fields.ts";
import { lineEnd, lineMax, lineStart, type Records } from "./records.ts";
import { epochAt, isoTimeAt, recordTime } from "./time.ts";

const quote = 34;
const colon = 58;
const space = 32;
const openBrace = 123;
const openBracket = 91;

/** One JSON object a line, or laid out over several of which the first and the last hold a brace alone. */
export function jsonRecords(timeField: string, clock: Clock): Records {
  const time = topLevelField(timeField);
  return {
    jumps: true,
    end: (view, start, last) => {
      const end = lineEnd(view, start);
      if (end < 0) return last ? view.length : -1;
      return isOpening(view, start) ? endOfLaidOut(view, { start, first: end, last }) : end;
    },
    start: startOfObject,
    isHead: (view, start) => !isWithin(view, start),
    timeAt: (view, start, stop) => {
      const at = time(view, start, stop);
      if (at >= 0) {
        const value = view[at] === quote ? isoTimeAt(view, at + 1, stop, clock) : epochAt(view, at, stop);
        if (!Number.isNaN(value)) return value;
      }
      return slowTime(view, { start, stop, field: timeField, clock });
    },
  };
}

/** Most lines of one object that is laid out over several. */
const linesMax = 1_000;
const closeBrace = 125;
const lineFeed = 10;
const carriageReturn = 13;

function isOpening(view: Buffer, start: number): boolean {
  const next = view[start + 1];
  return view[start] === openBrace && (next === lineFeed || next === carriageReturn);
}

/** Whether a line can be no object's first: it is indented, or closes one. */
function isWithin(view: Buffer, start: number): boolean {
  const first = view[start];
  return first === space || first === 9 || first === closeBrace;
}

function endOfLaidOut(
  view: Buffer,
  object: { readonly start: number; readonly first: number; readonly last: boolean },
): number {
  let end = object.first;
  for (let lines = 0; lines < linesMax && end - object.start < lineMax; lines += 1) {
    const next = lineEnd(view, end);
    if (next < 0 && !object.last) return -1;
    if (!isWithin(view, end)) return object.first;
    if (view[end] === closeBrace) return next < 0 ? view.length : next;
    if (next < 0) return object.first;
    end = next;
  }
  return object.first;
}

function startOfObject(view: Buffer, at: number, floor: number): number {
  const own = lineStart(view, at, floor);
  let start = own;
  for (let lines = 0; lines < linesMax && start > floor && isWithin(view, start); lines += 1)
    start = lineStart(view, start - 1, floor);
  return isOpening(view, start) ? start : own;
}

export function parseJson(text: string): Fields | undefined {
  try {
    const value = parseExactly(text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Finds where a top-level field's value begins without parsing the line; -1 when that takes a parse, as where the key stands
 * there twice. Writers put a field at the same place in every line, so the last place is tried first.
 */
export function topLevelField(name: string): (view: Buffer, start: number, stop: number) => number {
  const key = Buffer.from(`${JSON.stringify(name)}:`);
  let usual = 1;
  return (view, start, stop) => {
    let at = start + usual;
    if (!holdsAt(view, key, at)) {
      const found = view.subarray(start, stop).indexOf(key);
      if (found < 0) return -1;
      usual = found;
      at = start + found;
    }
    // A quoted key before a colon is always a key, but behind a bracket it may be another object's.
    for (let byte = start + 1; byte < at; byte += 1) {
      if (view[byte] === openBrace || view[byte] === openBracket) return -1;
    }
    let value = at + key.length;
    if (holdsAgain(view, key, value, stop)) return -1;
    while (value < stop && view[value] === space) value += 1;
    return value < stop ? value : -1;
  };
}

/** Of a key that stands in an object twice the last one counts. */
function holdsAgain(view: Buffer, key: Buffer, from: number, stop: number): boolean {
  return from < stop && view.subarray(from, stop).includes(key);
}

/** The value at `at` as it stands in the line: text without quotes, or a number or word. Undefined when it is escaped. */
export function rawValue(view: Buffer, at: number, stop: number): string | undefined {
  const quoted = view[at] === quote;
  const start = quoted ? at + 1 : at;
  let end = start;
  while (end < stop && end - start < 40 && view[end] !== quote && view[end] !== 44 && view[end] !== 125) end += 1;
  const text = view.toString("latin1", start, end);
  return quoted && (view[end] !== quote || text.includes("\\")) ? undefined : text;
}

function holdsAt(view: Buffer, key: Buffer, at: number): boolean {
  if (view[at + key.length - 1] !== colon) return false;
  for (let index = 0; index < key.length; index += 1) if (view[at + index] !== key[index]) return false;
  return true;
}

function slowTime(
  view: Buffer,
  line: { readonly start: number; readonly stop: number; readonly field: string; readonly clock: Clock },
): number {
  if (view[line.start] !== openBrace) return Number.NaN;
  const fields = parseJson(view.toString("utf8", line.start, line.stop));
  return (fields && recordTime(fieldValues(fields, line.field)[0], line.clock)) ?? Number.NaN;
}
