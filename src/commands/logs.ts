import { z } from "zod";
import { followLog } from "../acts/systems/follow-log.ts";
import { followCard } from "../cards/follow.ts";
import { logFile } from "../cards/log-lines.ts";
import { logsCard } from "../cards/logs.ts";
import { type CommandContext, defineCommand, type Reply, viewerOf } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import { may } from "../domain/people/viewer.ts";
import { linesARound, longestFollowMs, shortestFollowMs } from "../domain/systems/follow.ts";
import type { LogQuery, LogResult, LogSource } from "../domain/systems/logs.ts";
import type { System } from "../domain/systems/system.ts";
import { nearest } from "../domain/text/distance.ts";
import { showWait } from "../domain/text/duration.ts";
import { parseSpan } from "../domain/text/spoken-span.ts";
import { momentField, momentOf, system, systemNamed } from "./fields.ts";

const deadlineMs = 10_000;
/** How many lines are looked at to count by the values of a field. */
const mostCounted = 10_000;

/** The counts cover every line that matched, the lines are the newest of them. Secrets are masked by the backend. */
export const logs = defineCommand({
  name: "logs",
  summary: "Log lines, newest first, filtered and counted over time",
  permission: "read",
  systemField: "system",
  examples: [
    "logs {logs} since:1h level:error",
    "logs {logs} match:timeout since:1d",
    "logs {logs} {source} since:1d count-by:level",
    "logs {logs} follow:2m match:timeout",
    "logs {logs} {source} where:{field}=value fields:{field}",
  ],
  input: z.object({
    system,
    source: z
      .string()
      .max(40)
      .optional()
      .meta({ label: "Source", help: "Which log; the first when left out", positional: true, suggest: "sources" }),
    since: momentField("Since", "How long ago (30m, 2d) or when (10:30, 2026-11-21T10:30Z)").default("1h"),
    until: momentField("Until", "10m: up to ten minutes ago; now when left out", "until").optional(),
    level: z
      .string()
      .max(12)
      .optional()
      .meta({ label: "Level", help: "At least this level: error, warn, info", suggest: "levels" }),
    match: z
      .string()
      .max(300)
      .optional()
      .meta({ label: "Match", help: "Text in the line, or /a pattern/", aliases: ["grep", "search"] }),
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
    follow: z.string().max(12).optional().meta({
      label: "Follow",
      help: "Go on showing new lines for so long: 2m, at most 10m",
      suggest: "durations",
      time: "named",
    }),
  }),
  async run(input, context) {
    const on = systemNamed(context, input.system);
    const source = sourceNamed(on, input.source);
    const countBy = input["count-by"];
    const { now } = context.invocation;
    const forMs = input.follow === undefined ? undefined : followTime(input.follow, input);
    const query: LogQuery = {
      source: source.id,
      from: momentOf("since", input.since, now),
      to: input.until === undefined ? now : momentOf("until", input.until, now),
      ...(input.until === undefined && { untilNow: true }),
      ...(input.level !== undefined && { level: input.level }),
      ...(input.match !== undefined && { match: input.match }),
      ...(input.where !== undefined && { where: conditions(input.where) }),
      ...(input.fields !== undefined && { fields: names(input.fields) }),
      ...(countBy !== undefined && input.fields === undefined && { fields: [countBy] }),
      ...(source.private && may(viewerOf(context), source.private.permission, on.id).allowed && { seesPrivate: true }),
      limit: limitOf(input.limit, { countBy, forMs }),
      deadlineMs,
    };
    if (query.from >= query.to)
      throw new UserError(
        "That range is empty: it ends before it begins.",
        "since: must reach further back than until:.",
      );
    const result = await context.systems.logs.search(on, query);
    if (forMs !== undefined) return following({ on, source, query, forMs, mostLines: input.limit }, result, context);
    const found = { system: on, source, query, result, countBy };
    const file = logFile(found);
    return { card: logsCard(found, file, now), files: file ? [file] : [] };
  },
});

/** More is looked at than is shown where values are counted, and where what was there has to be told from what is new. */
function limitOf(
  asked: number,
  { countBy, forMs }: { readonly countBy: string | undefined; readonly forMs: number | undefined },
): number {
  if (countBy !== undefined) return mostCounted;
  return forMs === undefined ? asked : Math.max(asked, linesARound);
}

/** How long to follow, in ms. Throws UserError for what is no time, or too long a one. */
function followTime(text: string, given: { readonly until?: unknown; readonly "count-by"?: unknown }): number {
  const ms = parseSpan(text);
  if (ms === undefined) throw new UserError(`follow: does not understand ${text}.`, "Write 30s, 2m or 10m.");
  if (ms < shortestFollowMs || ms > longestFollowMs)
    throw new UserError(
      `A log is followed for ${showWait(shortestFollowMs)} to ${showWait(longestFollowMs)}, and follow:${text} is outside of that.`,
      "Give a time between; when it is over, ask again.",
    );
  if (given.until !== undefined || given["count-by"] !== undefined)
    throw new UserError(
      "follow: shows lines as they come, so it goes with neither until: nor count-by:.",
      "Leave one of them out.",
    );
  return ms;
}

interface Following {
  readonly on: System;
  readonly source: LogSource;
  readonly query: LogQuery;
  readonly forMs: number;
  readonly mostLines: number;
}

/** What was found is the first that the message shows; the rest is added to it as it comes. */
async function following(
  { on, source, query, forMs, mostLines }: Following,
  { lines, begins }: LogResult,
  { store, invocation }: CommandContext,
): Promise<Reply> {
  const { to, limit: _limit, deadlineMs: _deadline, seesPrivate: _sees, untilNow: _now, ...rest } = query;
  // Its card says from when it has all lines.
  const lasting = begins ? { ...rest, from: Math.min(begins.at, to) } : rest;
  const title = `${on.title}, ${source.title ?? source.id}`;
  const follow = await followLog(store, { system: on.id, title, query: lasting, mostLines, forMs, lines }, invocation);
  return { card: followCard(follow, invocation.now), subject: { kind: "follow", follow: follow.id } };
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
