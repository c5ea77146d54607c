import { z } from "zod";
import { type Datum, isExact, numberOf } from "../../domain/systems/exact.ts";
import { describe, readPointer } from "../../domain/systems/read-pointer.ts";
import type { Look, Taken } from "../../domain/systems/reading.ts";
import { Pointer } from "../../domain/systems/values.ts";
import { Endpoint } from "../wire/endpoint.ts";
import { bodyJson } from "../wire/http.ts";
import { documentFault } from "./document-fault.ts";
import type { Rounds } from "./rounds.ts";

/** One value of a JSON document. */
export const JsonValue = z.strictObject({ json: z.strictObject({ url: Endpoint, path: Pointer }) });
type JsonValue = z.output<typeof JsonValue>;

/** A plain value as it stands. Throws BackendError. */
export async function readFact(rounds: Rounds, { json: { url, path } }: JsonValue, look: Look): Promise<Taken<Datum>> {
  const answer = await rounds.answer(url, look);
  const pointed = readPointer(bodyJson({ url }, answer.body), path);
  const value = pointed.present ? pointed.value : undefined;
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean" && !isExact(value))
    throw documentFault(url, "nonsense", `: ${path} is ${describe(pointed)}`);
  return { value, at: answer.at };
}

/** A number, or a text that is one; whatever else stands there is none, and never zero. Throws BackendError. */
export async function readNumber(
  rounds: Rounds,
  { json: { url, path } }: JsonValue,
  look: Look,
): Promise<Taken<number>> {
  const answer = await rounds.document(url, look);
  const pointed = readPointer(answer.body, path);
  const value = pointed.present ? numberOf(pointed.value) : undefined;
  if (value !== undefined) return { value, at: answer.at };
  throw documentFault(url, "nonsense", ` answered with ${describe(pointed)} at ${path}, not a number`);
}
