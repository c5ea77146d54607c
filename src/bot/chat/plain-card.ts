import type { Block, Card, Cell, Tone } from "../../domain/messages/card.ts";
import { inert } from "../../domain/text/inert.ts";
import { stamp } from "../../domain/text/moment.ts";
import { span } from "../../domain/text/quantities.ts";
import { alignColumns } from "./align-columns.ts";

const marks: Record<Tone, string> = { neutral: "·", good: "✓", warning: "!", bad: "✗", unknown: "?" };

/** A card as lines of text, whole: for a terminal, and for the file that goes with a message too small for it. Control and direction characters from outside are shown, never obeyed. */
export function plainCard(card: Card, now: number): string {
  const lines = [`${marks[card.tone]} ${clean(card.title)}`, ...(card.summary ? [`  ${clean(card.summary)}`] : [])];
  for (const block of card.blocks) lines.push("", ...renderBlock(block, now).map((line) => `  ${line}`));
  if (card.footer) lines.push("", `  ${clean(card.footer)}`);
  return `${lines.join("\n")}\n`;
}

function renderBlock(block: Block, now: number): readonly string[] {
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
      return [`${clean(block.label)}: ${stamp(block.at)} (${away(block.at, now)})`];
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

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  return alignColumns(rows.map((row) => row.map(clean))).lines;
}

function clean(text: string): string {
  return inert(text).replaceAll("\n", " ");
}

function away(at: number, now: number): string {
  return at >= now ? `in ${span(at - now)}` : `${span(now - at)} ago`;
}
