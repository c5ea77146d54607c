import type { Clock } from "./clock.ts";
import type { Header } from "./csv-header.ts";
import { splitRow } from "./csv-rows.ts";
import type { Fields } from "./fields.ts";
import { lineEnd, lineStart, type Records, trimmed } from "./records.ts";
import { epochAt, isoTimeAt, recordTime } from "./time.ts";

/** Rows under a header; a quoted field may hold what stands between cells, and line ends. */
export function csvRecords(header: Header, timeField: string, clock: Clock): Records {
  const column = header.columns.indexOf(timeField);
  const delimiter = header.delimiter.charCodeAt(0);
  const timeAt = (view: Buffer, start: number, stop: number): number => {
    const at = cellAt(view, { start, stop, column, delimiter });
    const quick = at < 0 ? Number.NaN : quickTime(view, { at, stop, clock });
    if (!Number.isNaN(quick)) return quick;
    const row = splitRow(view.toString("utf8", start, Math.min(stop, start + rowMax)), header.delimiter);
    return recordTime(row?.[column], clock) ?? Number.NaN;
  };
  return {
    jumps: false,
    end: (view, start, last) => endOfRow(view, { start, last, delimiter }),
    start: lineStart,
    isHead: (view, start, stop) => {
      const row = splitRow(view.toString("utf8", start, trimmed(view, start, stop)), header.delimiter);
      return (
        row !== undefined &&
        isUnder(row, header) &&
        (recordTime(row[column], clock) !== undefined || row[column] === timeField)
      );
    },
    timeAt,
  };
}

/** Whether the cells of a row are those of the header; behind the last one may stand a delimiter and nothing. */
function isUnder(row: readonly string[], { columns }: Header): boolean {
  return row.length === columns.length || (row.length === columns.length + 1 && row.at(-1) === "");
}

function quickTime(view: Buffer, cell: { readonly at: number; readonly stop: number; readonly clock: Clock }): number {
  const time = isoTimeAt(view, cell.at, cell.stop, cell.clock);
  return Number.isNaN(time) ? epochAt(view, cell.at, cell.stop) : time;
}

/** Where a cell begins before which nothing is quoted, without taking the row apart; -1 when that is not so. */
function cellAt(
  view: Buffer,
  row: { readonly start: number; readonly stop: number; readonly column: number; readonly delimiter: number },
): number {
  let at = row.start;
  for (let column = 0; column < row.column; column += 1) {
    while (at < row.stop && view[at] !== row.delimiter && view[at] !== quote) at += 1;
    if (at >= row.stop || view[at] === quote) return -1;
    at += 1;
  }
  while (view[at] === blank) at += 1;
  return view[at] === quote ? -1 : at;
}

/** The row's cells by column; undefined when the row has another number of cells than the header or broken quotes. */
export function parseRow(text: string, header: Header): Fields | undefined {
  const cells = splitRow(text, header.delimiter);
  if (cells === undefined || !isUnder(cells, header)) return undefined;
  return Object.fromEntries(header.columns.map((name, index) => [name, cells[index] ?? ""]));
}

/** A quote that never closes must not swallow the file: past this the first line alone is the (malformed) row. */
const rowMax = 65_536;
const quote = 34;
const blank = 32;

interface Row {
  readonly start: number;
  readonly last: boolean;
  readonly delimiter: number;
}

function endOfRow(view: Buffer, { start, last, delimiter }: Row): number {
  const first = lineEnd(view, start);
  if (first < 0) return last ? view.length : -1;
  let end = first;
  let open = quotesOpen(view, { start, end, open: false, delimiter });
  while (open) {
    if (end - start > rowMax) return first;
    const next = lineEnd(view, end);
    // At the end of the file an open quote is a torn row.
    if (next < 0) return last ? first : view.length - start > rowMax ? first : -1;
    open = quotesOpen(view, { start: end, end: next, open, delimiter });
    end = next;
  }
  return end;
}

/** Whether a quoted field is still open at `end`. A quote opens a field only where the field begins. */
function quotesOpen(
  view: Buffer,
  part: { readonly start: number; readonly end: number; readonly open: boolean; readonly delimiter: number },
): boolean {
  let open = part.open;
  let fieldStart = !open;
  for (let at = part.start; at < part.end; at += 1) {
    const byte = view[at];
    if (byte === quote && (open || fieldStart)) open = !open;
    // The second quote of a doubled one opens the field again, and blanks before a quote are no part of the field.
    fieldStart = byte === part.delimiter || (byte === quote && !open) || (byte === blank && fieldStart);
  }
  return open;
}
