import { posix } from "node:path";
import { z } from "zod";
import { BackendError, type BackendFault } from "../../domain/failure.ts";
import { parseExactly } from "../../domain/systems/exact.ts";
import { describe, readPointer } from "../../domain/systems/read-pointer.ts";
import type { Look } from "../../domain/systems/reading.ts";
import { Pointer } from "../../domain/systems/values.ts";
import { parseDuration, showWait } from "../../domain/text/duration.ts";
import { visibleText } from "../../domain/text/undisguise.ts";
import { CommandWords, Timeout } from "./command.ts";
import { lastLines, runCommand, type Surroundings } from "./run-command.ts";
import { ofShell } from "./shell.ts";

/** What a program that only reads is asked with. */
export const asking = {
  command: CommandWords,
  /** The longest it may take, where whoever asks leaves more. */
  timeout: Timeout.optional(),
};

/** One value of what a program writes: at a place of its JSON, or the whole text. */
export const ProgramValue = ofShell({ ...asking, json: Pointer.optional() });
export type ProgramValue = z.output<typeof ProgramValue>;

const AskedProgram = ofShell(asking);
type AskedProgram = z.output<typeof AskedProgram>;

/** Bytes. More is nothing that a plan, a card or a list could hold. */
const mostBytes = 1_048_576;

/** What a program writes to its standard output, without colours. Throws BackendError for any end but exit code 0. */
export async function outputOf(surroundings: Surroundings, spec: AskedProgram, look: Look): Promise<string> {
  const { code, text, said } = await endOf(surroundings, spec, look);
  if (code !== 0) throw programError(spec.command, "unwell", `ended with exit code ${code}${said}`);
  return text;
}

/** How a program ended, and what it wrote till then. Throws BackendError where it did not end by itself. */
export async function endOf(
  surroundings: Surroundings,
  spec: AskedProgram,
  look: Look,
): Promise<{ readonly code: number; readonly text: string; readonly said: string }> {
  const { command, timeout } = spec;
  const timeoutMs = Math.min(look.deadlineMs, timeout === undefined ? look.deadlineMs : parseDuration(timeout));
  const end = await runCommand(surroundings, spec, { command, timeoutMs, mostBytes });
  if (!end.started) throw programError(command, "missing", end.why);
  const said = lastLines(end.lines);
  const saying = said === "" ? "" : `: ${said}`;
  if (end.timedOut) throw programError(command, "timeout", `did not end within ${showWait(timeoutMs)}${saying}`);
  if (end.code === null) throw programError(command, "unwell", `was ended by ${end.signal ?? "a signal"}${saying}`);
  if (end.cut) throw programError(command, "nonsense", `wrote more than ${mostBytes / 1_048_576} MiB`);
  // A byte that is no text was made into this character; one that the program wrote itself says as little.
  if (end.stdout.includes("\uFFFD")) throw programError(command, "nonsense", "wrote what is no text in UTF-8");
  return { code: end.code, text: visibleText(end.stdout), said: saying };
}

/** What stands at a place of the JSON that a program writes; without a place its whole text. Throws BackendError. */
export async function valueIn(surroundings: Surroundings, spec: ProgramValue, look: Look): Promise<unknown> {
  const { command, json } = spec;
  const text = await outputOf(surroundings, spec, look);
  if (json === undefined) return text.trim();
  const pointed = readPointer(jsonIn(command, text), json);
  if (!pointed.present) throw programError(command, "nonsense", `wrote ${describe(pointed)} at ${json}`);
  return pointed.value;
}

function jsonIn(command: readonly string[], text: string): unknown {
  try {
    return parseExactly(text);
  } catch {
    throw programError(command, "nonsense", "wrote what is no JSON");
  }
}

/** What is wrong with a program that was asked. */
export function programError([program = ""]: readonly string[], fault: BackendFault, said: string): BackendError {
  return new BackendError(posix.basename(program), { fault, detail: said });
}
