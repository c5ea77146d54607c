import { z } from "zod";
import { Condition, conditionFault, judge } from "../conditions/condition.ts";
import { Datum, isSameDatum, textOfDatum } from "../systems/exact.ts";
import { readPointer } from "../systems/read-pointer.ts";
import type { FoundAlert } from "./alert.ts";
import { alertWith } from "./labelled-alert.ts";
import { SeverityWords, severityOf } from "./severity.ts";

/** Where a row has something: a key, keys with dots between (`labels.severity`), or a JSON pointer (`/labels/severity`). */
const Field = z.string().min(1).max(500);
/** Where a row has it, or what it is for every row: `{ is: disk }`. */
const FieldOrText = z.union([Field, z.strictObject({ is: z.string().min(1).max(500) })]);
type FieldOrText = z.output<typeof FieldOrText>;

/** Where the rows of a document have what an alert has. */
export const AlertFields = z.strictObject({
  id: FieldOrText,
  severity: FieldOrText,
  summary: FieldOrText,
  /** When it began. */
  since: Field.optional(),
  /** What to do about it; the same for every row where rows do not say. */
  hint: FieldOrText.optional(),
  /** Labels that it is routed by, besides `alertname` and `severity`. */
  labels: z.record(z.string().regex(/^[A-Za-z_]\w*$/, "a label is letters, digits and _"), FieldOrText).optional(),
});
type AlertFields = z.output<typeof AlertFields>;

const RowCondition = Condition.superRefine((condition, context) => {
  const fault = conditionFault(condition, { row: "data" });
  if (fault !== undefined) context.addIssue({ code: "custom", message: `${fault}; it may name \`row\`` });
}).describe("A condition in CEL over `row`, for example `row.state == 'firing'`.");

/**
 * Which rows fire: those that hold these values, as `{ state: firing }`, or those for which a condition over `row` holds. A row of
 * which that cannot be told may, and is shown.
 */
export const FiresWhen = z.union([RowCondition, z.record(z.string(), z.union([Datum, z.array(Datum).min(1)]))]);
export type FiresWhen = z.output<typeof FiresWhen>;

/** How the rows of a document are read as alerts. */
export interface AlertMapping {
  readonly fields: AlertFields;
  readonly severities: z.output<typeof SeverityWords>;
}

/** Reads a time as ms since 1970; undefined for what is none. */
export type ReadTime = (value: unknown) => number | undefined;

/** The alert that a row is, or what it lacks. */
export function mappedAlert(
  row: unknown,
  { fields, severities }: AlertMapping,
  readTime: ReadTime,
): FoundAlert | { readonly lacks: string } {
  const id = textAt(row, fields.id);
  const summary = textAt(row, fields.summary);
  if (id === "" && summary === "") return { lacks: `neither ${fieldName(fields.id)} nor ${fieldName(fields.summary)}` };
  const own = textAt(row, fields.severity);
  const since = fields.since === undefined ? undefined : readTime(rowValue(row, fields.since));
  const hint = fields.hint === undefined ? "" : textAt(row, fields.hint);
  const severity = severityOf(own, severities);
  const named = Object.entries(fields.labels ?? {}).flatMap(([name, field]) => {
    const text = textAt(row, field);
    return text === "" ? [] : [[name, text] as const];
  });
  return {
    id: id || summary,
    severity,
    ownSeverity: own || `no ${fieldName(fields.severity)}`,
    summary: summary || id,
    ...(since !== undefined && since > 0 && { since }),
    ...(hint !== "" && { hint }),
    ...(fields.labels && {
      labels: { alertname: id || summary, ...Object.fromEntries(named), severity: severityLabel(own, severity) },
    }),
  };
}

/** The source's own word, where it says the same to whoever reads no more than the word; else ours. */
export function severityLabel(own: string, severity: FoundAlert["severity"]): string {
  return alertWith({ severity: own }).severity === severity && own !== "" ? own : severity;
}

/** Whether a row fires; one of which it cannot be told does. */
export function firesWhen(row: unknown, when: FiresWhen | undefined): boolean {
  if (when === undefined) return true;
  if (typeof when === "string") {
    const verdict = judge(when, { row });
    return !verdict.ok || verdict.holds;
  }
  return Object.entries(when).every(([field, wanted]) => {
    const value = rowValue(row, field);
    return value === undefined || [wanted].flat().some((each) => isSameDatum(value, each) || isSameWord(value, each));
  });
}

/** What a row holds under a name of its own, under a path of names with dots between, or at a pointer. */
export function rowValue(row: unknown, field: string): unknown {
  const own = readPointer(row, field.startsWith("/") ? field : `/${field.replaceAll("~", "~0").replaceAll("/", "~1")}`);
  if (own.present || field.startsWith("/")) return own.present ? own.value : undefined;
  const deep = readPointer(row, `/${field.split(".").join("/")}`);
  return deep.present ? deep.value : undefined;
}

/** As for severities the case of a word is nothing, nor whether a yes is written as a text: an alert is not lost over that. */
function isSameWord(value: unknown, wanted: Datum): boolean {
  const [read, word] = [plainText(value).toLowerCase(), plainText(wanted).toLowerCase()];
  return word !== "" && read === word;
}

/** The text that a field is in a row; empty where it has none. */
export function textAt(row: unknown, field: FieldOrText): string {
  return typeof field === "string" ? plainText(rowValue(row, field)) : field.is;
}

function fieldName(field: FieldOrText): string {
  return typeof field === "string" ? field : field.is;
}

function plainText(value: unknown): string {
  return textOfDatum(value)?.trim() ?? "";
}
