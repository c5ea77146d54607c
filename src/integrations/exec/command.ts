import { posix } from "node:path";
import { z } from "zod";
import { UserError } from "../../domain/failure.ts";
import { textOfDatum } from "../../domain/systems/exact.ts";
import { argumentsIn, fillText, type PlanValues } from "../../domain/systems/placeholders.ts";
import { DurationText, parseDuration } from "../../domain/text/duration.ts";
import { redact } from "../../domain/text/redact.ts";
import { launchFault } from "./launched.ts";

/** A program and its arguments. Arguments may hold `{name}`; each word stays one word, whatever is put into it. */
export const CommandWords = z
  .array(z.string())
  .min(1)
  .max(100)
  .superRefine((words, context) => {
    const fault = commandFault(words);
    if (fault !== undefined) context.addIssue({ code: "custom", message: fault });
  });

/** What is wrong with a command as a file writes it; undefined for nothing. */
function commandFault(words: readonly string[]): string | undefined {
  const [program = ""] = words;
  if (argumentsIn(program).length > 0) return "what is run stands in the file: no argument may name the program";
  if (words.some((word) => word.includes("\0"))) return "no argument may hold a zero byte";
  if (!program.includes("/"))
    return "write where the program is: ./scripts/backup.sh below cwd, or a whole path as /usr/bin/sha256sum";
  if (!program.startsWith("/") && posix.normalize(program).startsWith("..")) return "the program lies outside cwd";
  if (words.some((word) => word.includes("${env:")))
    return "every user of the machine sees what stands on a command line: give a secret to the program by set";
  if (words.some(isOptionTyped)) return "no argument may make up an option: write its name in the file, as --id={id}";
  return launchFault(words);
}

/** An argument stands where an option still tells what it is: before its `=`, or anywhere where it has none. */
function isOptionTyped(word: string): boolean {
  const [name = ""] = word.split("=");
  return word.startsWith("-") && argumentsIn(name).length > 0;
}

/** How long a program may run: `10m`, at most an hour. */
export const Timeout = DurationText.refine(
  (text) => parseDuration(text) >= 100 && parseDuration(text) <= 3_600_000,
  "between 100ms and 1h",
);

/** The arguments of the operation that a command refers to. None can be left out: the words behind it would change places. */
export function commandPlaceholders(
  command: readonly string[],
): { readonly name: string; readonly inAddress: boolean }[] {
  return command.flatMap(argumentsIn).map((name) => ({ name, inAddress: true }));
}

/**
 * With the arguments in place, each word still one word. Throws UserError for a value that would be read as something else:
 * as an option, because it begins with `-` and stands at the beginning of a word, or as another path than the file's own.
 */
export function fillCommand(command: readonly string[], values: PlanValues): string[] {
  const filled = command.map((word) => fillWord(word, values));
  const fault = commandFault(filled);
  if (fault !== undefined) throw new UserError(`Nothing was planned: ${fault}.`);
  return filled;
}

function fillWord(word: string, values: PlanValues): string {
  const names = argumentsIn(word);
  if (names.length === 0) return word;
  const isWhole = word === `{${names[0]}}`;
  for (const name of names) {
    const value = textOfDatum(fillText(`{${name}}`, values)) ?? "";
    if (isWhole ? leadsElsewhere(value) : value.includes("/") || value === "." || value === "..")
      throw new UserError(`${name} would lead to another path, so nothing was planned.`, "Leave out / and ...");
  }
  const filled = textOfDatum(fillText(word, values)) ?? word;
  if (filled.startsWith("-") && !word.startsWith("-")) {
    const [name = ""] = names;
    throw new UserError(
      `${name} begins with -, which the program would take for an option, so nothing was planned.`,
      "Write it without the -.",
    );
  }
  return filled;
}

/** A word of its own may hold a `/`, as the name of an image does; it is no path from the root, and none that leads upwards. */
function leadsElsewhere(value: string): boolean {
  return value.startsWith("/") || value.split("/").includes("..");
}

/** As a person would type it, fit for a card: what is no plain word is quoted, secrets are masked. */
export function showCommand(command: readonly string[]): string {
  return redact(command.map((word) => (/^[\w@%+=:,./{}[\]-]+$/.test(word) ? word : JSON.stringify(word))).join(" "));
}
