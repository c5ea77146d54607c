import type { Attachment, Block, Card, Column } from "../domain/messages/card.ts";
import { textOfDatum } from "../domain/systems/exact.ts";
import type { NamedQuery, QueryCell, QueryColumn, QueryTable } from "../domain/systems/queries.ts";
import type { System } from "../domain/systems/system.ts";
import { inert } from "../domain/text/inert.ts";
import { clock } from "../domain/text/moment.ts";
import type { Picture } from "./metric-chart.ts";
import { newestLines } from "./query-newest.ts";

/** More rows than this are in the file. */
const shownRows = 20;
/** Longest cell shown in the message; the file has it whole. */
const longestCell = 80;
/** What stands for nothing. */
const nothing = "–";

/** What was asked, and what was answered. */
export interface QueryFound {
  readonly system: System;
  readonly query: NamedQuery;
  readonly table: QueryTable;
  /** When it was true, ms. */
  readonly at: number;
}

/** The picture of an answer, where one is drawn, and what is to be said of it. */
interface QueryDrawn {
  readonly picture: Picture | undefined;
  readonly notes: readonly string[];
}

/** The first rows of an answer as a table; `file` has all of them whole where the card cannot. */
export function queryCard(
  found: QueryFound,
  file: Attachment | undefined,
  shown: QueryDrawn & { readonly now: number },
): Card {
  const { system, query, table, at } = found;
  const { rows, columns, more } = table;
  const left = rows.length - shownRows;
  const whole = more ? `The first ${rowCount(rows.length)}; there are more.` : `All ${rowCount(rows.length)}.`;
  const newest = newestLines(found, shown.now);
  const tones = newest.map(({ tone }) => tone);
  return {
    tone: tones.includes("bad") ? "bad" : tones.includes("unknown") ? "unknown" : "neutral",
    title: `${system.title}, ${query.title}: ${rows.length === 0 ? "no rows" : `${more ? "more than " : ""}${rowCount(rows.length)}`}`,
    blocks: [
      ...pictureBlocks(found, shown),
      ...newest,
      ...(rows.length === 0 ? [] : [tableBlock(columns, rows.slice(0, shownRows), rows)]),
      ...(left > 0 ? [textBlock(`${left.toLocaleString("en-GB")} more`)] : []),
      ...(more ? [textBlock(`Only the first ${rowCount(rows.length)} were read: there are more.`)] : []),
      ...(file ? [{ kind: "file" as const, file: file.name, note: whole }] : []),
    ],
    footer: `Read at ${clock(at, shown.now)}; secrets are masked.`,
  };
}

function pictureBlocks({ system, query }: QueryFound, { picture, notes }: QueryDrawn): Block[] {
  const alt = `${query.title} of ${system.title} over time, as the rows say.`;
  return [
    ...(picture && "file" in picture ? [{ kind: "image" as const, file: picture.file.name, alt }] : []),
    ...[...(picture && "why" in picture ? [picture.why] : []), ...notes].map(textBlock),
  ];
}

/** The rows as CSV, when the message cannot show all of them whole. */
export function queryFile({ system, query, table: { columns, rows } }: QueryFound): Attachment | undefined {
  const isLong = rows.length > shownRows || rows.some((row) => row.some((cell) => cellText(cell).length > longestCell));
  if (!isLong) return undefined;
  const lines = [columns.map(columnTitle), ...rows.map((row) => row.map(fileText))];
  const csv = lines.map((line) => line.map(csvField).join(",")).join("\r\n");
  return {
    name: `${system.id}-${query.id}.csv`,
    mediaType: "text/csv",
    bytes: new TextEncoder().encode(`${csv}\r\n`),
  };
}

/** What can be asked of a system by name. */
export function queriesCard(system: System, queries: readonly NamedQuery[]): Card {
  const rows = queries.map(({ id, title, arguments: given }) => [
    id,
    title,
    Object.entries(given)
      .map(([name, { required }]) => (required ? `${name}:…` : `[${name}:…]`))
      .join(" "),
  ]);
  return {
    tone: "neutral",
    title: `${system.title}: ${queries.length === 0 ? "no queries that you may ask here" : "what can be asked"}`,
    blocks:
      rows.length === 0
        ? []
        : [{ kind: "table", columns: [{ title: "Query" }, { title: "What it tells" }, { title: "Takes" }], rows }],
    footer: queries.length === 0 ? "" : `query ${system.id} <query> asks one.`,
  };
}

function tableBlock(
  columns: readonly QueryColumn[],
  shown: QueryTable["rows"],
  all: QueryTable["rows"],
): Extract<Block, { kind: "table" }> {
  return {
    kind: "table",
    columns: columns.map(
      (column, at): Column => ({ title: columnTitle(column), align: isNumeric(all, at) ? "right" : "left" }),
    ),
    rows: shown.map((row) => row.map((cell) => shortened(cellText(cell)))),
  };
}

function columnTitle({ name, unit }: QueryColumn): string {
  return unit === undefined ? name : `${name} (${unit})`;
}

function isNumeric(rows: QueryTable["rows"], at: number): boolean {
  const cells = rows.map((row) => row[at] ?? null).filter((cell) => cell !== null);
  return cells.length > 0 && cells.every((cell) => typeof cell === "number" || typeof cell === "object");
}

function cellText(cell: QueryCell): string {
  return cell === null ? nothing : (textOfDatum(cell) ?? nothing);
}

function shortened(text: string): string {
  return text.length > longestCell ? `${text.slice(0, longestCell)}…` : text;
}

/** A text that a spreadsheet would take for a formula is told apart from one. */
function fileText(cell: QueryCell): string {
  if (cell === null) return "";
  const text = inert(cellText(cell), { newlines: true });
  return typeof cell === "string" && /^[=+\-@\t]/.test(text) ? `'${text}` : text;
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function rowCount(rows: number): string {
  return `${rows.toLocaleString("en-GB")} row${rows === 1 ? "" : "s"}`;
}

function textBlock(text: string): Block {
  return { kind: "text", text };
}
