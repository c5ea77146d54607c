import stringWidth from "string-width";

/** Rows as lines of a fixed-width font, each column as wide as its widest cell, and how wide the widest line may be. */
export function alignColumns(
  rows: readonly (readonly string[])[],
  aligns: readonly ("left" | "right" | undefined)[] = [],
): { readonly lines: readonly string[]; readonly width: number } {
  const widths: number[] = [];
  for (const row of rows)
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, widthOf(cell));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => padded(cell, widths[column] ?? 0, aligns[column]))
      .join(gap)
      .trimEnd(),
  );
  return { lines, width: widths.reduce((sum, width) => sum + width + gap.length, -gap.length) };
}

const gap = "  ";
/** What is far longer than a line is not counted out. */
const countedOut = 400;

function widthOf(text: string): number {
  return text.length > countedOut ? text.length : stringWidth(text);
}

function padded(text: string, width: number, align: "left" | "right" = "left"): string {
  const space = " ".repeat(Math.max(0, width - widthOf(text)));
  return align === "right" ? space + text : text + space;
}
