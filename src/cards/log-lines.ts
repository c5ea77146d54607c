import type { Attachment, Block } from "../domain/messages/card.ts";
import { ownValue } from "../domain/own-value.ts";
import type { LogLine, LogQuery, LogResult, LogSource } from "../domain/systems/logs.ts";
import type { System } from "../domain/systems/system.ts";
import { clock, stamp } from "../domain/text/moment.ts";

/** Longest line shown in the message; the file has it whole. */
const longestLine = 300;
/** More lines than this go into a file beside the newest ones. */
export const shownLines = 15;

/** What was asked of a log, and what was found. */
export interface LogsFound {
  readonly system: System;
  readonly source: LogSource;
  readonly query: LogQuery;
  readonly result: LogResult;
  /** The field whose values are counted; undefined when lines are shown. */
  readonly countBy: string | undefined;
}

/** What of a line a message shows. */
type ShownLine = Partial<Omit<LogLine, "text">> & Pick<LogLine, "text">;

/** The lines as a file, when the message cannot show all of them whole. */
export function logFile({ system, source, result, countBy }: LogsFound): Attachment | undefined {
  const isLong = result.lines.length > shownLines || result.lines.some((line) => line.text.length > longestLine);
  if (countBy !== undefined || !isLong) return undefined;
  const text = result.lines.map((line) => lineText(line, line.at === undefined ? "?" : stamp(line.at))).join("\n");
  return {
    name: `${system.id}-${source.id}.log`,
    mediaType: "text/plain",
    bytes: new TextEncoder().encode(`${text}\n`),
  };
}

/** The line with its time and level, where its text does not say them itself. */
export function lineText(line: ShownLine, time: string): string {
  const clockTime = /\d\d:\d\d:\d\d/.exec(time)?.[0];
  const timed = clockTime !== undefined && line.text.slice(0, 40).includes(clockTime);
  const levelled = line.level === undefined || line.text.toLowerCase().includes(line.level.toLowerCase());
  return [...(timed ? [] : [time]), ...(levelled ? [] : [line.level]), line.text].join("  ");
}

/** When a line was written, as a message shows it. */
export function lineTime(line: ShownLine, now: number): string {
  return line.at === undefined ? "?" : clock(line.at, now).replace(" UTC", "");
}

/** Text as a message shows it: no longer than fits there. */
export function shortened(text: string): string {
  return text.length > longestLine ? `${text.slice(0, longestLine)}…` : text;
}

/** For example `1,204 lines`. */
export function lineCount(lines: number): string {
  return `${lines.toLocaleString("en-GB")} line${lines === 1 ? "" : "s"}`;
}

/** Lines as a message shows them: as a table where each has the fields that are asked for, or that the source shows first. */
export function linesBlocks(shown: readonly ShownLine[], fields: readonly string[] | undefined, now: number): Block[] {
  if (shown.length === 0) return [];
  const columns = fields ?? columnsOf(shown);
  if (columns.length === 0)
    return [{ kind: "code", text: shown.map((line) => shortened(lineText(line, lineTime(line, now)))).join("\n") }];
  const rows = shown.map((line) => [
    lineTime(line, now),
    ...columns.map((name) => shortened(ownValue(line.fields ?? {}, name) ?? "")),
  ]);
  return [{ kind: "table", columns: [{ title: "Time" }, ...columns.map((title) => ({ title }))], rows }];
}

/** The fields that the source shows first, when every line could be read; a line that could not is shown as it stands. */
function columnsOf(lines: readonly ShownLine[]): readonly string[] {
  const [first] = lines;
  return first?.fields && lines.every((line) => line.fields) ? Object.keys(first.fields) : [];
}

/** What was asked for: `level error and worse, with timeout`. */
export function filterWords(query: Pick<LogQuery, "level" | "match" | "where">): string {
  const parts = [
    ...(query.level === undefined ? [] : [`level ${query.level} and worse`]),
    ...(query.match === undefined ? [] : [`with ${query.match}`]),
    ...(query.where ?? []).map(({ field, value }) => `${field} is ${value}`),
  ];
  return parts.length > 0 ? parts.join(", ") : "All lines";
}
