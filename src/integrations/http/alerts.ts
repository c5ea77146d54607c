import { z } from "zod";
import type { FoundAlert } from "../../domain/alerts/alert.ts";
import type { BackendError } from "../../domain/failure.ts";
import { textOfDatum } from "../../domain/systems/exact.ts";
import type { Look, Taken } from "../../domain/systems/reading.ts";
import { Pointer, Url } from "../../domain/systems/values.ts";
import { describe, readPointer } from "../wire/read-pointer.ts";
import { documentFault } from "./document-fault.ts";
import type { Rounds } from "./rounds.ts";

export const HttpAlerts = z.strictObject({
  poll: Url,
  list: Pointer,
  fields: z.strictObject({ id: z.string(), severity: z.string(), summary: z.string(), since: z.string().optional() }),
  /** The system's own severity word → ours. The own word is always shown beside it. */
  severities: z.record(z.string(), z.enum(["critical", "warning", "info"])),
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
  return rows.map((row, at) => alertOf(row, source, at));
}

function alertOf(raw: unknown, source: HttpAlerts, at: number): FoundAlert {
  const row = Row.safeParse(raw).data;
  if (!row) throw odd(source, `answered with ${describe({ present: true, value: raw })} as alert ${at + 1}`);
  const { fields } = source;
  const id = textOf(row[fields.id]);
  const summary = textOf(row[fields.summary]);
  if (id === "" && summary === "")
    throw odd(source, `answered with an alert that has neither ${fields.id} nor ${fields.summary}`);
  const own = textOf(row[fields.severity]);
  const since = fields.since === undefined ? undefined : timeOf(row[fields.since]);
  return {
    id: id || summary,
    // A word nobody mapped is still an alert: it is shown, and never taken for harmless.
    severity: (Object.hasOwn(source.severities, own) ? source.severities[own] : undefined) ?? "warning",
    ownSeverity: own || "no severity",
    summary: summary || id,
    ...(since !== undefined && { since }),
  };
}

function textOf(value: unknown): string {
  return textOfDatum(value)?.trim() ?? "";
}

/** Seconds or ms since 1970, or a date as text; in ms. */
function timeOf(value: unknown): number | undefined {
  const at = typeof value === "number" ? (value < 1e11 ? value * 1_000 : value) : Date.parse(textOf(value));
  return Number.isFinite(at) && at > 0 ? at : undefined;
}

function odd(source: HttpAlerts, said: string): BackendError {
  return documentFault(source.poll, "nonsense", ` ${said}`);
}
