import { z } from "zod";
import type { FoundAlert } from "../../domain/alerts/alert.ts";
import { AlertFields, FiresWhen, firesWhen, mappedAlert, rowValue } from "../../domain/alerts/alert-mapping.ts";
import { SeverityWords } from "../../domain/alerts/severity.ts";
import type { BackendError } from "../../domain/failure.ts";
import { textOfDatum } from "../../domain/systems/exact.ts";
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
  fields: AlertFields,
  severities: SeverityWords,
  /** Only these rows fire: that hold these values, or for which a condition over `row` holds. A row of which it cannot be told is shown. */
  when: FiresWhen.optional(),
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
  const asked = typeof source.when === "object" ? Object.keys(source.when) : [];
  for (const field of asked)
    if (rows.length > 0 && rows.every((row) => rowValue(row, field) === undefined))
      throw odd(source, `answered with alerts of which none has ${field}`);
  return alerts;
}

/** Undefined for a row that says that it does not fire. */
function alertOf(raw: unknown, source: HttpAlerts, at: number): FoundAlert | undefined {
  const row = Row.safeParse(raw).data;
  if (!row) throw odd(source, `answered with ${describe({ present: true, value: raw })} as alert ${at + 1}`);
  if (!firesWhen(row, source.when)) return undefined;
  const found = mappedAlert(row, source, timeOf);
  if ("lacks" in found) throw odd(source, `answered with an alert that has ${found.lacks}`);
  const labels = Object.entries(found.labels ?? {}).filter(([name]) => name !== "alertname" && name !== "severity");
  const told = labels.map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return told.length === 0 ? found : { ...found, id: `${found.id}{${told.join(", ")}}` };
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
