import type { Attachment } from "../domain/messages/card.ts";
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
export function lineText(line: LogLine, time: string): string {
  const clockTime = /\d\d:\d\d:\d\d/.exec(time)?.[0];
  const timed = clockTime !== undefined && line.text.slice(0, 40).includes(clockTime);
  const levelled = line.level === undefined || line.text.toLowerCase().includes(line.level.toLowerCase());
  return [...(timed ? [] : [time]), ...(levelled ? [] : [line.level]), line.text].join("  ");
}

/** When a line was written, as a message shows it. */
export function lineTime(line: LogLine, now: number): string {
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
