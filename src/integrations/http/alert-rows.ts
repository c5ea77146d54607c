import { z } from "zod";
import type { ActiveAlert } from "../../domain/alerts/alert.ts";
import { BackendError } from "../../domain/failure.ts";
import type { AlertSource, System } from "../../domain/systems/system.ts";
import { addressOf } from "../wire/address.ts";
import { describe, readPointer } from "../wire/read-pointer.ts";

const Row = z.record(z.string(), z.unknown());

/** The alerts in a source's answer. Throws BackendError when the list is not one or holds something that is no alert. */
export function alertsIn(document: unknown, system: System, source: AlertSource): ActiveAlert[] {
  const pointed = readPointer(document, source.list);
  if (!pointed.present || !Array.isArray(pointed.value))
    throw odd(source, `answered with ${describe(pointed)} at ${source.list}`);
  const rows: readonly unknown[] = pointed.value;
  return rows.map((row, at) => alertOf(row, { system, source, at }));
}

function alertOf(
  raw: unknown,
  where: { readonly system: System; readonly source: AlertSource; readonly at: number },
): ActiveAlert {
  const { system, source, at } = where;
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
    system: system.id,
    source: source.id,
    id: id || summary,
    // A word nobody mapped is still an alert: it is shown, and never taken for harmless.
    severity: (Object.hasOwn(source.severities, own) ? source.severities[own] : undefined) ?? "warning",
    ownSeverity: own || "no severity",
    summary: summary || id,
    ...(since !== undefined && { since }),
  };
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value.trim();
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

/** Seconds or ms since 1970, or a date as text; in ms. */
function timeOf(value: unknown): number | undefined {
  const at = typeof value === "number" ? (value < 1e11 ? value * 1_000 : value) : Date.parse(textOf(value));
  return Number.isFinite(at) && at > 0 ? at : undefined;
}

function odd(source: AlertSource, said: string): BackendError {
  const { host, path } = addressOf(source.poll);
  return new BackendError(host, { fault: "nonsense", detail: `GET ${path} ${said}` });
}
