import { isSecretName, mayHoldSecret, redact } from "../domain/text/redact.ts";
import { visibleText } from "../domain/text/undisguise.ts";
import type { Header } from "./csv-header.ts";
import { parseRow } from "./csv-records.ts";
import { type Fields, fieldsToShow, fieldValues, isHidden, pairsOf, textOf, withoutHidden } from "./fields.ts";
import { parseJson } from "./json-records.ts";
import { type Level, levelInLine, levelOf } from "./level.ts";
import type { LineFormat } from "./scan-task.ts";

/** A record read as its source's format. Without `fields` it is malformed. */
export interface ParsedRecord {
  readonly text: string;
  readonly fields: Fields | undefined;
}

export interface RecordFormat extends LineFormat {
  readonly header: Header;
}

export function parseRecord(text: string, format: RecordFormat): ParsedRecord {
  switch (format.kind) {
    case "json":
      return { text, fields: parseJson(text) };
    case "csv":
      return { text, fields: parseRow(text, format.header) };
    case "plain":
      return { text, fields: pairsOf(visibleText(text)) };
  }
}

export function levelOfRecord(record: ParsedRecord, format: LineFormat): Level | undefined {
  if (format.kind === "plain") return levelInLine(record.text);
  if (!record.fields) return undefined;
  const told = fieldValues(record.fields, format.level)[0];
  if (told !== undefined && told !== null) return levelOf(told);
  // An engine of containers wraps what the program wrote, level and all.
  const message = format.message === undefined ? undefined : fieldValues(record.fields, format.message)[0];
  return typeof message === "string" ? levelInLine(message) : undefined;
}

/** Whether a record says a level, known or not; one that could not be read may say any. */
export function saysLevel(record: ParsedRecord, format: LineFormat): boolean {
  if (format.kind === "plain") return false;
  const told = record.fields && fieldValues(record.fields, format.level)[0];
  return record.fields === undefined || (told !== undefined && told !== null && told !== "");
}

/**
 * The whole record with everything masked that may not be shown. Filters look at this text, too: a count that depended on
 * a secret would give it away letter by letter.
 */
export function maskedText(record: ParsedRecord, format: RecordFormat): string {
  return maskIfNeeded(hiddenText(record, format));
}

/** False is certain: the record's text is shown as it stands. */
export function needsMasking(text: string, format: RecordFormat): boolean {
  return format.hide.length > 0 || format.header.columns.some(isSecretName) || mayHoldSecret(text);
}

function hiddenText({ text, fields }: ParsedRecord, format: RecordFormat): string {
  switch (format.kind) {
    case "json":
      if (format.hide.length === 0) return text;
      // What does not parse cannot be searched for its hidden fields, so their names are looked for as in plain text.
      return fields ? JSON.stringify(withoutHidden(fields, format.hide)) : withoutPairs(text, format.hide);
    case "csv":
      return hiddenRow({ text, fields }, format);
    case "plain":
      return withoutPairs(text, format.hide);
  }
}

function hiddenRow({ text, fields }: ParsedRecord, format: RecordFormat): string {
  const { columns, delimiter } = format.header;
  const hidden = columns.filter((name) => isHidden(name, format.hide));
  if (hidden.length === 0) return text;
  if (!fields) return "[a malformed row of a file with hidden columns is not shown]";
  return columns
    .map((name) => (hidden.includes(name) ? "[redacted]" : cellOf(textOf(fields[name]), delimiter)))
    .join(delimiter);
}

function cellOf(value: string, delimiter: string): string {
  return /["\r\n]/.test(value) || value.includes(delimiter) ? `"${value.replaceAll('"', '""')}"` : value;
}

function withoutPairs(text: string, hide: readonly string[]): string {
  let shown = text;
  for (const name of hide) {
    const escaped = name.replaceAll(/[^\w]/g, String.raw`\$&`);
    const pair = new RegExp(String.raw`(\b${escaped}\\?["']?\s{0,4}[:=]\s{0,4})("(?:[^"\\]|\\.)*"?|[^\s,;}]+)`, "g");
    shown = shown.replace(pair, "$1[redacted]");
  }
  return shown;
}

function maskIfNeeded(text: string): string {
  return mayHoldSecret(text) ? redact(text) : text;
}

export interface ShownRecord {
  readonly text: string;
  readonly level?: string;
  readonly fields?: Readonly<Record<string, string>>;
}

/** The record as an answer shows it: its message where the source names one, else the line; the fields asked for beside. */
export function shownRecord(
  record: ParsedRecord,
  format: RecordFormat,
  asked: readonly string[] | undefined,
): ShownRecord {
  const names = asked ?? format.show;
  const level = levelOfRecord(record, format);
  const message =
    format.message === undefined || !record.fields ? undefined : fieldValues(record.fields, format.message)[0];
  const own = typeof message === "string" && format.message !== undefined && !isHidden(format.message, format.hide);
  return {
    text: own ? maskIfNeeded(message) : maskedText(record, format),
    ...(level === undefined ? {} : { level }),
    ...(record.fields && names.length > 0 ? { fields: fieldsToShow(record.fields, names, format.hide) } : {}),
  };
}
