import type { Block, Card } from "../domain/messages/card.ts";
import { type Follow, type FollowedLine, keptLines } from "../domain/systems/follow.ts";
import { clock } from "../domain/text/moment.ts";
import { span } from "../domain/text/quantities.ts";
import { filterWords, lineCount, linesBlocks, lineText, lineTime } from "./log-lines.ts";

/** A log that is followed: its newest lines, the newest last, until when it was fed, and in the end why it ended. */
export function followCard(follow: Follow, now: number): Card {
  const { title, query, code, ended, lines, missed, by } = follow;
  const goesOn = ended === undefined;
  return {
    tone: ended?.why === "failed" || (goesOn && follow.failures > 0) ? "unknown" : "neutral",
    title: `${title}: ${goesOn ? "following" : "followed"}, ${newLines(follow)}`,
    summary: `${filterWords(query)} from ${clock(query.from, now)}. ${goesOn ? goesOnWords(follow, now) : `It ended at ${clock(ended.at, now)}.`}`,
    blocks: [
      ...linesBlocks(lines.slice(-keptLines), query.fields, now),
      ...(lines.length === 0 ? [text("No line yet.")] : []),
      ...(missed
        ? [text("Some lines are missing here: more came than could be read. Narrow it with match: or level:.")]
        : []),
      ...(ended ? [text(endWords(follow, now), ended.why === "failed" ? "bad" : undefined)] : []),
    ],
    ...(goesOn && { actions: [{ label: "Stop following", command: "follow stop", args: { follow: code } }] }),
    footer: `Follow ${code}, for ${by.name}. The newest ${keptLines} lines stay here. Times are UTC; secrets are masked.`,
  };
}

/** The lines that came after so many, as a terminal prints them, and in the end why no more come. */
export function printedLines(
  follow: Follow,
  after: number,
  now: number,
): { readonly lines: string[]; readonly after: number; readonly ended?: string } {
  const { lines, fresh, ended } = follow;
  const fewer = Math.max(0, fresh - after);
  const shown = fewer === 0 ? [] : lines.slice(-fewer);
  const lost = fewer - shown.length;
  return {
    lines: [
      ...(lost > 0 ? [`(${lineCount(lost)} left out here)`] : []),
      ...shown.map((line) => lineText({ ...line, text: printedText(line) }, lineTime(line, now))),
    ],
    after: fresh,
    ...(ended && { ended: endWords(follow, now) }),
  };
}

function printedText({ text: said, fields }: FollowedLine): string {
  return fields
    ? Object.entries(fields)
        .map(([name, value]) => `${name}=${value}`)
        .join("  ")
    : said;
}

function newLines({ fresh }: Follow): string {
  return fresh === 0 ? "no new line" : lineCount(fresh).replace(" line", " new line");
}

/** A message that nobody feeds any more says by this until when it is right. */
function goesOnWords({ fedUntil, until, failures, trouble }: Follow, now: number): string {
  const silent = failures > 0 ? ` It could not be read since: ${trouble ?? "no reason was given"}.` : "";
  return `All that was written until ${clock(fedUntil, now)} has been read; it goes on until ${clock(until, now)}.${silent}`;
}

/** Why it ended, and until when it was fed. */
export function endWords({ ended, startedAt, until, mostLines, fedUntil, system, query }: Follow, now: number): string {
  const by = ended?.by ?? "somebody";
  const words = {
    time: `the time is over (${span(until - startedAt)})`,
    stopped: `stopped by ${by}`,
    replaced: `${by} follows something else here now`,
    lines: `${lineCount(mostLines)} came, which is as many as were asked for`,
    failed: "the log could not be read any more",
    right: "whoever asked for it may not see it any more",
    shutdown: "Wardroom was shut down",
  } as const;
  const detail = ended?.detail === undefined ? "" : ` (${ended.detail})`;
  const why = ended ? words[ended.why] : "";
  return `Ended: ${why}${detail}. It was fed until ${clock(fedUntil, now)}; for what came after: logs ${system} ${query.source}`;
}

function text(words: string, tone?: "bad"): Block {
  return { kind: "text", text: words, ...(tone && { tone }) };
}
