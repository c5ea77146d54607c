import { z } from "zod";
import type { BackendError } from "../../domain/failure.ts";
import { textOfDatum } from "../../domain/systems/exact.ts";
import type { ListEntry } from "../../domain/systems/lists.ts";
import { describe, readPointer } from "../../domain/systems/read-pointer.ts";
import type { Look, Taken } from "../../domain/systems/reading.ts";
import { Pointer } from "../../domain/systems/values.ts";
import { Endpoint } from "../wire/endpoint.ts";
import { documentFault } from "./document-fault.ts";
import type { Rounds } from "./rounds.ts";

export const HttpList = z.strictObject({
  json: z.strictObject({ url: Endpoint, path: Pointer }),
  /** The key of an entry that names it, and the one that tells more; left out where entries are plain texts. */
  value: z.string().optional(),
  label: z.string().optional(),
});
type HttpList = z.output<typeof HttpList>;

const Row = z.record(z.string(), z.unknown());

/** The entries of a list in a JSON document. What is no list of names is never an empty list. Throws BackendError. */
export async function readList(rounds: Rounds, source: HttpList, look: Look): Promise<Taken<readonly ListEntry[]>> {
  const answer = await rounds.document(source.json.url, look);
  return { value: entriesIn(answer.body, source), at: answer.at };
}

function entriesIn(document: unknown, source: HttpList): ListEntry[] {
  const pointed = readPointer(document, source.json.path);
  if (!pointed.present || !Array.isArray(pointed.value))
    throw odd(source, `${source.json.path} is ${describe(pointed)}, not a list`);
  const rows: readonly unknown[] = pointed.value;
  return rows.map((row, at) => entryOf(row, at, source));
}

function entryOf(raw: unknown, at: number, source: HttpList): ListEntry {
  const row = Row.safeParse(raw).data;
  const value = textOf(source.value === undefined ? raw : row?.[source.value]);
  if (value === "")
    throw odd(source, `entry ${at + 1} of ${source.json.path} has no ${source.value ?? "text"} that names it`);
  return { value, label: source.label === undefined ? "" : textOf(row?.[source.label]) };
}

function textOf(value: unknown): string {
  return typeof value === "boolean" ? "" : (textOfDatum(value)?.trim() ?? "");
}

function odd(source: HttpList, said: string): BackendError {
  return documentFault(source.json.url, "nonsense", `: ${said}`);
}
