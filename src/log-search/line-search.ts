import type { LogBeginning, LogQuery, LogResult } from "../domain/systems/logs.ts";
import { bucketed } from "./buckets.ts";
import { noHeader } from "./csv-header.ts";
import type { FileLog } from "./file-log.ts";
import { createJudge, type Judge } from "./judge.ts";
import { parseRecord, type RecordFormat, shownRecord } from "./parsed-record.ts";
import { formatOf, patternOf, questionOf } from "./question.ts";
import { cutMark } from "./records.ts";
import type { Question } from "./scan-task.ts";

/** A line that is at hand, with the time at which it was written as its keeper says. */
export interface KeptLine {
  readonly at: number;
  readonly text: Buffer;
  /** Where it comes from: a pod, a container. */
  readonly origin: string;
  /** It was longer than is read of a line. */
  readonly isCut?: boolean;
}

/** How the lines of a log are read that is kept in no file. */
export type LineLog = Omit<FileLog, "file" | "root">;

/** What was looked through, as far as its lines tell. */
export type LinesFound = Omit<LogResult, "gaps" | "origins" | "scannedBytes">;

/** So many lines are looked through before the event loop has its turn. */
const linesAtOnce = 2_000;
/** Of the lines that answer a question the newest are kept up to so many bytes. */
const bytesMax = 32 << 20;

/** Looks through lines that a backend gives: the same questions as of files, and the same shape of answer. */
export interface LineSearch {
  /** Begins to look through lines that come one after the other, the oldest first. */
  begin(): LineTally;
  /** The answer, from all that the tally holds of a log that begins so. */
  answer(tally: LineTally, begins: LogBeginning | undefined): LinesFound;
}

/** Throws UserError for a bad query. */
export async function createLineSearch(query: LogQuery, source: LineLog): Promise<LineSearch> {
  const question = await questionOf(query, source);
  const format: RecordFormat = { ...formatOf(source), header: noHeader };
  const judge = createJudge(question, format, await patternOf(question.match));
  return {
    begin: () => new LineTally({ question, judge, limit: query.limit }),
    answer(tally, begins) {
      const lines = tally.newestFirst().map(({ at, text, origin, isCut }) => {
        const whole = text.toString("utf8") + (isCut ? cutMark : "");
        return { at, ...shownRecord(parseRecord(whole, format), format, question.fields), origin };
      });
      const { matched, malformed, unlevelled, minutes } = tally;
      return { lines, matched, ...bucketed(minutes, question, begins), malformed, unlevelled, format: source.format };
    },
  };
}

/** Looks through lines that are all at hand, of a log that begins so. Throws UserError for a bad query. */
export async function searchLines(
  lines: readonly KeptLine[],
  query: LogQuery,
  { begins, ...source }: LineLog & { readonly begins: LogBeginning | undefined },
): Promise<LinesFound> {
  const search = await createLineSearch(query, source);
  const tally = search.begin();
  for (const [count, line] of lines.entries()) {
    if (count % linesAtOnce === linesAtOnce - 1) await new Promise((resolve) => setImmediate(resolve));
    tally.take(line);
  }
  return search.answer(tally, begins);
}

interface TallyOptions {
  readonly question: Question;
  readonly judge: Judge;
  readonly limit: number;
}

/** Counts what answers a question, and keeps no more than the newest lines of it. */
export class LineTally {
  readonly #options: TallyOptions;
  #kept: KeptLine[] = [];
  #keptBytes = 0;
  readonly minutes = new Map<number, number>();
  matched = 0;
  malformed = 0;
  unlevelled = 0;

  constructor(options: TallyOptions) {
    this.#options = options;
  }

  /** The bytes of the line may be another's afterwards. */
  take(line: KeptLine): void {
    const { at, text } = line;
    const { question, judge } = this.#options;
    if (at < question.from || at > question.to) return;
    const verdict = judge.judge(text, 0, text.length);
    if (verdict.malformed) this.malformed += 1;
    if (verdict.unlevelled) this.unlevelled += 1;
    if (!verdict.matches) return;
    this.matched += 1;
    this.#count(Math.floor(at / 60_000), 1);
    this.#keep({ ...line, text: Buffer.from(text) });
  }

  /** All that another one of the same question has counted and kept. */
  add(other: LineTally): void {
    this.matched += other.matched;
    this.malformed += other.malformed;
    this.unlevelled += other.unlevelled;
    for (const [minute, count] of other.minutes) this.#count(minute, count);
    for (const line of other.#kept) this.#keep(line);
  }

  /** Of lines of one moment and one origin the one that came last is first. */
  newestFirst(): readonly KeptLine[] {
    this.#trim();
    return this.#kept.toReversed();
  }

  #count(minute: number, count: number): void {
    this.minutes.set(minute, (this.minutes.get(minute) ?? 0) + count);
  }

  #keep(line: KeptLine): void {
    this.#kept.push(line);
    this.#keptBytes += line.text.length;
    // Put in order only now and then, so that many lines cost little more than their bytes.
    if (this.#kept.length > 2 * this.#options.limit + linesAtOnce || this.#keptBytes > 2 * bytesMax) this.#trim();
  }

  #trim(): void {
    const { limit } = this.#options;
    const newest = limit === 0 ? [] : this.#kept.toSorted(inOrder).slice(-limit);
    let bytes = 0;
    const first = newest.findLastIndex((line) => (bytes += line.text.length) > bytesMax);
    this.#kept = newest.slice(first + 1);
    this.#keptBytes = this.#kept.reduce((sum, { text }) => sum + text.length, 0);
  }
}

/** Origins are read side by side, so which of two came first says nothing. */
function inOrder(a: KeptLine, b: KeptLine): number {
  if (a.at !== b.at || a.origin === b.origin) return a.at - b.at;
  return a.origin < b.origin ? 1 : -1;
}
