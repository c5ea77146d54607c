import { parse } from "csv-parse/sync";
import type { Fields } from "./fields.ts";
import { lineEnd, lineStart, type Records, trimmed } from "./records.ts";
import { timeOf } from "./time.ts";

/** Rows under a header; a quoted field may hold commas and line ends. */
export function csvRecords(header: readonly string[], timeField: string): Records {
  const column = header.indexOf(timeField);
  const timeAt = (view: Buffer, start: number, stop: number): number => {
    const row = splitRow(view.toString("utf8", start, Math.min(stop, start + rowMax)));
    return timeOf(row?.[column]) ?? Number.NaN;
  };
  return {
    jumps: false,
    end: (view, start, last) => endOfRow(view, start, last),
    start: lineStart,
    isHead: (view, start, stop) => {
      const row = splitRow(view.toString("utf8", start, trimmed(view, start, stop)));
      return row?.length === header.length && timeOf(row[column]) !== undefined;
    },
    timeAt,
  };
}

/** The row's cells by column; undefined when the row has another number of cells than the header or broken quotes. */
export function parseRow(text: string, header: readonly string[]): Fields | undefined {
  const cells = splitRow(text);
  if (cells?.length !== header.length) return undefined;
  return Object.fromEntries(header.map((name, index) => [name, cells[index] ?? ""]));
}

export function splitRow(text: string): string[] | undefined {
  if (!text.includes('"')) return text.split(",");
  try {
    const rows: string[][] = parse(text, { relax_column_count: true, relax_quotes: false });
    return rows.length === 1 ? rows[0] : undefined;
  } catch {
    return undefined;
  }
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
