import { z } from "zod";
import type { FoundAlert } from "../../domain/alerts/alert.ts";
import { SeverityWords, severityOf } from "../../domain/alerts/severity.ts";
import type { BackendError } from "../../domain/failure.ts";
import { Datum, isSameDatum, textOfDatum } from "../../domain/systems/exact.ts";
import { describe, readPointer } from "../../domain/systems/read-pointer.ts";
import type { Look, Taken } from "../../domain/systems/reading.ts";
import { Pointer } from "../../domain/systems/values.ts";
import { recordTime } from "../../log-search/time.ts";
import { Endpoint } from "../wire/endpoint.ts";
import { documentFault } from "./document-fault.ts";
import type { Rounds } from "./rounds.ts";

export const HttpAlerts = z.strictObject({
  poll: Endpoint,
  list: Pointer,
  /** Where a row has it: a key, keys with dots between (`labels.severity`), or a JSON pointer (`/labels/severity`). */
  fields: z.strictObject({ id: z.string(), severity: z.string(), summary: z.string(), since: z.string().optional() }),
  severities: SeverityWords,
  /** Only rows that hold these values fire, as `{ state: firing }`. A row that has no such field may, and is shown. */
  when: z.record(z.string(), z.union([Datum, z.array(Datum).min(1)])).optional(),
});
type HttpAlerts = z.output<typeof HttpAlerts>;

/** The alerts that an address lists. Throws BackendError. */
export async function readAlerts(
  rounds: Rounds,
  source: HttpAlerts,
  look: Look,
): Promise<Taken<readonly FoundAlert[]>> {
  const answer = await rounds.document(source.poll, look);
  return { value: alertsIn(answer.body, source), at: answer.at };
}

const Row = z.record(z.string(), z.unknown());

/** A list that is not one, or holds something that is no alert, is no answer. */
function alertsIn(document: unknown, source: HttpAlerts): FoundAlert[] {
  const pointed = readPointer(document, source.list);
  if (!pointed.present || !Array.isArray(pointed.value))
    throw odd(source, `answered with ${describe(pointed)} at ${source.list}`);
  const rows: readonly unknown[] = pointed.value;
  const alerts = rows.flatMap((row, at) => alertOf(row, source, at) ?? []);
  for (const field of Object.keys(source.when ?? {}))
    if (rows.length > 0 && rows.every((row) => valueAt(row, field) === undefined))
      throw odd(source, `answered with alerts of which none has ${field}`);
  return alerts;
}

/** What a row holds under a name of its own, under a path of names with dots between, or at a pointer. */
function valueAt(row: unknown, field: string): unknown {
  const own = readPointer(row, field.startsWith("/") ? field : `/${field.replaceAll("~", "~0").replaceAll("/", "~1")}`);
  if (own.present || field.startsWith("/")) return own.present ? own.value : undefined;
  const deep = readPointer(row, `/${field.split(".").join("/")}`);
  return deep.present ? deep.value : undefined;
}

function fires(row: unknown, when: NonNullable<HttpAlerts["when"]>): boolean {
  return Object.entries(when).every(([field, wanted]) => {
    const value = valueAt(row, field);
    return value === undefined || [wanted].flat().some((each) => isSameDatum(value, each) || isSameWord(value, each));
  });
}

/** As for severities the case of a word is nothing, nor whether a yes is written as a text: an alert is not lost over that. */
function isSameWord(value: unknown, wanted: Datum): boolean {
  const [read, word] = [textOf(value).toLowerCase(), textOf(wanted).toLowerCase()];
  return word !== "" && read === word;
}

/** Undefined for a row that says that it does not fire. */
function alertOf(raw: unknown, source: HttpAlerts, at: number): FoundAlert | undefined {
  const row = Row.safeParse(raw).data;
  if (!row) throw odd(source, `answered with ${describe({ present: true, value: raw })} as alert ${at + 1}`);
  if (!fires(row, source.when ?? {})) return undefined;
  const { fields } = source;
  const id = textOf(valueAt(row, fields.id));
  const summary = textOf(valueAt(row, fields.summary));
  if (id === "" && summary === "")
    throw odd(source, `answered with an alert that has neither ${fields.id} nor ${fields.summary}`);
  const own = textOf(valueAt(row, fields.severity));
  const since = fields.since === undefined ? undefined : timeOf(valueAt(row, fields.since));
  return {
    id: id || summary,
    severity: severityOf(own, source.severities),
    ownSeverity: own || `no ${fields.severity}`,
    summary: summary || id,
    ...(since !== undefined && { since }),
  };
}

function textOf(value: unknown): string {
  return textOfDatum(value)?.trim() ?? "";
}

/**
 * A time in ms, read as those of logs are: a number since 1970 whose size tells its unit, also as text, or a date, in UTC where
 * it names no zone. Go's zero time is none.
 */
function timeOf(value: unknown): number | undefined {
  const at = recordTime(typeof value === "number" ? value : textOfDatum(value));
  return at !== undefined && at > 0 ? at : undefined;
}

function odd(source: HttpAlerts, said: string): BackendError {
  return documentFault(source.poll, "nonsense", ` ${said}`);
}
