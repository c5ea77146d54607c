import { open } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { z } from "zod";
import { BackendError } from "../../domain/failure.ts";
import { provenBy } from "../../domain/systems/backend.ts";
import { Datum, isExact, isSameDatum, numberOf } from "../../domain/systems/exact.ts";
import type { ComponentDetail, Identity } from "../../domain/systems/health.ts";
import { describe } from "../../domain/systems/read-pointer.ts";
import type { Look, Taken } from "../../domain/systems/reading.ts";
import { Pointer } from "../../domain/systems/values.ts";
import { redact } from "../../domain/text/redact.ts";
import { asking, outputOf, ProgramValue, programError, valueIn } from "./program-output.ts";
import type { Surroundings } from "./run-command.ts";
import { ofShell } from "./shell.ts";

export const ProgramHealth = z.strictObject({ exec: ofShell(asking) });
export const ProgramFact = z.strictObject({ exec: ProgramValue });

/** Exit code 0 is well, and its last line is told. Throws BackendError. */
export async function checkProgram(
  surroundings: Surroundings,
  { exec }: z.output<typeof ProgramHealth>,
  look: Look,
): Promise<Taken<ComponentDetail>> {
  const text = await outputOf(surroundings, exec, look);
  return { value: { detail: redact(text).trim().split("\n").at(-1)?.slice(0, 120) || "exit code 0" } };
}

/** A plain value: of its JSON, or its text where that is one line. Throws BackendError. */
export async function programFact(
  surroundings: Surroundings,
  { exec }: z.output<typeof ProgramFact>,
  look: Look,
): Promise<Taken<Datum>> {
  const value = await valueIn(surroundings, exec, look);
  if (
    typeof value === "string"
      ? isOneLine(value)
      : typeof value === "number" || typeof value === "boolean" || isExact(value)
  )
    return { value: Datum.parse(value) };
  throw programError(exec.command, "nonsense", `wrote ${describe({ present: true, value })}, not one plain value`);
}

function isOneLine(text: string): boolean {
  return text !== "" && text.length <= 200 && !text.includes("\n");
}

/** A number; whatever else it writes is none, and never zero. Throws BackendError. */
export async function programNumber(
  surroundings: Surroundings,
  { exec }: z.output<typeof ProgramFact>,
  look: Look,
): Promise<Taken<number>> {
  const value = await valueIn(surroundings, exec, look);
  const number = numberOf(value);
  if (number !== undefined) return { value: number };
  throw programError(exec.command, "nonsense", `wrote ${describe({ present: true, value })}, not a number`);
}

const FilePlace = { file: z.string().min(1) };
/** A program, or a file of its folder, that says which system it is. */
export const ProgramIdentity = z.strictObject({
  exec: z.union([ofShell({ ...asking, json: Pointer.optional(), is: Datum }), ofShell({ ...FilePlace, is: Datum })]),
});

/** Below a declared backend: `{ file: SYSTEM, is: radar }`, or a program with the one value that it writes. */
export const programProof = provenBy(
  z
    .strictObject({
      file: FilePlace.file.optional(),
      command: asking.command.optional(),
      timeout: asking.timeout,
      json: Pointer.optional(),
      is: Datum,
    })
    .refine(
      ({ file, command, json, timeout }) =>
        (file === undefined) !== (command === undefined) &&
        (file === undefined || (json === undefined && timeout === undefined)),
      "say a `file`, or a `command`, that tells which system it is",
    ),
  "{ file: SYSTEM, is: radar }",
  (backend, told) => ({ exec: { backend, ...told } }),
);

/** Says it another it contradicts; no answer is thrown, like everywhere. */
export async function identifyProgram(
  surroundings: Surroundings,
  { exec }: z.output<typeof ProgramIdentity>,
  look: Look,
): Promise<Taken<Identity>> {
  const value = "file" in exec ? await textOf(exec) : await valueIn(surroundings, exec, look);
  if (isSameDatum(value, exec.is)) return { value: { is: "proven" } };
  const who = "file" in exec ? exec.file : exec.command[0];
  const said = describe({ present: true, value });
  const is = value === "" || value === null ? "unread" : "contradicted";
  return { value: { is, why: `${who} says ${said}, not ${describe({ present: true, value: exec.is })}` } };
}

/** Bytes: a name is short. */
const longestFile = 4_096;

async function textOf(
  place: { readonly file: string } & ({ readonly cwd: string } | { readonly backend: string }),
): Promise<string> {
  const { file } = place;
  const path = "cwd" in place && !isAbsolute(file) ? join(place.cwd, file) : file;
  try {
    await using handle = await open(path, "r");
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(longestFile), 0, longestFile, 0);
    return buffer.toString("utf8", 0, bytesRead).trim();
  } catch {
    throw new BackendError(file, { fault: "missing", detail: `${path} cannot be read` });
  }
}
