/** How the records of one format lie in bytes. All positions are within `view`; `stop` leaves the line end out. */
export interface Records {
  /** A record can be found from any byte inside it, so a search may jump from hit to hit. */
  readonly jumps: boolean;
  /** End of the record at `start`, its line end included; -1 when bytes yet to be read may belong to it. */
  end(view: Buffer, start: number, last: boolean): number;
  /** Start of the record that holds the byte at `at`, not before `floor`. */
  start(view: Buffer, at: number, floor: number): number;
  /** True when the line at `start` certainly begins a record: where a scan may begin amid a file. */
  isHead(view: Buffer, start: number, stop: number): boolean;
  /** The record's own time in ms, or NaN. */
  timeAt(view: Buffer, start: number, stop: number): number;
}

/** A longer line is cut there, and says so. */
export const lineMax = 1 << 20;
export const cutMark = "… [cut here: the line is longer than 1 MiB]";
export const newline = 10;
const nul = 0;
const carriageReturn = 13;

/** End of the line at `start`, its line end included; -1 when it does not end in the view. */
export function lineEnd(view: Buffer, start: number): number {
  return start >= view.length ? -1 : view.indexOf(newline, start) + 1 || -1;
}

/** Start of the line that holds the byte at `at`, not before `floor`. */
export function lineStart(view: Buffer, at: number, floor: number): number {
  return at <= floor ? floor : Math.max(floor, view.lastIndexOf(newline, at - 1) + 1);
}

/** `start` behind NULs: what a program writes on into a file that was cut under it stands behind as many as were cut. */
export function afterNuls(view: Buffer, start: number): number {
  let at = start;
  while (view[at] === nul) at += 1;
  return at;
}

/** `end` without the line end before it. */
export function trimmed(view: Buffer, start: number, end: number): number {
  let stop = end;
  if (stop > start && view[stop - 1] === newline) stop -= 1;
  if (stop > start && view[stop - 1] === carriageReturn) stop -= 1;
  return stop;
}

/** The first record from there on that has a time, and that time. */
export function firstDated(
  view: Buffer,
  from: number,
  records: Records,
): { readonly offset: number; readonly at: number } | undefined {
  for (let start = from; start < view.length; ) {
    const end = lineEnd(view, start);
    const stop = trimmed(view, start, end < 0 ? view.length : end);
    if (records.isHead(view, start, stop)) {
      const at = records.timeAt(view, start, stop);
      if (!Number.isNaN(at)) return { offset: start, at };
    }
    if (end < 0) return undefined;
    start = end;
  }
  return undefined;
}
