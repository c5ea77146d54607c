import { parseExactly } from "../domain/systems/exact.ts";
import { type Fields, fieldValues, isFields } from "./fields.ts";
import { lineEnd, lineStart, type Records } from "./records.ts";
import { epochAt, isoTimeAt, recordTime } from "./time.ts";

const quote = 34;
const colon = 58;
const space = 32;
const openBrace = 123;
const openBracket = 91;

/** One JSON object a line. */
export function jsonRecords(timeField: string): Records {
  const time = topLevelField(timeField);
  return {
    jumps: true,
    end: (view, start, last) => {
      const end = lineEnd(view, start);
      return end < 0 && last ? view.length : end;
    },
    start: lineStart,
    isHead: () => true,
    timeAt: (view, start, stop) => {
      const at = time(view, start, stop);
      if (at >= 0) {
        const value = view[at] === quote ? isoTimeAt(view, at + 1, stop) : epochAt(view, at, stop);
        if (!Number.isNaN(value)) return value;
      }
      return slowTime(view, { start, stop, field: timeField });
    },
  };
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
 * Finds where a top-level field's value begins without parsing the line; -1 when that takes a parse. Writers put a field
 * at the same place in every line, so the last place is tried first.
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
    while (value < stop && view[value] === space) value += 1;
    return value < stop ? value : -1;
  };
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
  line: { readonly start: number; readonly stop: number; readonly field: string },
): number {
  if (view[line.start] !== openBrace) return Number.NaN;
  const fields = parseJson(view.toString("utf8", line.start, line.stop));
  return (fields && recordTime(fieldValues(fields, line.field)[0])) ?? Number.NaN;
}
