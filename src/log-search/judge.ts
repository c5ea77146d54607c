import { redact } from "../domain/text/redact.ts";
import { fieldValues, isHidden, textOf } from "./fields.ts";
import { rawValue, topLevelField } from "./json-records.ts";
import { levelOf, rankOf } from "./level.ts";
import {
  levelOfRecord,
  maskedText,
  needsMasking,
  type ParsedRecord,
  parseRecord,
  type RecordFormat,
  saysLevel,
} from "./parsed-record.ts";
import { requiredText } from "./required-text.ts";
import type { Question } from "./scan-task.ts";

export interface LineVerdict {
  readonly matches: boolean;
  readonly malformed: boolean;
  /** It would match, had it a level. */
  readonly unlevelled?: true;
}

/** Decides which records answer a question. */
export interface Judge {
  /** One of these bytes stands in every record that matches; empty when nothing is certain. */
  readonly needles: readonly Buffer[];
  judge(view: Buffer, start: number, stop: number): LineVerdict;
}

const no: LineVerdict = { matches: false, malformed: false };
const yes: LineVerdict = { matches: true, malformed: false };

/** `pattern` tests what the question's pattern asks, when it has one. */
export function createJudge(
  question: Question,
  format: RecordFormat,
  pattern: ((text: string) => boolean) | undefined,
): Judge {
  const { rank, match, where } = question;
  const variants = match?.kind === "text" ? writtenForms(match.text, format) : [];
  const levelField = format.kind === "json" && rank !== undefined ? topLevelField(format.level) : undefined;
  const fits = (record: ParsedRecord): boolean =>
    hasText(record, format, (text) => (pattern ? pattern(text) : variants.some((variant) => text.includes(variant))));
  return {
    needles: needlesOf(question, format).map((text) => Buffer.from(text)),
    judge: (view, start, stop) => {
      if (levelField && rank !== undefined && isMilder(view, { start, stop, at: levelField(view, start, stop) }, rank))
        return no;
      const plainlyFine = rank === undefined && where.length === 0;
      if (plainlyFine && !match) return shapeOf(view, { start, stop }, format);
      const record = parseRecord(view.toString("utf8", start, stop), format);
      const malformed = record.fields === undefined;
      const level = rank === undefined ? undefined : levelOfRecord(record, format);
      const isMild = rank !== undefined && level !== undefined && rankOf(level) < rank;
      if (isMild || (match !== undefined && !fits(record)) || !where.every((condition) => holds(record, condition)))
        return malformed ? { matches: false, malformed } : no;
      // A level that nobody knows may be the worst.
      const lacksLevel = rank !== undefined && level === undefined && !saysLevel(record, format);
      if (lacksLevel) return { matches: false, malformed, unlevelled: true };
      return malformed ? { matches: true, malformed } : yes;
    },
  };
}

/** When nothing is asked of the content, a record is only looked at from outside: parsing each would take far longer. */
function shapeOf(
  view: Buffer,
  part: { readonly start: number; readonly stop: number },
  format: RecordFormat,
): LineVerdict {
  if (format.kind === "plain") return yes;
  if (format.kind === "json")
    return { matches: true, malformed: view[part.start] !== 123 || view[part.stop - 1] !== 125 };
  return {
    matches: true,
    malformed: parseRecord(view.toString("utf8", part.start, part.stop), format).fields === undefined,
  };
}

function isMilder(
  view: Buffer,
  field: { readonly start: number; readonly stop: number; readonly at: number },
  rank: number,
): boolean {
  if (field.at < 0) return false;
  const value = rawValue(view, field.at, field.stop);
  const level = value === undefined ? undefined : levelOf(value);
  return level !== undefined && rankOf(level) < rank;
}

function hasText(record: ParsedRecord, format: RecordFormat, test: (text: string) => boolean): boolean {
  return test(needsMasking(record.text, format) ? maskedText(record, format) : record.text);
}

function holds(record: ParsedRecord, condition: { readonly field: string; readonly value: string }): boolean {
  if (!record.fields) return false;
  return fieldValues(record.fields, condition.field).some((value) => {
    const text = textOf(value);
    return text === condition.value && redact(text) === text;
  });
}

/** May a field be filtered on? Not one that is hidden: counting matches would tell its value. */
export function isFilterable(field: string, hide: readonly string[]): boolean {
  return !isHidden(field, hide);
}

/** The ways a text may stand in a file: JSON escapes quotes, and some writers every letter beyond ASCII; CSV doubles quotes. */
function writtenForms(text: string, format: RecordFormat): string[] {
  if (format.kind === "plain") return [text];
  if (format.kind === "csv") return [...new Set([text, text.replaceAll('"', '""')])];
  const escaped = JSON.stringify(text).slice(1, -1);
  const ascii = escaped.replaceAll(
    /[^\0-~]/g,
    (unit) => String.raw`\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return [...new Set([text, escaped, ascii])];
}

function needlesOf({ match, where }: Question, format: RecordFormat): string[] {
  if (match?.kind === "text") return writtenForms(match.text, format);
  const required = match && requiredText(match.text);
  if (required !== undefined) return [required];
  if (format.kind !== "json") return [];
  // A number may be written in many ways, a slash with a backslash before it.
  const value = where.map((condition) => condition.value).find((text) => text.length >= 3 && !/^[\d.+-]|\//.test(text));
  return value === undefined ? [] : writtenForms(value, format);
}
