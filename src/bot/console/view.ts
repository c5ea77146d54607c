import type { Block, Card, CardAction, Cell } from "../../domain/messages/card.ts";
import { inert } from "../../domain/text/inert.ts";
import type { Form } from "../language/form.ts";
import { splitForm } from "../language/split-form.ts";
import type { FileRow, MessageRow } from "./message-rows.ts";
import type { BodyView, FileView, MessageView } from "./wire.ts";

/** A stored message in the page's words. Every text goes through `inert` here, whoever wrote it. */
export function viewOf(row: MessageRow, files: readonly FileRow[], nameOf: (account: string) => string): MessageView {
  return {
    id: row.id,
    seq: row.seq,
    touched: row.touched,
    version: row.version,
    channel: row.channel,
    ...(row.author !== null && { client: row.nonce.split(":").at(-1) ?? "" }),
    ...(row.thread !== null && { thread: row.thread }),
    ...(row.answers !== null && { answers: row.answers }),
    author: row.author === null ? { kind: "bot" } : { kind: "person", account: row.author, name: nameOf(row.author) },
    at: row.at,
    edited: row.edited === 1,
    private: row.audience !== null,
    body: bodyView(row.body, files),
  };
}

function bodyView(body: MessageRow["body"], files: readonly FileRow[]): BodyView {
  if (body.kind !== "card") return { kind: body.kind, text: inertLines(body.text) };
  return { kind: "card", card: inertCard(body.card), files: files.map(fileView) };
}

function fileView(file: FileRow): FileView {
  return { name: inert(file.name), url: `/files/${file.id}`, mediaType: file.media_type, bytes: file.size };
}

function inertCard(card: Card): Card {
  return {
    tone: card.tone,
    title: inert(card.title),
    ...(card.summary !== undefined && { summary: inertLines(card.summary) }),
    blocks: card.blocks.map(inertBlock),
    ...(card.actions && { actions: card.actions.map(inertAction) }),
    ...(card.footer !== undefined && { footer: inertLines(card.footer) }),
  };
}

/** The page needs the key, the label and the look; what the button stands for stays on this side. */
function inertAction(action: CardAction): CardAction {
  return { ...action, label: inert(action.label), args: {} };
}

function inertBlock(block: Block): Block {
  switch (block.kind) {
    case "text":
    case "code":
      return { ...block, text: inertLines(block.text) };
    case "fields":
      return {
        ...block,
        fields: block.fields.map((field) => ({ ...field, name: inert(field.name), value: inertLines(field.value) })),
      };
    case "table":
      return {
        ...block,
        columns: block.columns.map((column) => ({ ...column, title: inert(column.title) })),
        rows: block.rows.map((row) => row.map(inertCell)),
      };
    case "list":
      return { ...block, items: block.items.map((item) => ({ ...item, text: inertLines(item.text) })) };
    case "image":
      return { ...block, file: inert(block.file), alt: inert(block.alt) };
    case "file":
      return { ...block, file: inert(block.file), ...(block.note !== undefined && { note: inert(block.note) }) };
    case "moment":
      return { ...block, label: inert(block.label) };
  }
}

function inertCell(cell: Cell): Cell {
  return typeof cell === "string" ? inert(cell) : { ...cell, text: inert(cell.text) };
}

/** What a person sees filled in is what is sent back; values without a field pass through as they are. */
export function inertForm(whole: Form): Form {
  const form = splitForm(whole).shown;
  const shown = new Set(form.fields.map((field) => field.name));
  const values = Object.entries(form.values).map(([name, value]) => {
    return [name, typeof value === "string" && shown.has(name) ? inertLines(value) : value] as const;
  });
  return {
    ...form,
    title: inert(form.title),
    about: form.about.map((each) => inert(each)),
    submit: inert(form.submit),
    fields: form.fields.map((field) => ({ ...field, label: inert(field.label), help: inertLines(field.help) })),
    values: Object.fromEntries(values),
    errors: Object.fromEntries(Object.entries(form.errors).map(([name, why]) => [name, inertLines(why)])),
  };
}

/** Line breaks stay; a tab, common in logs, becomes the spaces it looks like. */
function inertLines(text: string): string {
  return inert(text.replaceAll("\r\n", "\n").replaceAll("\t", "    "), { newlines: true });
}
