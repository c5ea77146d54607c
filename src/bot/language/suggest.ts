import type { Command } from "../../domain/commands/command.ts";
import type { FieldValues } from "../../domain/commands/delivery-content.ts";
import type { Field } from "./field.ts";
import { fieldsFor, fieldsOf } from "./fields.ts";
import { longestText } from "./input-problem.ts";
import { keyAt } from "./keys.ts";
import { commandAt } from "./parse.ts";
import { quote, valueOf, type Word, wordsOf } from "./tokens.ts";

/** One offer while typing. `insert` replaces the text from `from` to the caret. */
export interface Completion {
  readonly insert: string;
  readonly from: number;
  readonly label: string;
  readonly detail: string;
}

/** A value for a field, with what people read of it. */
export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** What may be offered: whoever asks has left out what the person may not see or do here. */
export interface Offers {
  readonly commands: readonly Command[];
  /** What a field with this `suggest` may be filled with, of the system that is named so far. Read when it is asked for. */
  values(suggest: string, system: string | undefined): Promise<readonly Offer[]>;
}

export interface Offer {
  readonly insert: string;
  readonly detail: string;
}

/** Values that fit one field of a command as it stands in a form; at most 25, which is what Discord shows. */
export async function choicesFor(
  asked: { readonly command: Command; readonly field: string; readonly typed: string; readonly values: FieldValues },
  offers: Offers,
): Promise<readonly Choice[]> {
  const fields = fieldsFor(asked.command, asked.values);
  const field = fields.find((each) => each.name === asked.field);
  if (!field) return [];
  const given = new Map(Object.entries(asked.values).map(([name, value]) => [name, String(value)]));
  const list = await listOf({ command: asked.command, given }, field, offers);
  const typed = asked.typed.trim().toLowerCase();
  const exact = list.filter((offer) => offer.insert.toLowerCase() === typed);
  return [...exact, ...fit(list, typed)]
    .slice(0, 25)
    .map(({ insert, detail }) => ({ value: insert, label: detail === "" ? insert : `${insert}: ${detail}` }));
}

/** Most offers at once: what a phone shows without much scrolling, and below every platform's 25. */
const most = 12;

/** What fits at the end of what has been typed: names of commands, then values and keys of the command's fields. */
export async function completionsFor(text: string, offers: Offers): Promise<readonly Completion[]> {
  if (text.length > longestText) return [];
  const words = wordsOf(text);
  const typing = words.at(-1)?.end === text.length ? words.at(-1) : undefined;
  const before = typing ? words.slice(0, -1) : words;
  const named = commandAt(before, offers.commands);
  const names = nameOffers(text, words, offers.commands);
  if (!named) return names.slice(0, most);
  const args = before.slice(named.words);
  const fields = fieldsFor(named.command, Object.fromEntries(givenIn(args, fieldsOf(named.command.input))));
  const given = givenIn(args, fields);
  const line: Line = { text, typing, command: named.command, fields, given };
  return [...(words.length === 2 ? names : []), ...(await fieldOffers(line, args, offers))].slice(0, most);
}

interface Line {
  readonly text: string;
  /** The word that ends at the caret; undefined after a space. */
  readonly typing: Word | undefined;
  readonly command: Command;
  readonly fields: readonly Field[];
  /** Values of the fields that stand before the caret. */
  readonly given: ReadonlyMap<string, string>;
}

/** Names that begin with what was typed, then those that hold it. A name that stands there already is not offered. */
function nameOffers(text: string, words: readonly Word[], commands: readonly Command[]): Completion[] {
  const after = words.length > 0 && words.at(-1)?.end !== text.length ? " " : "";
  const typed = words.map(valueOf).join(" ").toLowerCase() + after;
  const fitting = fit(
    commands.map(({ name, summary }) => ({ insert: name, detail: summary })),
    typed,
  );
  return fitting.map(({ insert, detail }) => ({ insert, from: words[0]?.start ?? text.length, label: insert, detail }));
}

async function fieldOffers(line: Line, args: readonly Word[], offers: Offers): Promise<Completion[]> {
  const { typing, fields } = line;
  const last = args.at(-1);
  const waiting = last && keyAt(last, fields);
  // `since:` or `--since` with a space after it waits for its value.
  if (waiting?.kind === "field" && waiting.value === undefined && waiting.field.kind !== "boolean")
    return valueOffers(line, { field: waiting.field, offset: 0, offers });
  const key = typing && keyAt(typing, fields);
  if (key?.kind === "field" && !key.bare) return valueOffers(line, { field: key.field, offset: key.offset, offers });
  const next = fields.find((field) => field.positional && !line.given.has(field.name));
  return [...(next ? await valueOffers(line, { field: next, offset: 0, offers }) : []), ...keyOffers(line)];
}

function keyOffers({ text, typing, fields, given }: Line): Completion[] {
  const typed = (typing ? text.slice(typing.start) : "").toLowerCase();
  const from = typing?.start ?? text.length;
  return fields
    .filter((field) => !field.positional && (field.repeated || !given.has(field.name)))
    .map((field) => ({
      insert: typed.startsWith("--") || field.kind === "boolean" ? `--${field.name}` : `${field.name}:`,
      field,
    }))
    .filter(({ insert, field }) => insert.startsWith(typed) || field.name.startsWith(typed))
    .map(({ insert, field }) => ({ insert, from, label: insert, detail: field.help || field.label }));
}

async function valueOffers(line: Line, at: { field: Field; offset: number; offers: Offers }): Promise<Completion[]> {
  const from = (line.typing?.start ?? line.text.length) + at.offset;
  const typed = line.text
    .slice(from)
    .replace(/^["“„”'‘‚’]/, "")
    .toLowerCase();
  return fit(await listOf(line, at.field, at.offers), typed).map(({ insert, detail }) => ({
    insert: /[\s"'“„”‘‚’]/.test(insert) && !at.field.rest ? quote(insert) : insert,
    from,
    label: insert,
    detail,
  }));
}

function fit(offers: readonly Offer[], typed: string): Offer[] {
  const open = offers.filter((offer) => offer.insert.toLowerCase() !== typed);
  const starting = open.filter((offer) => offer.insert.toLowerCase().startsWith(typed));
  const holding = open.filter(
    (offer) => typed.length > 1 && !starting.includes(offer) && offer.insert.toLowerCase().includes(typed),
  );
  return [...starting, ...holding];
}

async function listOf(line: Pick<Line, "command" | "given">, field: Field, offers: Offers): Promise<readonly Offer[]> {
  const fixed = fixedOffers(field, offers.commands);
  if (fixed) return fixed;
  const { systemField } = line.command;
  const system = systemField === undefined ? undefined : line.given.get(systemField);
  return field.suggest === undefined ? [] : unique(await offers.values(field.suggest, system));
}

/** What can be offered without reading anything. */
function fixedOffers(field: Field, commands: readonly Command[]): readonly Offer[] | undefined {
  if (field.choices) return field.choices.map((insert) => ({ insert, detail: field.label }));
  if (field.kind === "boolean") return ["yes", "no"].map((insert) => ({ insert, detail: field.label }));
  switch (field.suggest) {
    case "commands":
      return commands.map(({ name, summary }) => ({ insert: name, detail: summary }));
    case "levels":
      return ["error", "warn", "info", "debug"].map((insert) => ({ insert, detail: "and worse" }));
    case "durations":
      return ["15m", "1h", "6h", "24h", "7d"].map((insert) => ({ insert, detail: field.label }));
    case undefined:
    default:
      return undefined;
  }
}

function unique(offers: readonly Offer[]): Offer[] {
  return [...new Map(offers.map((offer) => [offer.insert, offer])).values()];
}

/** Which fields the words before the caret fill, read leniently: the line is not finished. */
function givenIn(args: readonly Word[], fields: readonly Field[]): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  let waiting: Field | undefined;
  for (const word of args) {
    const key = keyAt(word, fields);
    const field =
      key.kind === "field" ? key.field : (waiting ?? fields.find((each) => each.positional && !given.has(each.name)));
    if (field) given.set(field.name, key.kind === "field" ? (key.value ?? "") : valueOf(word));
    waiting = key.kind === "field" && key.value === undefined && key.field.kind !== "boolean" ? key.field : undefined;
  }
  return given;
}
