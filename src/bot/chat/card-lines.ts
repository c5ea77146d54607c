import type { Card, CardField, Cell, Tone } from "../../domain/messages/card.ts";
import { inert } from "../../domain/text/inert.ts";
import { alignColumns } from "./align-columns.ts";

/** One line of a card: what stands out, then the rest. Inert already. */
export interface Line {
  readonly strong?: string;
  readonly text: string;
}

/** How a run of lines is shown: as flowing text, as fixed-width text, or as a list. */
export interface Passage {
  readonly style: "text" | "code" | "bullet" | "ordered";
  readonly lines: readonly Line[];
}

/** Signs that read without colour, and are not spelt out by a platform. */
export const signs: Readonly<Record<Tone, string>> = {
  neutral: "",
  good: "✅",
  warning: "⚠️",
  bad: "🔴",
  unknown: "❔",
};

/** The title as every platform shows it. */
export function titleLine(card: Card): string {
  return signed(card.tone, inertLine(card.title));
}

/** Widest fixed-width line that a phone shows without breaking it. */
const phoneColumns = 42;

/** Rows under their columns when they fit a phone; otherwise each row as a line of its own, told by its first cell. */
export function tablePassages(
  columns: readonly { title: string; align?: "left" | "right" }[],
  rows: readonly (readonly Cell[])[],
): Passage[] {
  const texts = rows.map((row) => columns.map((_, index) => cellText(row[index])));
  const titles = columns.map((column) => inertLine(column.title));
  const { lines, width } = alignColumns(
    [titles, ...texts],
    columns.map((column) => column.align),
  );
  if (width <= phoneColumns) return [{ style: "code", lines: lines.map((text) => ({ text })) }];
  return [{ style: "bullet", lines: texts.map((row) => rowLine(titles, row)) }];
}

export function fieldLines(fields: readonly CardField[]): Line[] {
  return fields.map(({ name, value, tone }) => ({
    strong: `${inertLine(name)}: `,
    text: signed(tone ?? "neutral", inertLine(value)),
  }));
}

/** Inert text of one line: what broke lines is a space. */
export function inertLine(text: string): string {
  return inert(text.replaceAll(/\s*\r?\n\s*/g, " "));
}

/** Inert text, line by line. */
export function linesOf(text: string): string[] {
  return text.split(/\r?\n/).map((line) => inert(line));
}

export function signed(tone: Tone, text: string): string {
  return signs[tone] === "" ? text : `${signs[tone]} ${text}`;
}

function rowLine(titles: readonly string[], [first = "", ...rest]: readonly string[]): Line {
  const parts = rest.flatMap((cell, index) => (cell === "" ? [] : [`${titles[index + 1] ?? ""}: ${cell}`]));
  return { strong: first, text: parts.length === 0 ? "" : ` · ${parts.join(" · ")}` };
}

function cellText(cell: Cell | undefined): string {
  if (cell === undefined) return "";
  return typeof cell === "string" ? inertLine(cell) : signed(cell.tone ?? "neutral", inertLine(cell.text));
}
