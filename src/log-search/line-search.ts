import type { LogLine, LogQuery, LogResult } from "../domain/systems/logs.ts";
import { bucketed } from "./buckets.ts";
import type { FileLog } from "./file-log.ts";
import { createJudge } from "./judge.ts";
import { parseRecord, type RecordFormat, shownRecord } from "./parsed-record.ts";
import { formatOf, patternOf, questionOf } from "./question.ts";

/** A line that is at hand, with the time at which it was written as its keeper says. */
export interface KeptLine {
  readonly at: number;
  readonly text: string;
  /** Where it comes from: a pod, a container. */
  readonly origin: string;
}

/** How the lines of a log are read that is kept in no file. */
export type LineLog = Omit<FileLog, "file" | "root">;

/** So many lines are looked through before the event loop has its turn. */
const linesAtOnce = 2_000;

/**
 * Looks through lines that a backend has given, as files are searched: the same questions, and the same shape of answer. Throws
 * UserError for a bad query.
 */
export async function searchLines(
  lines: readonly KeptLine[],
  query: LogQuery,
  source: LineLog,
): Promise<Omit<LogResult, "partial" | "origins" | "scannedBytes">> {
  const question = await questionOf(query, source);
  const format: RecordFormat = { ...formatOf(source), header: [] };
  const judge = createJudge(question, format, await patternOf(question.match));
  const found: LogLine[] = [];
  const minutes = new Map<number, number>();
  let malformed = 0;
  let matched = 0;
  for (const [count, { at, text, origin }] of newestFirst(lines).entries()) {
    if (count % linesAtOnce === linesAtOnce - 1) await new Promise((resolve) => setImmediate(resolve));
    if (at < question.from || at > question.to) continue;
    const bytes = Buffer.from(text);
    const verdict = judge.judge(bytes, 0, bytes.length);
    if (verdict.malformed) malformed += 1;
    if (!verdict.matches) continue;
    matched += 1;
    const minute = Math.floor(at / 60_000);
    minutes.set(minute, (minutes.get(minute) ?? 0) + 1);
    if (found.length < query.limit)
      found.push({ at, ...shownRecord(parseRecord(text, format), format, question.fields), origin });
  }
  return { lines: found, matched, ...bucketed(minutes, question), malformed, format: source.format };
}

/** Lines of one moment keep their order, newest first. */
function newestFirst(lines: readonly KeptLine[]): KeptLine[] {
  return lines.toReversed().toSorted((a, b) => b.at - a.at);
}
