import { type Header, headerIn } from "./csv-header.ts";
import { createJudge, type Judge } from "./judge.ts";
import { NewestRecords } from "./newest-records.ts";
import { parseRecord, type RecordFormat, shownRecord } from "./parsed-record.ts";
import { afterNuls, cutMark, firstDated, lineEnd, lineMax, lineStart, type Records, trimmed } from "./records.ts";
import type { FoundLine, Scanned, ScanTask } from "./scan-task.ts";

interface Block {
  readonly view: Buffer;
  /** Where its first byte stands in the file. */
  readonly base: number;
  readonly last: boolean;
}

const minuteMs = 60_000;
const backMax = 64;

interface Reading {
  readonly recordsUnder: (header: Header) => Records;
  readonly pattern: ((text: string) => boolean) | undefined;
}

/** Goes through one part of a file, fed block by block, and counts and keeps what answers the question. */
export class SegmentScan {
  readonly #task: ScanTask;
  readonly #reading: Reading;
  readonly #newest: NewestRecords<RecordFormat>;
  readonly #minutes = new Map<number, number>();
  /** Next place of each needle in the block at hand. */
  readonly #hits: number[];
  readonly #jumps: boolean;
  /** What follows changes where a header stands amid a file. */
  #format: RecordFormat;
  #records: Records;
  #judge: Judge;
  #aligned: boolean;
  #matched = 0;
  #malformed = 0;
  readonly #aside = { untimed: 0, unlevelled: 0, ahead: 0 };
  readonly #columns = new Set<string>();
  #lastAt = Number.NaN;
  #looked = 0;
  #firstAt: number | undefined;
  /** Every record of this part has been seen. */
  done = false;
  expired = false;

  /** `aligned`: the first byte fed begins a record. */
  constructor(task: ScanTask, reading: Reading & { readonly header: Header; readonly aligned: boolean }) {
    const { header, aligned } = reading;
    this.#task = task;
    this.#reading = reading;
    this.#format = { ...task.format, header };
    this.#records = reading.recordsUnder(header);
    this.#judge = createJudge(task.question, this.#format, reading.pattern);
    for (const name of header.columns) this.#columns.add(name);
    this.#newest = new NewestRecords(task.keep);
    this.#hits = this.#judge.needles.map(() => -1);
    this.#jumps = this.#records.jumps && this.#hits.length > 0;
    this.#aligned = aligned;
  }

  /** Takes bytes whose first stands at `base` in the file; says how many of them need not come again. */
  feed(view: Buffer, base: number, last: boolean): number {
    this.#hits.fill(-1);
    if (base === 0 && this.#task.file.packing) this.#lead(view);
    let at = 0;
    if (!this.#aligned) {
      at = this.#align({ view, base, last });
      if (!this.#aligned) return at;
    }
    const consumed = this.#walk({ view, base, last }, at);
    this.#newest.settle(view, base);
    return consumed;
  }

  #lead(view: Buffer): void {
    this.#firstAt = firstDated(view, 0, this.#records)?.at;
  }

  /** A line too long to hold: what fits of it, and how much more there is. */
  feedCut(view: Buffer, base: number): void {
    this.#hits.fill(-1);
    this.#examine(view, { start: 0, end: Math.min(view.length, lineMax), cut: Math.max(1, view.length - lineMax) });
    this.#newest.settle(view, base);
  }

  result(bytes: number, complete: boolean): Scanned {
    const { question, file } = this.#task;
    const lines = this.#newest.take().map((kept): FoundLine => {
      const text = kept.bytes.toString("utf8") + (kept.cut > 0 ? cutMark : "");
      const shown = shownRecord(parseRecord(text, kept.format), kept.format, question.fields);
      return {
        ...shown,
        at: kept.dated ? kept.at : undefined,
        origin: file.name,
        sortAt: kept.at,
        position: kept.position,
      };
    });
    return {
      lines,
      matched: this.#matched,
      malformed: this.#malformed,
      aside: { ...this.#aside },
      columns: [...this.#columns],
      minutes: [...this.#minutes],
      bytes,
      complete,
      ...(this.#firstAt !== undefined && { firstAt: this.#firstAt }),
    };
  }

  /**
   * Skips to the first line that certainly begins a record: what stands before belongs to the part before. Always leaves
   * the byte before the next line, so that it can begin again with more bytes.
   */
  #align({ view, base, last }: Block): number {
    let start = lineEnd(view, 0);
    if (start < 0) return view.length;
    for (;;) {
      if (base + start >= this.#task.end) {
        this.done = true;
        return start;
      }
      const end = this.#lineEnd(view, start, last);
      if (end < 0 || start >= view.length) return start - 1;
      if (this.#records.isHead(view, start, end)) {
        this.#aligned = true;
        return start;
      }
      start = end;
    }
  }

  #lineEnd(view: Buffer, start: number, last: boolean): number {
    const end = lineEnd(view, start);
    return end < 0 && last ? view.length : end;
  }

  #walk(block: Block, from: number): number {
    const { view, last } = block;
    let at = from;
    for (at = afterNuls(view, at); at < view.length; at = afterNuls(view, at)) {
      let start = at;
      if (this.#jumps) {
        const hit = this.#nextHit(view, at);
        start = this.#records.start(view, Math.min(hit, view.length - 1), at);
        if (hit === Number.POSITIVE_INFINITY) {
          if (last) return view.length;
          this.done = this.#isBeyond(block, start);
          return start;
        }
      }
      if (this.#isBeyond(block, start)) {
        this.done = true;
        return start;
      }
      const end = this.#records.end(view, start, last);
      if (end < 0 || this.#isLate()) return start;
      this.#examine(view, { start, end, cut: 0 });
      at = end;
    }
    return at;
  }

  #isBeyond(block: Block, start: number): boolean {
    if (block.base + start < this.#task.end) return false;
    const end = lineEnd(block.view, start);
    return this.#records.isHead(block.view, start, end < 0 ? block.view.length : end);
  }

  /** Looks at the clock every so often, because a pattern may take long over few bytes. */
  #isLate(): boolean {
    this.#looked += 1;
    if (this.#looked % 256 === 0 && Date.now() > this.#task.deadlineAt) this.expired = true;
    return this.expired;
  }

  #nextHit(view: Buffer, at: number): number {
    let nearest = Number.POSITIVE_INFINITY;
    for (let index = 0; index < this.#hits.length; index += 1) {
      let hit = this.#hits[index] ?? -1;
      const needle = this.#judge.needles[index];
      if (hit < at && needle) {
        hit = view.indexOf(needle, at);
        if (hit < 0) hit = Number.POSITIVE_INFINITY;
        this.#hits[index] = hit;
      }
      if (hit < nearest) nearest = hit;
    }
    return nearest;
  }

  #examine(view: Buffer, record: { readonly start: number; readonly end: number; readonly cut: number }): void {
    const start = afterNuls(view, record.start);
    let stop = trimmed(view, start, record.end);
    if (stop <= start) return;
    let cut = record.cut;
    if (stop - start > lineMax) {
      cut += stop - start - lineMax;
      stop = start + lineMax;
    }
    const own = this.#records.timeAt(view, start, stop);
    const dated = !Number.isNaN(own);
    if (!dated && this.#takesHeader(view, start, stop)) return;
    const at = dated ? own : this.#inherited(view, start);
    this.#lastAt = at;
    const { from, to, untilNow } = this.#task.question;
    const isAhead = at > to;
    if (at < from || (isAhead && !untilNow)) return;
    if (this.#hits.length > 0 && this.#nextHit(view, start) >= stop) return;
    const verdict = this.#judge.judge(view, start, stop);
    if (isAhead) {
      if (verdict.matches) this.#aside.ahead += 1;
      return;
    }
    if (verdict.malformed) this.#malformed += 1;
    if (verdict.unlevelled) this.#aside.unlevelled += 1;
    if (!verdict.matches) return;
    this.#matched += 1;
    const isPlaced = !Number.isNaN(at);
    if (isPlaced) this.#count(Math.floor(at / minuteMs));
    else this.#aside.untimed += 1;
    this.#newest.add({ at: isPlaced ? at : 0, dated, format: this.#format, start, stop, cut });
  }

  #count(minute: number): void {
    this.#minutes.set(minute, (this.#minutes.get(minute) ?? 0) + 1);
  }

  /** A program that begins anew writes its header again, and after an update other columns: what follows is read under it. */
  #takesHeader(view: Buffer, start: number, stop: number): boolean {
    const { format, question } = this.#task;
    if (format.kind !== "csv") return false;
    const header = headerIn(view.toString("utf8", start, stop), format.time);
    if (!header) return false;
    if (isSame(header, this.#format.header)) return true;
    this.#format = { ...format, header };
    this.#records = this.#reading.recordsUnder(header);
    this.#judge = createJudge(question, this.#format, this.#reading.pattern);
    for (const name of header.columns) this.#columns.add(name);
    return true;
  }

  /** An undated line goes by the nearest dated one before it. */
  #inherited(view: Buffer, start: number): number {
    let at = this.#jumps ? start : 0;
    for (let lines = 0; lines < backMax && at > 0; lines += 1) {
      const end = at;
      at = lineStart(view, at - 1, 0);
      const time = this.#records.timeAt(view, at, trimmed(view, at, end));
      if (!Number.isNaN(time)) return time;
    }
    return Number.isNaN(this.#lastAt) ? (this.#firstAt ?? this.#task.leadAt) : this.#lastAt;
  }
}

function isSame(one: Header, other: Header): boolean {
  return one.delimiter === other.delimiter && one.columns.join("\n") === other.columns.join("\n");
}
