import { z } from "zod";
import type { QueryAsked, QueryTable } from "../../domain/systems/queries.ts";
import type { Taken } from "../../domain/systems/reading.ts";
import { fillCommand } from "./command.ts";
import { ColumnNumber, columnAt, columnsIn, tableLines } from "./program-lines.ts";
import { asking, outputOf } from "./program-output.ts";
import type { Surroundings } from "./run-command.ts";
import { ofShell } from "./shell.ts";

const Columns = z
  .record(z.string().min(1).max(40), ColumnNumber)
  .refine((columns) => Object.keys(columns).length > 0, "name at least one column");

/** The lines of a program as a table: which column of them stands under which name. */
export const ProgramQuery = z.strictObject({
  exec: ofShell({ ...asking, lines: z.strictObject({ ...tableLines, columns: Columns }) }),
});

/** A row for each line. Throws BackendError, and UserError for an argument that the command may not take. */
export async function programTable(
  surroundings: Surroundings,
  { exec }: z.output<typeof ProgramQuery>,
  asked: QueryAsked,
): Promise<Taken<QueryTable>> {
  const { lines } = exec;
  const command = fillCommand(exec.command, asked.arguments);
  const all = columnsIn(await outputOf(surroundings, { ...exec, command }, asked), lines, command);
  const named = Object.entries(lines.columns);
  return {
    value: {
      columns: named.map(([name]) => ({ name })),
      rows: all.slice(0, asked.rows).map((row) => named.map(([, column]) => columnAt(row, column, command))),
      more: all.length > asked.rows,
    },
  };
}
