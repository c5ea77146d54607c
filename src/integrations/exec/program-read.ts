import { z } from "zod";
import { closeReadKind, type ReadKind } from "../../domain/systems/reads.ts";
import { Pointer } from "../../domain/systems/values.ts";
import { commandPlaceholders, fillCommand, showCommand } from "./command.ts";
import { asking, endOf, outputOf, valueIn } from "./program-output.ts";
import type { Surroundings } from "./run-command.ts";
import { ofShell } from "./shell.ts";

/** What a program writes as data: its JSON, its lines, or its text. */
const ProgramRead = ofShell({
  ...asking,
  json: Pointer.optional(),
  lines: z.literal(true).optional(),
  /** How it ended, as `{ code, lines }`: of a program whose exit code is its answer. */
  end: z.literal(true).optional(),
});
type ProgramRead = z.output<typeof ProgramRead>;

const OneForm = ProgramRead.refine(
  ({ json, lines, end }) => [json, lines, end].filter((each) => each !== undefined).length < 2,
  "keep json, lines or end: it is read as one of them",
);

/** A program that only reads, as data. */
export function programRead(surroundings: Surroundings): ReadKind {
  return closeReadKind<ProgramRead>({
    kind: "exec",
    schema: OneForm,
    placeholders: ({ command }) => commandPlaceholders(command),
    resolve: ({ command, ...rest }, values) => ({ ...rest, command: fillCommand(command, values) }),
    shape: ({ end }) => (end ? { fields: { code: "data", lines: "data" } } : undefined),
    describe: ({ command, json }) => `${showCommand(command)}${json === undefined || json === "" ? "" : ` at ${json}`}`,
    async read(spec, look) {
      if (spec.end) {
        const { code, text } = await endOf(surroundings, spec, look);
        return { value: { code, lines: linesOf(text) } };
      }
      if (spec.lines) return { value: linesOf(await outputOf(surroundings, spec, look)) };
      return { value: z.json().parse(await valueIn(surroundings, spec, look)) };
    },
  });
}

function linesOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== "");
}
