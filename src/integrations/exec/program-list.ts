import { z } from "zod";
import { textOfDatum } from "../../domain/systems/exact.ts";
import type { ListEntry } from "../../domain/systems/lists.ts";
import type { Look, Taken } from "../../domain/systems/reading.ts";
import { Pointer } from "../../domain/systems/values.ts";
import { ColumnNumber, columnAt, columnsIn, tableLines } from "./program-lines.ts";
import { asking, outputOf, programError, valueIn } from "./program-output.ts";
import type { Surroundings } from "./run-command.ts";
import { ofShell } from "./shell.ts";

const Lines = z.strictObject({
  ...tableLines,
  value: ColumnNumber.default(1),
  /** From this column to the end of the line. */
  label: ColumnNumber.optional(),
});
type Lines = z.output<typeof Lines>;

/** The entries of a list in the JSON of a program, by the keys that name and tell more of each, or in its lines. */
export const ProgramList = z.strictObject({
  exec: z.union([
    ofShell({ ...asking, lines: Lines }),
    ofShell({ ...asking, json: Pointer, value: z.string().optional(), label: z.string().optional() }),
  ]),
});

const Row = z.record(z.string(), z.unknown());

/** What is no list of names is never an empty list. Throws BackendError. */
export async function listProgram(
  surroundings: Surroundings,
  { exec }: z.output<typeof ProgramList>,
  look: Look,
): Promise<Taken<readonly ListEntry[]>> {
  if ("lines" in exec) {
    const text = await outputOf(surroundings, exec, look);
    return { value: entriesIn(text, exec.lines, exec.command) };
  }
  const rows = z.array(z.unknown()).safeParse(await valueIn(surroundings, exec, look)).data;
  if (!rows) throw programError(exec.command, "nonsense", `wrote no list at ${exec.json}`);
  const { value, label, command } = exec;
  return {
    value: rows.map((row, at) => {
      const keys = Row.safeParse(row).data;
      const named = wordOf(value === undefined ? row : keys?.[value]);
      if (named === "")
        throw programError(command, "nonsense", `wrote an entry ${at + 1} without a ${value ?? "text"} that names it`);
      return { value: named, label: label === undefined ? "" : wordOf(keys?.[label]) };
    }),
  };
}

function entriesIn(text: string, lines: Lines, command: readonly string[]): ListEntry[] {
  const { value, label } = lines;
  return columnsIn(text, lines, command).map((columns) => ({
    value: columnAt(columns, value, command),
    label: label === undefined ? "" : columns.slice(label - 1).join(" "),
  }));
}

function wordOf(value: unknown): string {
  return typeof value === "boolean" ? "" : (textOfDatum(value)?.trim() ?? "");
}
