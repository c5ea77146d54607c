import { z } from "zod";
import type { BackendError } from "../../domain/failure.ts";
import { isExact, textOfDatum, writeExactly } from "../../domain/systems/exact.ts";
import type { QueryAsked, QueryCell, QueryTable } from "../../domain/systems/queries.ts";
import { describe, readPointer } from "../../domain/systems/read-pointer.ts";
import type { Taken } from "../../domain/systems/reading.ts";
import { Pointer } from "../../domain/systems/values.ts";
import { Endpoint, fillEndpoint } from "../wire/endpoint.ts";
import { documentFault } from "./document-fault.ts";
import type { Rounds } from "./rounds.ts";

/** A column of a table: where it stands in a row. */
const ColumnAt = z.union([Pointer, z.strictObject({ path: Pointer, unit: z.string().min(1).max(12).optional() })]);

/** A list in a JSON document, a row for each entry. */
export const HttpQuery = z.strictObject({
  json: z.strictObject({
    url: Endpoint,
    path: Pointer.default(""),
    columns: z
      .record(z.string().min(1).max(40), ColumnAt)
      .refine((columns) => Object.keys(columns).length > 0, "name at least one column"),
  }),
});
type HttpQuery = z.output<typeof HttpQuery>;

/** The rows of a list. What is no list is never an empty table. Throws BackendError, UserError for what cannot be put in. */
export async function readTable(
  rounds: Rounds,
  { json: { url: written, path, columns } }: HttpQuery,
  asked: QueryAsked,
): Promise<Taken<QueryTable>> {
  const url = fillEndpoint(written, asked.arguments);
  const answer = await rounds.document(url, asked);
  const pointed = readPointer(answer.body, path);
  const odd = (said: string): BackendError => documentFault(url, "nonsense", `: ${said}`);
  if (!pointed.present || !Array.isArray(pointed.value))
    throw odd(`${path === "" ? "the answer" : path} is ${describe(pointed)}, not a list`);
  const entries: readonly unknown[] = pointed.value;
  const read = Object.entries(columns).map(([name, at]) => ({ name, ...(typeof at === "string" ? { path: at } : at) }));
  const missing = entries.length === 0 ? undefined : read.find((column) => !isAnywhere(entries, column.path));
  if (missing) throw odd(`no entry of the list has ${missing.path}`);
  return {
    value: {
      columns: read.map(({ name, unit }) => ({ name, ...(unit !== undefined && { unit }) })),
      rows: entries.slice(0, asked.rows).map((entry) => read.map((column) => cellAt(entry, column.path))),
      more: entries.length > asked.rows,
    },
    at: answer.at,
  };
}

function isAnywhere(entries: readonly unknown[], path: string): boolean {
  return entries.some((entry) => readPointer(entry, path).present);
}

/** A plain value as it stands, anything else as JSON; nothing where nothing stands. */
function cellAt(entry: unknown, path: string): QueryCell {
  const pointed = readPointer(entry, path);
  if (!pointed.present || pointed.value === null) return null;
  const { value } = pointed;
  if (isExact(value) || typeof value === "number" || typeof value === "boolean") return value;
  return textOfDatum(value) ?? writeExactly(value);
}
