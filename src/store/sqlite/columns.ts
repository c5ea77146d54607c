import type { SQLOutputValue } from "node:sqlite";

type Row = Readonly<Record<string, SQLOutputValue>>;

/** A text column. The tables are STRICT, so anything else means the file is damaged. */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw new Error(`The state file holds no text in column ${column}`);
  return value;
}

/** A text column that may have been left out. */
export function textOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column);
}

export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== "number") throw new Error(`The state file holds no number in column ${column}`);
  return value;
}
