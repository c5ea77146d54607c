import type { Attachment, Block, Card } from "../domain/messages/card.ts";
import { ownValue } from "../domain/own-value.ts";
import type { LogResult } from "../domain/systems/logs.ts";
import { clock } from "../domain/text/moment.ts";
import { span } from "../domain/text/quantities.ts";
import { sparkline } from "../domain/text/sparkline.ts";
import { asideWords, beginningWords, gapWords } from "./log-gaps.ts";
import { filterWords, type LogsFound, lineCount, linesBlocks, shortened, shownLines } from "./log-lines.ts";

/** What a phone shows on one line. */
const mostBars = 40;
/** Most values that a count by field lists. */
const shownValues = 20;

/** The newest lines, or how many lines hold each value of a field; `file` has all of them where the card cannot. */
export function logsCard(found: LogsFound, file: Attachment | undefined, now: number): Card {
  const { system, source, query, result, countBy } = found;
  return {
    // Nothing found in what was read says nothing about the rest.
    tone:
      (result.gaps.length > 0 || result.begins || asideWords(result).length > 0) && result.matched === 0
        ? "unknown"
        : "neutral",
    title: `${system.title}, ${source.title ?? source.id}: ${result.matched === 0 ? "no line" : lineCount(result.matched)}`,
    summary: summaryWords(found, now),
    blocks: [
      ...[...gapWords(result.gaps), ...asideWords(result)].map((text): Block => ({ kind: "text", text })),
      ...(result.matched > (result.untimed ?? 0) ? [countsBlock(result)] : []),
      ...(countBy === undefined
        ? linesBlocks(result.lines.slice(0, shownLines), query.fields, now)
        : countByBlocks(result, countBy)),
      ...(file ? [fileBlock(file, result)] : []),
    ],
    footer: footerWords(found),
  };
}

/** What is not there first: a range that was asked for and is not covered reads as one in which nothing happened. */
function summaryWords({ query, result: { begins } }: LogsFound, now: number): string {
  const rangeFrom = (from: number): string =>
    `${filterWords(query)} from ${clock(from, now)} to ${clock(query.to, now)}.`;
  if (!begins) return rangeFrom(query.from);
  const notThere = beginningWords(begins, now);
  const range = rangeFrom(begins.at);
  return begins.at > query.to ? notThere : `${notThere} ${range.charAt(0).toUpperCase()}${range.slice(1)}`;
}

function fileBlock({ name }: Attachment, { lines, matched }: LogResult): Block {
  const note =
    lines.length < matched
      ? `The newest ${lineCount(lines.length)} of ${lineCount(matched)}.`
      : `All ${lineCount(matched)}.`;
  return { kind: "file", file: name, note };
}

/** As many lines as a bar stands for are added up, so that the highest bar is the number beside it. */
function countsBlock({ counts, bucketMs }: LogResult): Block {
  const perBar = Math.max(1, Math.ceil(counts.length / mostBars));
  const samples = counts
    .filter((_, position) => position % perBar === 0)
    .map(({ at }, bar) => ({
      at,
      value: counts.slice(bar * perBar, (bar + 1) * perBar).reduce((sum, { count }) => sum + count, 0),
    }));
  const most = samples.reduce((max, { value }) => Math.max(max, value), 0);
  return { kind: "code", text: `${sparkline(samples, mostBars)}  up to ${most} in ${span(bucketMs * perBar)}` };
}

function countByBlocks(result: LogResult, field: string): Block[] {
  const counts = new Map<string, number>();
  for (const line of result.lines) {
    const value = ownValue(line.fields ?? {}, field) ?? "(none)";
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  if (counts.size === 0) return [];
  const sorted = [...counts].toSorted((a, b) => b[1] - a[1]);
  const rows = sorted.slice(0, shownValues).map(([value, count]) => [shortened(value), count.toLocaleString("en-GB")]);
  const notes = [
    ...(sorted.length > shownValues ? [`${sorted.length - shownValues} more values are left out.`] : []),
    ...(result.lines.length < result.matched
      ? [`Counted in the newest ${lineCount(result.lines.length)} of ${lineCount(result.matched)}.`]
      : []),
  ];
  return [
    { kind: "table", columns: [{ title: field }, { title: "Lines", align: "right" }], rows },
    ...notes.map((text): Block => ({ kind: "text", text })),
  ];
}

function footerWords({ system, source, query, result }: LogsFound): string {
  const others = system.logs.filter((each) => each.id !== source.id).map((each) => each.id);
  const unread =
    result.malformed > 0
      ? ` ${lineCount(result.malformed)} could not be read as ${result.format} and ${result.malformed === 1 ? "stands as it is" : "stand as they are"}.`
      : "";
  const { fields = [], permission } = (!query.seesPrivate && source.private) || {};
  const withheld =
    fields.length > 0
      ? ` ${fields.join(", ")} ${fields.length === 1 ? "takes" : "take"} the right ${permission} here.`
      : "";
  return `Times are UTC; secrets are masked.${withheld}${unread}${others.length > 0 ? ` Other sources: ${others.join(", ")}.` : ""}`;
}
