import { z } from "zod";
import { textOfDatum } from "../../domain/systems/exact.ts";
import type { ListEntry } from "../../domain/systems/lists.ts";
import type { Look, Taken } from "../../domain/systems/reading.ts";
import { Pointer } from "../../domain/systems/values.ts";
import { describe } from "../wire/read-pointer.ts";
import { asking, outputOf, programError, valueIn } from "./program-output.ts";
import type { Surroundings } from "./run-command.ts";
import { ofShell } from "./shell.ts";

const Column = z.int().min(1).max(100);

/** How lines are read: columns are what spaces part, counted from 1. */
const Lines = z.strictObject({
  /** Lines at the beginning that are no entries. */
  skip: z.int().min(0).max(100).default(0),
  value: Column.default(1),
  /** From this column to the end of the line. */
  label: Column.optional(),
  /** The line by which the program says that there are none. Without one, no line at all is no answer. */
  none: z.string().min(1).optional(),
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

function entriesIn(text: string, { skip, value, label, none }: Lines, command: readonly string[]): ListEntry[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  if (none !== undefined && lines.some((line) => line.trim() === none)) return [];
  if (lines.length === 0) throw programError(command, "nonsense", "wrote nothing, which is no empty list");
  return lines.slice(skip).map((line) => {
    const columns = line.trim().split(/\s+/);
    const named = columns[value - 1];
    if (named === undefined)
      throw programError(
        command,
        "nonsense",
        `wrote a line without column ${value}: ${describe({ present: true, value: line })}`,
      );
    return { value: named, label: label === undefined ? "" : columns.slice(label - 1).join(" ") };
  });
}

function wordOf(value: unknown): string {
  return typeof value === "boolean" ? "" : (textOfDatum(value)?.trim() ?? "");
}
