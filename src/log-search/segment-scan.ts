import { createJudge, type Judge } from "./judge.ts";
import { NewestRecords } from "./newest-records.ts";
import { parseRecord, type RecordFormat, shownRecord } from "./parsed-record.ts";
import { cutMark, firstDated, lineEnd, lineMax, lineStart, type Records, trimmed } from "./records.ts";
import type { FoundLine, Scanned, ScanTask } from "./scan-task.ts";

interface Block {
  readonly view: Buffer;
  /** Where its first byte stands in the file. */
  readonly base: number;
  readonly last: boolean;
}

const minuteMs = 60_000;
const backMax = 64;

/** Goes through one part of a file, fed block by block, and counts and keeps what answers the question. */
export class SegmentScan {
  readonly #task: ScanTask;
  readonly #format: RecordFormat;
  readonly #records: Records;
  readonly #judge: Judge;
  readonly #newest: NewestRecords;
  readonly #minutes = new Map<number, number>();
  /** Next place of each needle in the block at hand. */
  readonly #hits: number[];
  readonly #jumps: boolean;
  #aligned: boolean;
  #matched = 0;
  #malformed = 0;
  #lastAt = Number.NaN;
  #looked = 0;
  #firstAt: number | undefined;
  /** Every record of this part has been seen. */
  done = false;
  expired = false;

  /** `aligned`: the first byte fed begins a record. */
  constructor(
    task: ScanTask,
    reading: {
      readonly format: RecordFormat;
      readonly records: Records;
      readonly aligned: boolean;
      readonly pattern: ((text: string) => boolean) | undefined;
    },
  ) {
    const { format, records, aligned } = reading;
    this.#task = task;
    this.#format = format;
    this.#records = records;
    this.#judge = createJudge(task.question, format, reading.pattern);
    this.#newest = new NewestRecords(task.keep);
    this.#hits = this.#judge.needles.map(() => -1);
    this.#jumps = records.jumps && this.#hits.length > 0;
    this.#aligned = aligned;
  }

  /** Takes bytes whose first stands at `base` in the file; says how many of them need not come again. */
  feed(view: Buffer, base: number, last: boolean): number {
    this.#hits.fill(-1);
    if (base === 0 && this.#task.file.compressed) this.#firstAt = firstDated(view, 0, this.#records)?.at;
    let at = 0;
    if (!this.#aligned) {
      at = this.#align({ view, base, last });
      if (!this.#aligned) return at;
    }
    const consumed = this.#walk({ view, base, last }, at);
    this.#newest.settle(view, base);
    return consumed;
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
      const shown = shownRecord(parseRecord(text, this.#format), this.#format, question.fields);
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
    while (at < view.length) {
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
    const { start } = record;
    let stop = trimmed(view, start, record.end);
    if (stop === start) return;
    let cut = record.cut;
    if (stop - start > lineMax) {
      cut += stop - start - lineMax;
      stop = start + lineMax;
    }
    const own = this.#records.timeAt(view, start, stop);
    const dated = !Number.isNaN(own);
    const at = dated ? own : this.#inherited(view, start);
    this.#lastAt = at;
    const { from, to } = this.#task.question;
    if (at < from || at > to) return;
    if (this.#hits.length > 0 && this.#nextHit(view, start) >= stop) return;
    const verdict = this.#judge.judge(view, start, stop);
    if (verdict.malformed) this.#malformed += 1;
    if (!verdict.matches) return;
    this.#matched += 1;
    const minute = Math.floor(at / minuteMs);
    this.#minutes.set(minute, (this.#minutes.get(minute) ?? 0) + 1);
    this.#newest.add({ at, dated, start, stop, cut });
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
    return Number.isNaN(this.#lastAt) ? this.#task.leadAt : this.#lastAt;
  }
}
