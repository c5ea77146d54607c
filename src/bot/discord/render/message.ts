import {
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  type APIEmbed,
  ButtonStyle,
  ComponentType,
} from "discord.js";
import type { Attachment, Block, Card, CardAction, Tone } from "../../../domain/messages/card.ts";
import { cutText } from "../../../domain/text/cut-text.ts";
import { inertLine, type Line, type Passage, titleLine } from "../../chat/card-lines.ts";
import { type CardPage, layOut, pictureWords, wholeCardFile } from "../../chat/lay-out.ts";
import { plainCard } from "../../chat/plain-card.ts";
import { escapeMarkdown, safeCode } from "./escape.ts";

export interface DiscordMessage {
  readonly embeds: APIEmbed[];
  readonly components: APIActionRowComponent<APIButtonComponentWithCustomId>[];
  /** Files to send with it, the whole card as plain text among them when not all of it fits. */
  readonly files: readonly Attachment[];
}

/** Discord: 256 in a title, 4,096 in a description, 2,048 in a footer, 6,000 in all; five rows of five buttons; ten files. */
const titleMax = 256;
const descriptionMax = 3_900;
const footerMax = 500;
const labelMax = 80;
const buttonsInRow = 5;
const buttonsMax = 25;
const filesMax = 9;
/** The least that every server takes, whatever its level. */
const fileBytesMax = 10 * 1024 * 1024;

const colours: Readonly<Record<Tone, number>> = {
  neutral: 0x6b7280,
  good: 0x1a7f37,
  warning: 0xb45309,
  bad: 0xb91c1c,
  unknown: 0x6d28d9,
};

const styles = { default: ButtonStyle.Secondary, primary: ButtonStyle.Primary, danger: ButtonStyle.Danger } as const;

/** A card as a Discord message: one embed, in which nothing from outside is parsed. */
export function renderDiscordMessage(
  card: Card,
  given: { readonly files: readonly Attachment[]; readonly now: number },
): DiscordMessage {
  const sendable = given.files.filter((file) => file.bytes.length <= fileBytesMax).slice(0, filesMax);
  const files = sendable.map((file) => ({ ...file, name: safeName(file.name) }));
  const page = new DiscordPage(files);
  const title = titleLine(card);
  if (escapeMarkdown(title).length > titleMax) page.cut = true;
  layOut(card, page);
  for (const left of given.files.slice(sendable.length)) page.note(`${inertLine(left.name)} is too large to send`);
  const actions = (card.actions ?? []).filter((action) => action.id !== undefined);
  const whole = page.cut || actions.length > buttonsMax;
  if (whole) page.note(`… the rest is in the file answer.txt`);
  const footer = cutText(inertLine(card.footer ?? ""), footerMax);
  const embed: APIEmbed = {
    title: embedTitle(card),
    color: colours[card.tone],
    ...(page.text !== "" && { description: page.text }),
    ...(footer.trim() !== "" && { footer: { text: footer } }),
    ...(page.shown !== undefined && { image: { url: `attachment://${page.shown}` } }),
  };
  return {
    embeds: [embed],
    components: actionRows(actions.slice(0, buttonsMax)),
    files: whole ? [...files, wholeCardFile(card, given.now)] : files,
  };
}

/** What a card's embed is called. */
export function embedTitle(card: Card): string {
  return cutEscaped(titleLine(card), titleMax) || "…";
}

/** The card without an embed, for when Discord refuses it: fixed-width letters, in which nothing is parsed. */
export function renderDiscordText(
  card: Card,
  now: number,
): { readonly content: string; readonly files: readonly Attachment[] } {
  const whole = plainCard(card, now);
  const content = `\`\`\`\n${cutText(safeCode(whole), 1_800)}\n\`\`\``;
  return { content, files: whole.length > 1_800 ? [wholeCardFile(card, now)] : [] };
}

/** Fills a description until it is full, and knows whether anything was left out. */
class DiscordPage implements CardPage {
  readonly #files: readonly Attachment[];
  text = "";
  cut = false;
  /** The name of the one picture that an embed holds; the words stand for any other. */
  shown: string | undefined;

  constructor(files: readonly Attachment[]) {
    this.#files = files;
  }

  passage({ style, lines }: Passage): void {
    if (style === "code") return this.#code(lines.map((line) => line.text));
    for (const [index, line] of lines.entries()) {
      const mark = style === "bullet" ? "• " : style === "ordered" ? `${index + 1}\\. ` : "";
      this.#line(`${mark}${boldText(line)}`, line);
    }
  }

  moment(label: string, at: number): void {
    const seconds = Math.round(at / 1_000);
    this.#raw(`${cutEscaped(inertLine(label), 200)}: <t:${seconds}:T> (<t:${seconds}:R>)`);
  }

  picture(image: Extract<Block, { kind: "image" }>): void {
    const file = this.#files.find((each) => each.name === safeName(image.file));
    if (file && this.shown === undefined) this.shown = file.name;
    else this.passage(pictureWords(image));
  }

  /** Text of ours, escaped already. */
  #raw(text: string): void {
    if (this.#room < text.length + 1) this.cut = true;
    else this.text += this.text === "" ? text : `\n${text}`;
  }

  note(text: string): void {
    this.text += `${this.text === "" ? "" : "\n"}**${escapeMarkdown(text)}**`;
  }

  get #room(): number {
    return descriptionMax - this.text.length;
  }

  #line(shown: string, line: Line): void {
    if (shown.length < this.#room) return this.#raw(shown);
    this.cut = true;
    const fits = cutEscaped(`${line.strong ?? ""}${line.text}`, this.#room - 1);
    if (fits !== "" && this.#room > 40) this.#raw(fits);
  }

  #code(lines: readonly string[]): void {
    const kept: string[] = [];
    let room = this.#room - 10;
    for (const line of lines) {
      const shown = cutText(safeCode(line), Math.max(0, room - 1));
      if (room < 20 || shown.length < safeCode(line).length) this.cut = true;
      if (room < 20) break;
      kept.push(shown);
      room -= shown.length + 1;
    }
    if (kept.some((line) => line.trim() !== "")) this.#raw(`\`\`\`\n${kept.join("\n")}\n\`\`\``);
  }
}

/** A mark next to a space marks nothing on Discord, so the space stands outside. */
function boldText({ strong = "", text }: Line): string {
  const [, before = "", core = "", after = ""] = /^(\s*)(.*?)(\s*)$/s.exec(strong) ?? [];
  return `${before}${core === "" ? "" : `**${escapeMarkdown(core)}**`}${after}${escapeMarkdown(text)}`;
}

/** Escaped, and cut so that it fits with its escapes. */
function cutEscaped(text: string, most: number): string {
  let length = Math.min(text.length, most);
  while (length > 0) {
    const shown = escapeMarkdown(cutText(text, length));
    if (shown.length <= most) return shown;
    length -= Math.max(1, Math.ceil((shown.length - most) / 2));
  }
  return "";
}

function actionRows(actions: readonly CardAction[]): DiscordMessage["components"] {
  const rows: DiscordMessage["components"] = [];
  for (let at = 0; at < actions.length; at += buttonsInRow) {
    rows.push({
      type: ComponentType.ActionRow,
      components: actions.slice(at, at + buttonsInRow).map((action) => ({
        type: ComponentType.Button,
        style: styles[action.style ?? "default"],
        label: cutText(inertLine(action.label), labelMax).trim() || "…",
        custom_id: `press:${action.id}`,
      })),
    });
  }
  return rows;
}

/** What an attachment may be called so that an embed can name it. */
function safeName(name: string): string {
  return name.replaceAll(/[^\w.-]/g, "_").slice(-80) || "file";
}
