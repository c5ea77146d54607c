import type { KeptLine } from "../../log-search/line-search.ts";
import { lineMax, newline, trimmed } from "../../log-search/records.ts";
import { isoTimeAt } from "../../log-search/time.ts";

type StampedLine = Omit<KeptLine, "origin">;

const space = 32;
/** `2026-11-28T20:54:35.732658959+00:00` with room to spare. */
const longestStamp = 40;
/** What is held of a line: its stamp, and one byte more than may be shown of it. */
const longestHeld = lineMax + longestStamp + 1;

/**
 * Lines of a pod's log as they come, piece by piece: each begins with the time of its writing. What has none belongs to the line
 * before. No more than one line is held, and of a long one no more than is shown.
 */
export class StampedLines {
  readonly #take: (line: StampedLine) => void;
  #rest: Buffer[] = [];
  #restSize = 0;
  #last: { readonly at: number; parts: Buffer[]; size: number } | undefined;
  bytes = 0;
  count = 0;
  /** When the first of them was written; undefined before there is one. */
  firstAt: number | undefined;

  constructor(take: (line: StampedLine) => void) {
    this.#take = take;
  }

  add(piece: Buffer): void {
    this.bytes += piece.length;
    let from = 0;
    for (let end = piece.indexOf(newline); end >= 0; end = piece.indexOf(newline, from)) {
      this.#hold(piece.subarray(from, end));
      this.#line();
      from = end + 1;
    }
    this.#hold(piece.subarray(from));
  }

  /** `isWhole`: nothing is missing of the last line. A piece of a line is none, unless there is no other. */
  end(isWhole: boolean): void {
    if (isWhole || this.count === 0) this.#line();
    this.#hand();
  }

  #hold(part: Buffer): void {
    const kept = part.subarray(0, longestHeld - this.#restSize);
    if (kept.length === 0) return;
    this.#rest.push(kept);
    this.#restSize += kept.length;
  }

  #line(): void {
    const [first] = this.#rest;
    if (!first) return;
    const line = this.#rest.length === 1 ? first : Buffer.concat(this.#rest);
    this.#rest = [];
    this.#restSize = 0;
    const found = line.indexOf(space);
    const stop = found === -1 ? line.length : found;
    const at = stop <= longestStamp ? isoTimeAt(line, 0, stop) : Number.NaN;
    if (Number.isNaN(at)) return this.#join(line);
    this.#hand();
    this.count += 1;
    this.firstAt ??= at;
    const text = line.subarray(stop + 1, trimmed(line, 0, line.length));
    this.#last = { at, parts: [text], size: text.length };
  }

  #join(line: Buffer): void {
    const last = this.#last;
    if (!last || last.size > lineMax) return;
    last.parts.push(Buffer.from("\n"), line);
    last.size += line.length + 1;
  }

  #hand(): void {
    const last = this.#last;
    this.#last = undefined;
    if (!last) return;
    const [first, ...more] = last.parts;
    const text = more.length === 0 && first ? first : Buffer.concat(last.parts);
    this.#take({ at: last.at, text: text.subarray(0, lineMax), isCut: text.length > lineMax });
  }
}
