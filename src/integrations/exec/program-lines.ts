import { z } from "zod";
import { programError } from "./program-output.ts";

/** Columns are what spaces part, counted from 1. */
export const ColumnNumber = z.int().min(1).max(100);

/** How the lines of a table are told from what stands around them. */
export const tableLines = {
  /** Lines at the beginning that are no entries. */
  skip: z.int().min(0).max(100).default(0),
  /** The line by which the program says that there are none. Without one, no line at all is no answer. */
  none: z.string().min(1).optional(),
};
const TableLines = z.object(tableLines);

/** The columns of each line that is an entry. Throws BackendError where nothing was written, which is no empty table. */
export function columnsIn(
  text: string,
  { skip, none }: z.output<typeof TableLines>,
  command: readonly string[],
): string[][] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  if (none !== undefined && lines.some((line) => line.trim() === none)) return [];
  if (lines.length === 0) throw programError(command, "nonsense", "wrote nothing, which is no empty list");
  return lines.slice(skip).map((line) => line.trim().split(/\s+/));
}

/** What stands in a column of a line. Throws BackendError where the line is too short. */
export function columnAt(columns: readonly string[], column: number, command: readonly string[]): string {
  const found = columns[column - 1];
  if (found !== undefined) return found;
  const line = JSON.stringify(columns.join(" ").slice(0, 60));
  throw programError(command, "nonsense", `wrote a line without column ${column}: ${line}`);
}
