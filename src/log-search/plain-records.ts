import { lineEnd, lineMax, lineStart, type Records } from "./records.ts";
import { isoTimeAt } from "./time.ts";

/** Lines that begin with a time; those without one, such as a stack trace, continue the line before. */
export const plainRecords: Records = {
  jumps: true,
  end: (view, start, last) => {
    const first = lineEnd(view, start);
    if (first < 0) return last ? view.length : -1;
    return isDated(view, start, first) ? endOfContinued(view, start, last) : first;
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
  timeAt: timeOfLine,
};

const linesMax = 1_000;
/** A level, a logger or a container's name may stand before the time. */
const prefixMax = 48;
const dash = 45;

function endOfContinued(view: Buffer, start: number, last: boolean): number {
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

function isDated(view: Buffer, start: number, end: number): boolean {
  return !Number.isNaN(timeOfLine(view, start, end < 0 ? view.length : end));
}

function timeOfLine(view: Buffer, start: number, stop: number): number {
  const first = view[start];
  // An indented line belongs to the one before, whatever it quotes.
  if (first === 32 || first === 9) return Number.NaN;
  const furthest = Math.min(start + prefixMax, stop - 16);
  for (let at = start; at <= furthest; at += 1) {
    if (view[at + 4] !== dash || view[at + 7] !== dash) continue;
    const time = isoTimeAt(view, at, stop);
    if (!Number.isNaN(time)) return time;
  }
  return Number.NaN;
}
