import { z } from "zod";
import { mostDrawnLines } from "../messages/chart.ts";
import { Id, Permission } from "../people/person.ts";
import { DurationText } from "../text/duration.ts";
import type { Datum } from "./exact.ts";
import { Argument } from "./operation.ts";
import type { ArgumentValues } from "./placeholders.ts";
import type { Look, Taken } from "./reading.ts";
import { Source } from "./sources.ts";
import type { System } from "./system.ts";

/** More rows than this are no answer that a person reads in chat. */
const mostRows = 500;
const usualRows = 50;
const mostPromises = 5;
const shortestTimeoutMs = 100;
/** Somebody waits for it, and a server works for it. */
const longestTimeoutMs = 30_000;

/** What of an answer is drawn, by the names of its columns. */
export const QueryChart = z.strictObject({
  /** The time of each row. */
  time: z.string().min(1),
  /** A line for each of these. */
  values: z.array(z.string().min(1)).min(1).max(mostDrawnLines),
  /** With it there is a line for each of what stands in this column. */
  by: z.string().min(1).optional(),
  /** With `B` a size as programs print it, as 61.3G, counts in bytes. */
  unit: z.string().max(20).default(""),
  /** Which lines are drawn where there are more than can be told apart: the highest, or the lowest. */
  bad: z.enum(["above", "below"]).default("above"),
});
export type QueryChart = z.output<typeof QueryChart>;

/** How old the newest of an answer's rows may be: a list of backups says with it whether it keeps what was promised. */
export const QueryNewest = z.strictObject({
  /** The column that holds the time of each row, alone or in a name. */
  time: z.string().min(1),
  within: DurationText,
  /** What promises it, in a word. */
  promised: z.string().min(1).max(20).default("RPO"),
  /** Only rows count that have one of these texts in the column of this name, as the kinds of a backup. */
  of: z.record(z.string(), z.union([z.string(), z.array(z.string()).min(1)])).optional(),
  /** An older one, or none, is an alert of this severity: what should have been made was not. */
  alert: z.enum(["warning", "critical"]).optional(),
});
export type QueryNewest = z.output<typeof QueryNewest>;

/** A named question that only reads: `query prsm connections`. Its answer is a table, and a chart where it says what to draw. */
export const NamedQuery = z.strictObject({
  id: Id,
  title: z.string().min(1).max(60),
  /** Also a command of its own: `pods prsm` beside `query prsm pods`. */
  short: z.boolean().default(false),
  /** What the person who asks must hold. */
  permission: Permission.default("read"),
  /** At most so many rows are read. */
  rows: z.int().min(1).max(mostRows).default(usualRows),
  /** How long it may take, in ms. */
  timeout: z.number().min(shortestTimeoutMs).max(longestTimeoutMs),
  arguments: z.record(z.string(), Argument).default({}),
  /** Its answer is also drawn over time. */
  chart: QueryChart.optional(),
  newest: z.union([QueryNewest.transform((one) => [one]), z.array(QueryNewest).min(1).max(mostPromises)]).optional(),
  source: Source,
});
export type NamedQuery = z.output<typeof NamedQuery>;

/** What stands in one place of a table. Nothing there is null, and never zero. */
export type QueryCell = Datum | null;

export interface QueryColumn {
  readonly name: string;
  readonly unit?: string;
}

export interface QueryTable {
  readonly columns: readonly QueryColumn[];
  /** Each has as many cells as there are columns. */
  readonly rows: readonly (readonly QueryCell[])[];
  /** There were more than were asked for, and the rest was left out. */
  readonly more: boolean;
}

/** What is asked of the backend that answers a query. It reads no more than `rows` rows. */
export interface QueryAsked extends Look {
  readonly rows: number;
  /** What was given, by name; what was left out is not among them. */
  readonly arguments: ArgumentValues;
}

export interface Queries {
  /** A live answer, in which secrets are masked. Throws BackendError, and UserError for arguments that do not fit. */
  read(system: System, query: NamedQuery, given: ArgumentValues): Promise<Taken<QueryTable>>;
}
