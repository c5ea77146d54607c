import { splitRow } from "./csv-rows.ts";
import { lineEnd, trimmed } from "./records.ts";

/** The columns of a CSV file, and what stands between its cells. */
export interface Header {
  readonly columns: readonly string[];
  readonly delimiter: string;
}

/** Of what is no CSV file, or of one whose header is not known. */
export const noHeader: Header = { columns: [], delimiter: "," };

/** Spreadsheets write semicolons where the comma stands before decimals, databases tabs. */
const delimiters = [",", ";", "\t", "|"];

/** The header that a line is, when it has the time among its columns. */
export function headerIn(line: string, timeField: string): Header | undefined {
  const text = line.replace(/^\uFEFF/, "");
  return delimiters
    .map((delimiter) => ({ columns: splitRow(text, delimiter) ?? [], delimiter }))
    .find(({ columns }) => columns.includes(timeField));
}

/** The header in the first line, and where that ends. */
export function headerOf(
  view: Buffer,
  timeField: string,
): { readonly header: Header; readonly end: number } | undefined {
  const end = lineEnd(view, 0);
  const stop = trimmed(view, 0, end < 0 ? view.length : end);
  const header = headerIn(view.toString("utf8", 0, stop), timeField);
  return header && { header, end: end < 0 ? view.length : end };
}
