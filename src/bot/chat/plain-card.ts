import type { Block, Card, Cell, Tone } from "../../domain/messages/card.ts";
import { inert } from "../../domain/text/inert.ts";

const marks: Record<Tone, string> = { neutral: "·", good: "✓", warning: "!", bad: "✗", unknown: "?" };

/** A card as lines of text, whole: for a terminal, and for the file that goes with a message too small for it. Control and direction characters from outside are shown, never obeyed. */
export function plainCard(card: Card, now: number): string {
  const lines = [`${marks[card.tone]} ${clean(card.title)}`, ...(card.summary ? [`  ${clean(card.summary)}`] : [])];
  for (const block of card.blocks) lines.push("", ...renderBlock(block, now).map((line) => `  ${line}`));
  if (card.footer) lines.push("", `  ${clean(card.footer)}`);
  return `${lines.join("\n")}\n`;
}

function renderBlock(block: Block, now: number): string[] {
  switch (block.kind) {
    case "text":
      return paragraphs(block.text);
    case "fields":
      return aligned(block.fields.map((field) => [field.name, `${mark(field.tone)}${field.value}`]));
    case "table":
      return aligned([block.columns.map((column) => column.title), ...block.rows.map((row) => row.map(cellText))]);
    case "code":
      return paragraphs(block.text);
    case "list":
      return block.items.map(
        (item, position) => `${block.ordered ? `${position + 1}.` : "-"} ${mark(item.tone)}${clean(item.text)}`,
      );
    case "image":
      return [`[picture ${clean(block.file)}] ${clean(block.alt)}`];
    case "file":
      return [`[file ${clean(block.file)}]${block.note ? ` ${clean(block.note)}` : ""}`];
    case "moment":
      return [`${clean(block.label)}: ${new Date(block.at).toISOString()} (${away(block.at - now)})`];
  }
}

function mark(tone: Tone | undefined): string {
  return tone && tone !== "neutral" ? `${marks[tone]} ` : "";
}

function cellText(cell: Cell): string {
  return typeof cell === "string" ? cell : `${mark(cell.tone)}${cell.text}`;
}

function paragraphs(text: string): string[] {
  return text.split("\n").map(clean);
}

/** Columns padded to their widest cell. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const cleaned = rows.map((row) => row.map(clean));
  const widths: number[] = [];
  for (const row of cleaned)
    row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, width(cell))));
  return cleaned.map((row) =>
    row
      .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - width(cell)))
      .join("  ")
      .trimEnd(),
  );
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

function width(text: string): number {
  return Array.from(graphemes.segment(text)).length;
}

function clean(text: string): string {
  return inert(text).replaceAll("\n", " ");
}

function away(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1_000);
  const words = seconds >= 120 ? `${Math.round(seconds / 60)} min` : `${seconds} s`;
  return ms >= 0 ? `in ${words}` : `${words} ago`;
}
