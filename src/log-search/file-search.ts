import { BackendError, UserError } from "../domain/failure.ts";
import type { LogBeginning, LogGap, LogLine, LogQuery, LogResult } from "../domain/systems/logs.ts";
import { beginningOf } from "./beginning.ts";
import { bucketed } from "./buckets.ts";
import type { Header } from "./csv-header.ts";
import type { FileLog } from "./file-log.ts";
import { type OpenedFile, type OpenedFiles, openLogFiles } from "./log-files.ts";
import { formatOf, questionOf } from "./question.ts";
import { ScanPool, stuck } from "./scan-pool.ts";
import type { FoundLine, LineFormat, Located, OpenFile, Question, ScanAnswer, Scanned, ScanTask } from "./scan-task.ts";

/** Searches logs that are kept in files. Close it to end its threads; without that they end by themselves when idle. */
export interface FileSearch {
  /** Throws UserError for a bad query, BackendError when the files cannot be read. */
  search(log: FileLog, query: LogQuery): Promise<LogResult>;
  close(): Promise<void>;
}

export interface FileSearchOptions {
  readonly threads?: number;
  readonly idleMs?: number;
}

const partBytes = 16 << 20;
/** A packed file last written so long before the range holds nothing of it, whatever zone its writer lives in. */
const zonesMs = 26 * 3_600_000;
/** As far ahead of ours as a clock may be, in ms since 1970: for ever. */
const furthest = Number.MAX_SAFE_INTEGER;
/** How long after its deadline a thread is believed to be stuck. */
const overdueMs = 1_000;

/** A search with threads of its own. */
export function createFileSearch(options: FileSearchOptions = {}): FileSearch {
  const pool = new ScanPool({
    idleMs: options.idleMs ?? 60_000,
    ...(options.threads === undefined ? {} : { size: options.threads }),
  });
  return {
    search: async (log, query) => search(pool, log, query),
    close: async () => pool.close(),
  };
}

async function search(pool: ScanPool, source: FileLog, query: LogQuery): Promise<LogResult> {
  const question = await questionOf(query, source);
  const deadlineAt = Date.now() + query.deadlineMs;
  const opened = await within(openLogFiles(source), deadlineAt + overdueMs, source);
  const work = new Search({ pool, source, question, deadlineAt, limit: Math.max(0, Math.floor(query.limit)) });
  try {
    return await work.run(opened);
  } finally {
    // A file that a stuck thread may still read stays open: its number would be given to another file.
    if (!work.isStuck) await Promise.all(opened.files.map((file) => file.handle.close()));
  }
}

interface Part {
  readonly file: OpenFile;
  readonly located: Located;
  readonly start: number;
  readonly end: number;
  /** Parts of the same file further on: their lines are newer. */
  readonly newer: readonly Part[];
  scanned?: Scanned;
}

interface SearchOptions {
  readonly pool: ScanPool;
  readonly source: FileLog;
  readonly question: Question;
  readonly deadlineAt: number;
  readonly limit: number;
}

/** One search under way. */
class Search {
  readonly #options: SearchOptions;
  readonly #format: LineFormat;
  /** One for each file, and one for the time. */
  readonly #gaps = new Map<string, LogGap>();
  /** Something of it was not looked at, and may be older than all that was. */
  #reachesBack = false;
  isStuck = false;

  constructor(options: SearchOptions) {
    this.#options = options;
    this.#format = formatOf(options.source);
  }

  async run(opened: OpenedFiles): Promise<LogResult> {
    const { question, limit } = this.#options;
    for (const { name, why } of opened.skipped) this.#gaps.set(name, { why: "trouble", origin: name, detail: why });
    const files = opened.files.filter((file) => file.size > 0 && !isTooOld(file, question));
    this.#reachesBack = opened.skipped.length > 0 || opened.files.some((file) => isTooOld(file, question));
    const parts = await this.#parts(files);
    // Newest first: when the deadline ends it, what is missing is the oldest.
    let next = 0;
    const runner = async (): Promise<void> => {
      for (let part = parts[next]; part; part = parts[next]) {
        next += 1;
        await this.#scan(part);
      }
    };
    await allEnded(Array.from({ length: this.#options.pool.size }, runner));
    return this.#result(parts, limit);
  }

  async #parts(files: readonly OpenedFile[]): Promise<Part[]> {
    const found = await allEnded(files.map(async (file) => ({ file: plain(file), located: await this.#locate(file) })));
    const header = found.find(({ located }) => located?.header)?.located?.header;
    this.#checkHeader(header, files.length > 0 && files.every((file) => !file.packing));
    return found.flatMap(({ file, located }) =>
      located ? partsOf(file, located.header ? located : { ...located, header }) : [],
    );
  }

  async #locate(file: OpenedFile): Promise<Located | undefined> {
    if (file.packing) return { start: 0, end: file.size, leadAt: Number.NaN, header: undefined, ordered: false };
    const { from, to, untilNow } = this.#options.question;
    const answer = await this.#ask({
      kind: "locate",
      file: plain(file),
      format: this.#format,
      from,
      to: untilNow ? furthest : to,
    });
    if (answer.kind === "located") return answer.located;
    this.#reachesBack = true;
    return undefined;
  }

  #checkHeader(header: Header | undefined, known: boolean): void {
    const { source } = this.#options;
    if (source.format !== "csv" || !known || header) return;
    throw new BackendError(`log ${source.id}`, {
      fault: "nonsense",
      detail: `no file has a header with the column ${source.time}`,
    });
  }

  /** A file may change its columns, so what they all are is known once it was read. */
  #checkColumns(scanned: readonly Scanned[]): void {
    const { source, question } = this.#options;
    const columns = [...new Set(scanned.flatMap((one) => one.columns))];
    const missing = question.where.find(({ field }) => !columns.includes(field));
    if (source.format !== "csv" || columns.length === 0 || !missing) return;
    throw new UserError(
      `The log "${source.id}" has no column "${missing.field}".`,
      `Its columns are: ${columns.join(", ")}.`,
    );
  }

  async #scan(part: Part): Promise<void> {
    const { question, limit, deadlineAt } = this.#options;
    if (Date.now() > deadlineAt) return this.#lacks(undefined);
    const { file, located, start, end } = part;
    const newer = located.ordered ? part.newer.reduce((sum, other) => sum + (other.scanned?.lines.length ?? 0), 0) : 0;
    const task: ScanTask = {
      kind: "scan",
      file,
      format: this.#format,
      question,
      start,
      end,
      keepsStart: start === located.start,
      leadAt: located.leadAt,
      header: located.header,
      keep: Math.max(0, limit - newer),
      deadlineAt,
    };
    const answer = await this.#ask(task);
    if (answer.kind === "scanned") part.scanned = answer.scanned;
  }

  /** A failure of one file leaves a gap in the answer; a failure of reading itself ends the search. */
  async #ask(task: Parameters<ScanPool["run"]>[0]): Promise<ScanAnswer> {
    const { pool, deadlineAt, source } = this.#options;
    const answer = await pool.run(task, deadlineAt + overdueMs);
    if (answer.kind !== "failed") {
      const isEarly = answer.kind === "scanned" && !answer.scanned.complete;
      if (isEarly) this.#lacks(Date.now() > deadlineAt ? undefined : task.file.name);
      return answer;
    }
    if (answer.code === stuck) this.isStuck = true;
    if (answer.code === stuck || answer.code === "ETIMEDOUT") {
      this.#lacks(undefined);
      return answer;
    }
    throw new BackendError(`log ${source.id}`, {
      fault: "broken",
      detail: `${task.file.name} cannot be read (${answer.code ?? answer.message})`,
    });
  }

  /** Not everything was read: in time, or of a file that could not be read to its end. */
  #lacks(file: string | undefined): void {
    const gap: LogGap =
      file === undefined ? { why: "time" } : { why: "trouble", origin: file, detail: "could not be read to its end" };
    this.#gaps.set(file ?? "", gap);
  }

  /** Files are not always in order, so a match may be older than the first line. */
  #begins(parts: readonly Part[], minutes: ReadonlyMap<number, number>): LogBeginning | undefined {
    if (this.#reachesBack) return undefined;
    const begins = beginningOf(parts.map(firstOf), this.#options.question);
    const oldest = [...minutes.keys()].reduce((least, minute) => Math.min(least, minute), Number.POSITIVE_INFINITY);
    return begins && oldest < Math.floor(begins.at / 60_000) ? undefined : begins;
  }

  #result(parts: readonly Part[], limit: number): LogResult {
    const scanned = parts.map((part) => part.scanned).filter((one) => one !== undefined);
    if (scanned.length < parts.length) this.#lacks(undefined);
    this.#checkColumns(scanned);
    const minutes = new Map<number, number>();
    for (const one of scanned) {
      for (const [minute, count] of one.minutes) minutes.set(minute, (minutes.get(minute) ?? 0) + count);
    }
    return {
      lines: newestOf(scanned, limit).map(withoutPlace),
      matched: total(scanned, (one) => one.matched),
      ...bucketed(minutes, this.#options.question, this.#begins(parts, minutes)),
      scannedBytes: total(scanned, (one) => one.bytes),
      origins: [...new Set(parts.map((part) => part.file.name))],
      gaps: [...this.#gaps.values()],
      malformed: total(scanned, (one) => one.malformed),
      untimed: total(scanned, (one) => one.aside.untimed),
      unlevelled: total(scanned, (one) => one.aside.unlevelled),
      ahead: total(scanned, (one) => one.aside.ahead),
      format: this.#options.source.format,
    };
  }
}

function firstOf({ located, scanned }: Part): LogBeginning | undefined {
  const at = located.firstAt ?? scanned?.firstAt;
  return at === undefined ? undefined : { at, why: "kept" };
}

function withoutPlace({ sortAt, position: _position, ...line }: FoundLine): LogLine {
  return line.at === undefined && Number.isFinite(sortAt) && sortAt > 0 ? { ...line, after: sortAt } : line;
}

/** The newest part first. */
function partsOf(file: OpenFile, located: Located): Part[] {
  const count = file.packing ? 1 : Math.max(1, Math.ceil((located.end - located.start) / partBytes));
  const parts: Part[] = [];
  for (let index = count - 1; index >= 0; index -= 1) {
    const start = located.start + index * partBytes;
    const end = index === count - 1 ? located.end : start + partBytes;
    parts.push({ file, located, start, end, newer: [...parts] });
  }
  return parts;
}

function newestOf(scanned: readonly Scanned[], limit: number): FoundLine[] {
  const lines = scanned.flatMap((one) => one.lines);
  return lines
    .toSorted((a, b) => b.sortAt - a.sortAt || (a.origin === b.origin ? b.position - a.position : 0))
    .slice(0, limit);
}

function isTooOld(file: OpenFile, question: Question): boolean {
  return file.packing !== undefined && file.modifiedAt + zonesMs < question.from;
}

/** What a thread can be told of a file: a handle cannot be sent. */
function plain({ fd, name, size, packing, modifiedAt }: OpenFile): OpenFile {
  return { fd, name, size, packing, modifiedAt };
}

function total(scanned: readonly Scanned[], figure: (one: Scanned) => number): number {
  return scanned.reduce((sum, one) => sum + figure(one), 0);
}

/** Like `Promise.all`, but waits for the rest when one fails: until the last has ended, files are being read. */
async function allEnded<Value>(work: readonly Promise<Value>[]): Promise<Value[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

/** Even finding the files can hang on a dead file system. */
async function within<Value>(work: Promise<Value>, endAt: number, source: FileLog): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => {
        reject(new BackendError(`log ${source.id}`, { fault: "timeout", detail: "the folder did not answer in time" }));
      },
      Math.max(0, endAt - Date.now()),
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
