import { readSync } from "node:fs";
import { type Clock, clockIn } from "./clock.ts";
import { type Header, headerOf, noHeader } from "./csv-header.ts";
import { csvRecords } from "./csv-records.ts";
import { jsonRecords } from "./json-records.ts";
import { unpackedBlocks } from "./packed.ts";
import { plainRecords } from "./plain-records.ts";
import { patternOf } from "./question.ts";
import { lineEnd, lineMax, type Records } from "./records.ts";
import type { LineFormat, OpenFile, Packing, Scanned, ScanTask } from "./scan-task.ts";
import { SegmentScan } from "./segment-scan.ts";

const blockBytes = 1 << 20;
/** Past the end of a part only the rest of its last record is read. */
const tailBytes = 1 << 16;
/** What a packed file may unpack to: more is a bomb or a mistake. */
const unpackedMax = 4 * 2 ** 30;

export function recordsOf(format: LineFormat, header: Header, clock: Clock): Records {
  switch (format.kind) {
    case "json":
      return jsonRecords(format.time, clock);
    case "csv":
      return csvRecords(header, format.time, clock);
    case "plain":
      return plainRecords(clock);
  }
}

/** What the times of a file leave out: its newest line was written when the file was. */
export function clockOf(format: LineFormat, file: OpenFile): Promise<Clock> {
  return clockIn(format.zone, file.modifiedAt);
}

/** Holds bytes read and not yet taken. One is reused for every part a thread scans. */
class Window {
  readonly #buffer = Buffer.allocUnsafeSlow(2 * lineMax + 2 * blockBytes);
  #filled = 0;
  /** Where the first byte held stands in the file. */
  #base = 0;
  #skipping = false;

  reset(base: number): void {
    this.#filled = 0;
    this.#base = base;
    this.#skipping = false;
  }

  get space(): Buffer {
    return this.#buffer.subarray(this.#filled, this.#filled + blockBytes);
  }

  /** Hands `count` new bytes, with what was left over, to the scan. */
  advance(scan: SegmentScan, count: number, last: boolean): void {
    this.#filled += count;
    if (this.#skipping && !this.#endSkip()) return;
    const view = this.#buffer.subarray(0, this.#filled);
    const consumed = scan.feed(view, this.#base, last);
    this.#drop(consumed);
    if (this.#filled > 2 * lineMax && !scan.done && !scan.expired) this.#cut(scan);
  }

  #cut(scan: SegmentScan): void {
    scan.feedCut(this.#buffer.subarray(0, this.#filled), this.#base);
    this.#drop(this.#filled);
    this.#skipping = true;
  }

  /** Drops the rest of a line that was cut; false while it goes on. */
  #endSkip(): boolean {
    const end = lineEnd(this.#buffer.subarray(0, this.#filled), 0);
    this.#drop(end < 0 ? this.#filled : end);
    this.#skipping = end < 0;
    return end >= 0;
  }

  #drop(count: number): void {
    this.#buffer.copyWithin(0, count, this.#filled);
    this.#filled -= count;
    this.#base += count;
  }
}

let shared: Window | undefined;

/** Scans one part of a plain file, or a whole packed one. Throws the system's error when it cannot be read. */
export async function scanPart(task: ScanTask): Promise<Scanned> {
  if (task.file.packing) return scanPacked(task, task.file.packing);
  const header = task.header ?? noHeader;
  // Begins one byte early: when that byte ends a line, the part begins with a record.
  const aligned = task.start === 0 || task.keepsStart;
  const scan = await startScan(task, header, aligned);
  shared ??= new Window();
  const first = aligned ? task.start : task.start - 1;
  shared.reset(first);
  let offset = first;
  let last = false;
  while (!last && !scan.done && !scan.expired) {
    const wanted = Math.min(blockBytes, task.file.size - offset, Math.max(task.end - offset + 1, tailBytes));
    const count = wanted > 0 ? readSync(task.file.fd, shared.space, 0, wanted, offset) : 0;
    offset += count;
    last = count === 0 || offset >= task.file.size;
    shared.advance(scan, count, last);
    if (Date.now() > task.deadlineAt) scan.expired ||= !(last || scan.done);
  }
  // A file that has become shorter was truncated meanwhile.
  const complete = !scan.expired && (scan.done || offset >= task.file.size);
  return scan.result(offset - first, complete);
}

async function startScan(task: ScanTask, header: Header, aligned: boolean): Promise<SegmentScan> {
  const clock = await clockOf(task.format, task.file);
  return new SegmentScan(task, {
    header,
    recordsUnder: (own) => recordsOf(task.format, own, clock),
    aligned,
    pattern: await patternOf(task.question.match),
  });
}

async function scanPacked(task: ScanTask, packing: Packing): Promise<Scanned> {
  const window = new Window();
  window.reset(0);
  let scan: SegmentScan | undefined;
  let bytes = 0;
  let complete = true;
  try {
    for await (const chunk of unpackedBlocks(task.file, packing)) {
      const part = scan ? { scan, skip: 0 } : await startPacked(task, chunk);
      scan = part.scan;
      const rest = chunk.subarray(part.skip);
      for (let at = 0; at < rest.length; at += blockBytes) {
        window.advance(scan, rest.copy(window.space, 0, at), false);
      }
      bytes += chunk.length;
      if (Date.now() > task.deadlineAt || bytes > unpackedMax || scan.expired) {
        complete = false;
        break;
      }
    }
  } catch {
    // A damaged or half-written archive: what could be unpacked stands, and the answer says that it is not all.
    complete = false;
  }
  scan ??= await startScan(task, noHeader, true);
  window.advance(scan, 0, true);
  return scan.result(bytes, complete && !scan.expired);
}

async function startPacked(
  task: ScanTask,
  chunk: Buffer,
): Promise<{ readonly scan: SegmentScan; readonly skip: number }> {
  const own = task.format.kind === "csv" ? headerOf(chunk, task.format.time) : undefined;
  const header = own?.header ?? task.header ?? noHeader;
  const scan = await startScan(task, header, true);
  return { scan, skip: own?.end ?? 0 };
}
