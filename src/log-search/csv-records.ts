import type { Fields } from "./fields.ts";
import { lineEnd, lineStart, type Records, trimmed } from "./records.ts";
import { epochAt, isoTimeAt, recordTime } from "./time.ts";

/** Rows under a header; a quoted field may hold commas and line ends. */
export function csvRecords(header: readonly string[], timeField: string): Records {
  const column = header.indexOf(timeField);
  const timeAt = (view: Buffer, start: number, stop: number): number => {
    const quick = timeInColumn(view, { start, stop, column });
    if (!Number.isNaN(quick)) return quick;
    const row = splitRow(view.toString("utf8", start, Math.min(stop, start + rowMax)));
    return recordTime(row?.[column]) ?? Number.NaN;
  };
  return {
    jumps: false,
    end: (view, start, last) => endOfRow(view, start, last),
    start: lineStart,
    isHead: (view, start, stop) => {
      const row = splitRow(view.toString("utf8", start, trimmed(view, start, stop)));
      return row?.length === header.length && recordTime(row[column]) !== undefined;
    },
    timeAt,
  };
}

/** The time in a column before which nothing is quoted, without taking the row apart; NaN when that is not so. */
function timeInColumn(
  view: Buffer,
  row: { readonly start: number; readonly stop: number; readonly column: number },
): number {
  let at = row.start;
  for (let column = 0; column < row.column; column += 1) {
    while (at < row.stop && view[at] !== comma && view[at] !== quote) at += 1;
    if (at >= row.stop || view[at] === quote) return Number.NaN;
    at += 1;
  }
  if (view[at] === quote) return Number.NaN;
  const time = isoTimeAt(view, at, row.stop);
  return Number.isNaN(time) ? epochAt(view, at, row.stop) : time;
}

/** The row's cells by column; undefined when the row has another number of cells than the header or broken quotes. */
export function parseRow(text: string, header: readonly string[]): Fields | undefined {
  const cells = splitRow(text);
  if (cells?.length !== header.length) return undefined;
  return Object.fromEntries(header.map((name, index) => [name, cells[index] ?? ""]));
}

/**
 * The cells of one row (RFC 4180); undefined when a quoted cell does not end where it should. Written here because the
 * parsers at hand are made for whole files: set up for every row of a big one they take forty times as long.
 */
export function splitRow(text: string): string[] | undefined {
  if (!text.includes('"')) return text.split(",");
  const cells: string[] = [];
  for (let at = 0; at <= text.length; ) {
    if (text[at] !== '"') {
      const end = endOf(text, ",", at);
      cells.push(text.slice(at, end));
      at = end + 1;
      continue;
    }
    const close = closingQuote(text, at + 1);
    const after = text[close + 1];
    if (close < 0 || (after !== undefined && after !== ",")) return undefined;
    cells.push(text.slice(at + 1, close).replaceAll('""', '"'));
    at = close + 2;
  }
  return cells;
}

/** The quote that ends a cell: a doubled one stands for itself. */
function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}

function endOf(text: string, character: string, from: number): number {
  const found = text.indexOf(character, from);
  return found < 0 ? text.length : found;
}

/** A quote that never closes must not swallow the file: past this the first line alone is the (malformed) row. */
const rowMax = 65_536;
const quote = 34;
const comma = 44;

function endOfRow(view: Buffer, start: number, last: boolean): number {
  const first = lineEnd(view, start);
  if (first < 0) return last ? view.length : -1;
  let end = first;
  let open = quotesOpen(view, { start, end, open: false });
  while (open) {
    if (end - start > rowMax) return first;
    const next = lineEnd(view, end);
    // At the end of the file an open quote is a torn row.
    if (next < 0) return last ? first : view.length - start > rowMax ? first : -1;
    open = quotesOpen(view, { start: end, end: next, open });
    end = next;
  }
  return end;
}

/** Whether a quoted field is still open at `end`. A quote opens a field only where the field begins. */
function quotesOpen(
  view: Buffer,
  part: { readonly start: number; readonly end: number; readonly open: boolean },
): boolean {
  let open = part.open;
  let fieldStart = !open;
  for (let at = part.start; at < part.end; at += 1) {
    const byte = view[at];
    if (byte === quote && (open || fieldStart)) open = !open;
    // The second quote of a doubled one opens the field again.
    fieldStart = byte === comma || (byte === quote && !open);
  }
  return open;
}
