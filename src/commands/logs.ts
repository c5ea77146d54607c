import { z } from "zod";
import { type CommandContext, defineCommand, type Reply } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import type { Attachment, Block } from "../domain/messages/card.ts";
import type { LogLine, LogQuery, LogResult } from "../domain/systems/logs.ts";
import type { LogSource, System } from "../domain/systems/system.ts";
import { nearest } from "../domain/text/distance.ts";
import { clock, stamp } from "../domain/text/moment.ts";
import { span } from "../domain/text/quantities.ts";
import { sparkline } from "../domain/text/sparkline.ts";
import { momentField, momentOf, system, systemNamed } from "./fields.ts";

/** More lines than this go into a file beside the newest ones. */
/** What a phone shows on one line. */
const barsMost = 40;

const shownLines = 15;
const deadlineMs = 10_000;
/** How many lines are looked at to count by the values of a field. */
const mostCounted = 10_000;
/** Longest line shown in the message; the file has it whole. */
const longestLine = 300;
/** Most values that a count by field lists. */
const shownValues = 20;

export const logs = defineCommand({
  name: "logs",
  summary: "Log lines, newest first, filtered and counted over time",
  permission: "read",
  systemField: "system",
  examples: [
    "logs {logs} since:1h level:error",
    "logs {logs} match:timeout since:1d",
    "logs {logs} {source} since:1d count-by:level",
  ],
  input: z.object({
    system,
    source: z
      .string()
      .max(40)
      .optional()
      .meta({ label: "Source", help: "Which log; the first when left out", positional: true, suggest: "sources" }),
    since: momentField("Since", "How long ago (30m, 2d) or when (10:30, 2026-11-21T10:30Z)").default("1h"),
    until: momentField("Until", "10m: up to ten minutes ago; now when left out").optional(),
    level: z
      .string()
      .max(12)
      .optional()
      .meta({ label: "Level", help: "At least this level: error, warn, info", suggest: "levels" }),
    match: z.string().max(300).optional().meta({ label: "Match", help: "Text in the line, or /a pattern/" }),
    where: z
      .string()
      .max(600)
      .optional()
      .meta({ label: "Where", help: "field=value, for example reason_codes=PG.FLASH", repeated: true }),
    fields: z.string().max(200).optional().meta({ label: "Fields", help: "Show only these, with commas" }),
    "count-by": z.string().max(60).optional().meta({ label: "Count by", help: "Count by the values of a field" }),
    limit: z
      .int()
      .min(1)
      .max(10_000)
      .default(1_000)
      .meta({ label: "Limit", help: "At most so many lines in the file" }),
  }),
  async run(input, context) {
    const on = systemNamed(context, input.system);
    const source = sourceNamed(on, input.source);
    const countBy = input["count-by"];
    const { now } = context.invocation;
    const query: LogQuery = {
      source: source.id,
      from: momentOf("since", input.since, now),
      to: input.until === undefined ? now : momentOf("until", input.until, now),
      ...(input.level !== undefined && { level: input.level }),
      ...(input.match !== undefined && { match: input.match }),
      ...(input.where !== undefined && { where: conditions(input.where) }),
      ...(input.fields !== undefined && { fields: names(input.fields) }),
      ...(countBy !== undefined && input.fields === undefined && { fields: [countBy] }),
      limit: countBy === undefined ? input.limit : mostCounted,
      deadlineMs,
    };
    if (query.from >= query.to)
      throw new UserError(
        "That range is empty: it ends before it begins.",
        "since: must reach further back than until:.",
      );
    const result = await context.systems.logs.search(on, query);
    return replyOf(context, { on, source, query, result, countBy });
  },
});

interface Found {
  readonly on: System;
  readonly source: LogSource;
  readonly query: LogQuery;
  readonly result: LogResult;
  readonly countBy: string | undefined;
}

function replyOf(context: CommandContext, found: Found): Reply {
  const { on, source, query, result, countBy } = found;
  const now = context.invocation.now;
  const long = result.lines.length > shownLines || result.lines.some((line) => line.text.length > longestLine);
  const file = countBy === undefined && long ? fileOf(found) : undefined;
  const blocks: Block[] = [
    ...(result.matched > 0 ? [countsBlock(result)] : []),
    ...(countBy === undefined ? linesBlocks(result, query, now) : countByBlocks(result, countBy)),
    ...(file
      ? [
          {
            kind: "file" as const,
            file: file.name,
            note:
              result.lines.length < result.matched
                ? `The newest ${counted(result.lines.length)} of ${counted(result.matched)}.`
                : `All ${counted(result.matched)}.`,
          },
        ]
      : []),
  ];
  return {
    card: {
      // Nothing found in what was read says nothing about the rest.
      tone: result.partial && result.matched === 0 ? "unknown" : "neutral",
      title: `${on.title}, ${source.title ?? source.id}: ${result.matched === 0 ? "no line" : counted(result.matched)}`,
      summary: `${filterWords(query)} from ${clock(query.from, now)} to ${clock(query.to, now)}.${result.partial ? " Not everything was read in time: narrow the range for the rest." : ""}`,
      blocks,
      footer: footerOf(on, source, result),
    },
    files: file ? [file] : [],
  };
}

/** As many lines as a bar stands for are added up, so that the highest bar is the number beside it. */
function countsBlock({ counts, bucketMs }: LogResult): Block {
  const perBar = Math.max(1, Math.ceil(counts.length / barsMost));
  const samples = counts
    .filter((_, position) => position % perBar === 0)
    .map(({ at }, bar) => ({
      at,
      value: counts.slice(bar * perBar, (bar + 1) * perBar).reduce((sum, { count }) => sum + count, 0),
    }));
  const most = samples.reduce((max, { value }) => Math.max(max, value), 0);
  return { kind: "code", text: `${sparkline(samples, barsMost)}  up to ${most} in ${span(bucketMs * perBar)}` };
}

function linesBlocks(result: LogResult, query: LogQuery, now: number): Block[] {
  const shown = result.lines.slice(0, shownLines);
  if (shown.length === 0) return [];
  const columns = query.fields ?? columnsOf(shown);
  if (columns.length === 0)
    return [{ kind: "code", text: shown.map((line) => cut(lineText(line, timeOf(line, now)))).join("\n") }];
  const rows = shown.map((line) => [timeOf(line, now), ...columns.map((name) => cut(line.fields?.[name] ?? ""))]);
  return [{ kind: "table", columns: [{ title: "Time" }, ...columns.map((title) => ({ title }))], rows }];
}

/** The fields that the source shows first, when every line could be read; a line that could not is shown as it stands. */
function columnsOf(lines: readonly LogLine[]): readonly string[] {
  const [first] = lines;
  return first?.fields && lines.every((line) => line.fields) ? Object.keys(first.fields) : [];
}

function countByBlocks(result: LogResult, field: string): Block[] {
  const counts = new Map<string, number>();
  for (const line of result.lines) {
    const value = line.fields?.[field] ?? "(none)";
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  if (counts.size === 0) return [];
  const sorted = [...counts].toSorted((a, b) => b[1] - a[1]);
  const rows = sorted.slice(0, shownValues).map(([value, count]) => [cut(value), count.toLocaleString("en-GB")]);
  const notes = [
    ...(sorted.length > shownValues ? [`${sorted.length - shownValues} more values are left out.`] : []),
    ...(result.lines.length < result.matched
      ? [`Counted in the newest ${counted(result.lines.length)} of ${counted(result.matched)}.`]
      : []),
  ];
  return [
    { kind: "table", columns: [{ title: field }, { title: "Lines", align: "right" }], rows },
    ...notes.map((text): Block => ({ kind: "text", text })),
  ];
}

function fileOf({ on, source, result }: Found): Attachment {
  const text = result.lines.map((line) => lineText(line, line.at === undefined ? "?" : stamp(line.at))).join("\n");
  return { name: `${on.id}-${source.id}.log`, mediaType: "text/plain", bytes: new TextEncoder().encode(`${text}\n`) };
}

/** The line with its time and level, where its text does not say them itself. */
function lineText(line: LogLine, time: string): string {
  const clockTime = /\d\d:\d\d:\d\d/.exec(time)?.[0];
  const timed = clockTime !== undefined && line.text.slice(0, 40).includes(clockTime);
  const levelled = line.level === undefined || line.text.toLowerCase().includes(line.level.toLowerCase());
  return [...(timed ? [] : [time]), ...(levelled ? [] : [line.level]), line.text].join("  ");
}

function timeOf(line: LogLine, now: number): string {
  return line.at === undefined ? "?" : clock(line.at, now).replace(" UTC", "");
}

function cut(text: string): string {
  return text.length > longestLine ? `${text.slice(0, longestLine)}…` : text;
}

function counted(lines: number): string {
  return `${lines.toLocaleString("en-GB")} line${lines === 1 ? "" : "s"}`;
}

function filterWords(query: LogQuery): string {
  const parts = [
    ...(query.level === undefined ? [] : [`level ${query.level} and worse`]),
    ...(query.match === undefined ? [] : [`with ${query.match}`]),
    ...(query.where ?? []).map(({ field, value }) => `${field} is ${value}`),
  ];
  return parts.length > 0 ? parts.join(", ") : "All lines";
}

function footerOf(on: System, source: LogSource, result: LogResult): string {
  const others = on.logs.filter((each) => each.id !== source.id).map((each) => each.id);
  const odd =
    result.malformed > 0
      ? ` ${result.malformed} lines could not be read as ${result.format} and stand as they are.`
      : "";
  return `Times are UTC; secrets are masked.${odd}${others.length > 0 ? ` Other sources: ${others.join(", ")}.` : ""}`;
}

function sourceNamed(on: System, asked: string | undefined): LogSource {
  const [first] = on.logs;
  if (!first)
    throw new UserError(
      `${on.title} has no logs configured.`,
      "An administrator can add them under logs: in its YAML.",
    );
  if (asked === undefined) return first;
  const found = on.logs.find((each) => each.id === asked.toLowerCase());
  if (found) return found;
  const ids = on.logs.map((each) => each.id);
  const close = nearest(asked, ids);
  throw new UserError(
    `${on.title} has no log ${asked}.`,
    close === undefined ? `It has ${ids.join(", ")}.` : `Did you mean ${close}?`,
  );
}

function conditions(text: string): { field: string; value: string }[] {
  return text.split("\n").map((line) => {
    const at = line.indexOf("=");
    if (at < 1)
      throw new UserError(
        `where: takes field=value, and ${line} is not that.`,
        "For example where:reason_codes=PG.FLASH",
      );
    return { field: line.slice(0, at).trim(), value: line.slice(at + 1).trim() };
  });
}

function names(text: string): string[] {
  return text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
