import { visibleText } from "../domain/text/undisguise.ts";
import { type Clock, utc } from "./clock.ts";
import { lineEnd, lineMax, lineStart, type Records } from "./records.ts";
import { hasDate, isoTimeAt } from "./time.ts";
import { mayStandBefore, timeInWords } from "./time-forms.ts";

/** Lines that begin with a time; those without one, such as a stack trace, continue the line before. */
export function plainRecords(clock: Clock = utc): Records {
  const timeAt = (view: Buffer, start: number, stop: number): number => timeOfLine(view, { start, stop, clock });
  const isDated = (view: Buffer, start: number, end: number): boolean =>
    !Number.isNaN(timeAt(view, start, end < 0 ? view.length : end));
  return {
    jumps: true,
    end: (view, start, last) => {
      const first = lineEnd(view, start);
      if (first < 0) return last ? view.length : -1;
      return isDated(view, start, first) ? endOfContinued(view, { start, last, isDated }) : first;
    },
    start: (view, at, floor) => {
      const own = lineStart(view, at, floor);
      let start = own;
      for (let lines = 0; lines < linesMax && start > floor; lines += 1) {
        if (isDated(view, start, lineEnd(view, start))) return start;
        start = lineStart(view, start - 1, floor);
      }
      return isDated(view, start, lineEnd(view, start)) ? start : own;
    },
    isHead: isDated,
    timeAt,
  };
}

const linesMax = 1_000;
/** A level, a logger or a container's name may stand before the time. */
const prefixMax = 48;
/** Where a time that names its month is looked for: behind an address, a name and more. */
const headMax = 120;
const escape = 27;
const colon = 58;

interface Following {
  readonly start: number;
  readonly last: boolean;
  readonly isDated: (view: Buffer, start: number, end: number) => boolean;
}

function endOfContinued(view: Buffer, { start, last, isDated }: Following): number {
  let end = lineEnd(view, start);
  for (let lines = 0; lines < linesMax && end - start < lineMax; lines += 1) {
    if (end >= view.length) return last ? end : -1;
    let next = lineEnd(view, end);
    if (next < 0) {
      if (!last) return -1;
      next = view.length;
    }
    if (isDated(view, end, next)) return end;
    end = next;
  }
  return end;
}

interface Line {
  readonly start: number;
  readonly stop: number;
  readonly clock: Clock;
}

function timeOfLine(view: Buffer, { start, stop, clock }: Line): number {
  const first = view[start];
  // An indented line belongs to the one before, whatever it quotes.
  if (first === 32 || first === 9) return Number.NaN;
  const furthest = Math.min(start + prefixMax, stop - 16);
  for (let at = start; at <= furthest; at += 1) {
    if (view[at] === escape) return timeInColours(view, { start, stop, clock });
    if (!hasDate(view, at)) continue;
    const time = isoTimeAt(view, at, stop, clock);
    if (Number.isNaN(time)) continue;
    if (at === start || mayStandBefore(view, start, at)) return time;
    break;
  }
  return timeElsewhere(view, { start, stop, clock });
}

/** What colours a line is no part of what it says. */
function timeInColours(view: Buffer, { start, stop, clock }: Line): number {
  const plain = Buffer.from(visibleText(view.toString("latin1", start, Math.min(stop, start + 2 * headMax))), "latin1");
  return plain.includes(escape) ? Number.NaN : timeOfLine(plain, { start: 0, stop: plain.length, clock });
}

/** Nearly every line without a date has no `05:00:00` either, which every other form of a time has. */
function timeElsewhere(view: Buffer, { start, stop, clock }: Line): number {
  const end = Math.min(stop, start + headMax);
  for (let at = start + 2; at + 5 < end; at += 1) {
    if (view[at] === colon && view[at + 3] === colon && isDigit(view[at - 1]) && isDigit(view[at + 1]))
      return timeInWords(view.toString("latin1", start, end), clock);
  }
  return Number.NaN;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57;
}
