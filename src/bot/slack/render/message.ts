import type { KnownBlock, RichTextBlock, RichTextElement, RichTextSection } from "@slack/types";
import type { Attachment, Block, Card, CardAction } from "../../../domain/messages/card.ts";
import { cutText, startOf } from "../../../domain/text/cut-text.ts";
import { stamp } from "../../../domain/text/moment.ts";
import { inertLine, type Line, type Passage, titleLine } from "../../chat/card-lines.ts";
import { type CardPage, layOut, pictureWords, wholeCardFile } from "../../chat/lay-out.ts";
import { plainCard } from "../../chat/plain-card.ts";

export interface SlackMessage {
  /** What a notification shows. Escaped; never parsed, because the message is sent with `mrkdwn: false`. */
  readonly text: string;
  readonly blocks: KnownBlock[];
  /** The whole card as plain text, when not all of it fits a message. */
  readonly overflow?: Attachment;
}

/** Slack: 150 characters in a header, 75 on a button, 2,000 in an image's text, 50 blocks, about 13,200 characters of text in all. */
const headerMax = 150;
const buttonMax = 75;
const altMax = 2_000;
const charactersMax = 11_500;
/** Leaves room for the header, the summary, the note that something was cut, five rows of buttons and the footer. */
const blocksMax = 38;
/** Shorter than any limit of one text, so that a long passage is several elements. */
const elementMax = 2_500;
const buttonsMax = 25;
const buttonsInRow = 5;

/**
 * A card as a Slack message. Only rich text and plain text are used, which Slack never parses: nothing in them can mention,
 * link or format. `images` are files that Slack has already, by their names on the card. `rest` says where the rest is, for
 * what goes where no file can.
 */
export function renderSlackMessage(
  card: Card,
  given: { readonly images: ReadonlyMap<string, string>; readonly now: number; readonly rest?: string },
): SlackMessage {
  const page = new SlackPage(given.images);
  const title = titleLine(card);
  page.blocks.push({
    type: "header",
    text: { type: "plain_text", text: cutText(title || "…", headerMax), emoji: false },
  });
  if (title.length > headerMax) page.cut = true;
  layOut(card, page);
  const actions = (card.actions ?? []).filter((action) => action.id !== undefined);
  if (page.cut || actions.length > buttonsMax) page.note(given.rest ?? `… the rest is in the file answer.txt`);
  page.blocks.push(...actionRows(actions.slice(0, buttonsMax)), ...footerOf(card));
  const whole = page.cut || actions.length > buttonsMax;
  return {
    text: notificationText(card),
    blocks: page.blocks,
    ...(whole && { overflow: wholeCardFile(card, given.now) }),
  };
}

/** The card without blocks, for when Slack refuses them: fixed-width text, in which nothing is parsed. */
export function renderSlackText(card: Card, now: number): { readonly text: string; readonly overflow?: Attachment } {
  const whole = plainCard(card, now);
  const shown = escape(cutText(whole, 2_600).replaceAll("`", "ˋ"));
  return { text: `\`\`\`\n${shown}\n\`\`\``, ...(whole.length > 2_600 && { overflow: wholeCardFile(card, now) }) };
}

/** Escapes the three characters that begin anything Slack parses. */
export function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function notificationText(card: Card): string {
  const words = [titleLine(card), card.summary === undefined ? "" : inertLine(card.summary)].filter(
    (each) => each !== "",
  );
  return escape(cutText(words.join(". "), 500)) || "…";
}

/** Fills a message until it is full, and knows whether anything was left out. */
class SlackPage implements CardPage {
  readonly #images: ReadonlyMap<string, string>;
  readonly blocks: KnownBlock[] = [];
  cut = false;
  #left = charactersMax;

  constructor(images: ReadonlyMap<string, string>) {
    this.#images = images;
  }

  passage({ style, lines }: Passage): void {
    const fitting: Line[] = [];
    for (const line of lines) {
      const room = this.#left - (line.strong?.length ?? 0) - 1;
      if (room <= 0 || this.blocks.length >= blocksMax) {
        this.cut = true;
        break;
      }
      const text = cutText(line.text, room);
      if (text.length < line.text.length) this.cut = true;
      fitting.push({ ...line, text });
      this.#left -= text.length + (line.strong?.length ?? 0) + 1;
    }
    if (fitting.some(({ strong, text }) => strong || text)) this.blocks.push(richText(style, fitting));
  }

  moment(label: string, at: number): void {
    this.#block(momentBlock(label, at), label.length + 80);
  }

  picture(image: Extract<Block, { kind: "image" }>): void {
    const slackFile = this.#images.get(image.file);
    if (slackFile === undefined) return this.passage(pictureWords(image));
    const shown = cutText(inertLine(image.alt), altMax) || "picture";
    this.#block({ type: "image", slack_file: { id: slackFile }, alt_text: shown }, shown.length);
  }

  #block(block: KnownBlock, characters: number): void {
    if (this.#left < characters || this.blocks.length >= blocksMax) this.cut = true;
    else {
      this.#left -= characters;
      this.blocks.push(block);
    }
  }

  note(text: string): void {
    this.blocks.push(richText("text", [{ strong: text, text: "" }]));
  }
}

/** Shown in the reader's own zone, with how far away it is. */
function momentBlock(label: string, at: number): RichTextBlock {
  const name = cutText(inertLine(label), 200);
  const date = {
    type: "date" as const,
    timestamp: Math.round(at / 1_000),
    format: "{time_secs} ({ago})",
    fallback: `${stamp(at).replace("T", " ").replace("Z", "")} UTC`,
  };
  return section([{ type: "text", text: `${name}: ` }, date]);
}

function section(elements: RichTextElement[]): RichTextBlock {
  return { type: "rich_text", elements: [{ type: "rich_text_section", elements }] };
}

function richText(style: Passage["style"], lines: readonly Line[]): RichTextBlock {
  switch (style) {
    case "text":
      return section(inline(lines));
    case "code":
      return {
        type: "rich_text",
        elements: [{ type: "rich_text_preformatted", elements: pieces(lines.map(({ text }) => text).join("\n")) }],
      };
    case "bullet":
    case "ordered": {
      const items = lines.map((line): RichTextSection => ({ type: "rich_text_section", elements: inline([line]) }));
      return { type: "rich_text", elements: [{ type: "rich_text_list", style, elements: items }] };
    }
  }
}

function inline(lines: readonly Line[]): RichTextElement[] {
  const elements = lines.flatMap(({ strong, text }, index): RichTextElement[] => {
    const end = index < lines.length - 1 ? "\n" : "";
    const bold = strong ? pieces(strong).map((piece) => ({ ...piece, style: { bold: true } })) : [];
    return [...bold, ...(text + end === "" ? [] : pieces(text + end))];
  });
  return elements.length > 0 ? elements : [{ type: "text", text: " " }];
}

function pieces(text: string): { type: "text"; text: string }[] {
  const parts: { type: "text"; text: string }[] = [];
  let rest = text;
  while (rest.length > 0) {
    const part = startOf(rest, elementMax);
    parts.push({ type: "text", text: part });
    rest = rest.slice(part.length);
  }
  return parts.length > 0 ? parts : [{ type: "text", text: " " }];
}

function actionRows(actions: readonly CardAction[]): KnownBlock[] {
  const rows: KnownBlock[] = [];
  for (let at = 0; at < actions.length; at += buttonsInRow) {
    rows.push({
      type: "actions",
      elements: actions.slice(at, at + buttonsInRow).map((action) => ({
        type: "button",
        action_id: `press:${action.id}`,
        text: { type: "plain_text", text: cutText(inertLine(action.label), buttonMax) || "…", emoji: false },
        ...(action.style && action.style !== "default" && { style: action.style }),
      })),
    });
  }
  return rows;
}

function footerOf(card: Card): KnownBlock[] {
  const text = cutText(inertLine(card.footer ?? ""), 500);
  return text === "" ? [] : [{ type: "context", elements: [{ type: "plain_text", text, emoji: false }] }];
}
