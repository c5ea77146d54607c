import type { Command } from "../../domain/commands/command.ts";
import type { FieldValues } from "../../domain/commands/delivery-content.ts";
import { type Checked, checkValues } from "./check-values.ts";
import type { Field } from "./field.ts";
import { fieldsFor, fieldsOf } from "./fields.ts";
import { likeLines, withoutAsides } from "./habits.ts";
import { inOrder, systemsKnown } from "./in-order.ts";
import { type InputProblem, longestText, type WhatWasMeant } from "./input-problem.ts";
import { keyAt, type TypedKey } from "./keys.ts";
import { spokenTime, timeValue } from "./spoken-time.ts";
import { readStop } from "./stop-line.ts";
import { valueOf, type Word, wordsOf } from "./tokens.ts";

export type Parsed =
  | ({ readonly kind: "ready"; readonly command: Command } & Extract<Checked, { ok: true }>)
  /** The command is known; something it needs is missing or wrong, so that a form can ask for it. */
  | ({ readonly kind: "incomplete"; readonly command: Command } & Extract<Checked, { ok: false }>)
  | { readonly kind: "unreadable"; readonly problem: InputProblem };

/**
 * Reads a typed command. It never throws and never does anything: a name of one or two words, the longest first, then
 * `key:value`, `key=value`, `--key value`, `--flag` and the positional fields in order. A word with a colon whose key is
 * no field of the command is an ordinary word, so `api:1.2.3`, `10:30` and `https://…` arrive as typed.
 */
export function parse(typed: string, commands: readonly Command[]): Parsed {
  // A habit from chat: `/status`.
  const text = typed.replace(/^\s*\/(?=[a-z])/i, "");
  if (text.length > longestText)
    return stopIn(text.slice(0, longestText), commands) ?? unreadable({ code: "too-long", length: text.length });
  const parsed = parseLine(text, commands);
  if (stands(parsed, commands)) return parsed;
  const stop = stopIn(text, commands);
  // What its system does not have is told by the command that was named.
  const isLess =
    stop?.kind === "unreadable" &&
    "meant" in stop.problem &&
    stop.problem.meant?.length === 0 &&
    parsed.kind !== "unreadable";
  return stop && !isLess ? stop : parsed;
}

/** Can it be carried out as it was typed? A form asks for what only lacks something. */
function stands(parsed: Parsed, commands: readonly Command[]): boolean {
  if (parsed.kind === "unreadable") return false;
  const { command, values } = parsed;
  const system = values[command.systemField ?? ""];
  if (parsed.kind === "incomplete" && system === undefined) return true;
  if (command.refusal?.(values)) return false;
  const known = commands.flatMap(({ stops = [] }) => stops.flatMap(({ names }) => names));
  return parsed.kind === "ready" && (!command.urgent || known.includes(String(system)));
}

/** What a line that is no command as it stands asks to stop. A dry run of it is none of its own: it is typed as one. */
function stopIn(text: string, commands: readonly Command[]): Parsed | undefined {
  const asked = readStop(text, wordsOf(text), commands);
  if (!asked) return undefined;
  if (asked.kind === "several") {
    const known = commands.map((each) => each.name);
    const of = asked.of && { of: asked.of };
    return unreadable({ code: "unknown-command", typed: text.trim(), known, meant: asked.meant, ...of });
  }
  const { command, values, rest } = asked;
  const words = wordsOf(rest);
  const read = readArguments({ text: rest, words, command, given: values });
  const whole = checkValues(command, "problem" in read ? { ...values, reason: rest } : read.values);
  return whole.ok ? { kind: "ready", command, ...whole } : { kind: "incomplete", command, ...whole };
}

function parseLine(text: string, commands: readonly Command[]): Parsed {
  const words = wordsOf(text);
  if (words.length === 0) return unreadable({ code: "empty" });
  const answered = answeredBy(words, commands);
  if (answered) return answered;
  const named = commandAt(words, commands);
  if (!named) return unreadable(unknownCommand(words.map(valueOf), commands));
  const { command } = named;
  const read = readArguments({ text, words: words.slice(named.words), command });
  if ("problem" in read) {
    const { problem } = read;
    const inOtherOrder =
      problem.code === "extra-word" ? inOrder(text, { command, named: named.words, commands }) : undefined;
    const isRead =
      inOtherOrder !== undefined &&
      "values" in readArguments({ text: inOtherOrder, words: wordsOf(inOtherOrder).slice(named.words), command });
    return unreadable(problem.code === "extra-word" && isRead ? { ...problem, meant: inOtherOrder } : problem);
  }
  const checked = checkValues(command, read.values);
  const swapped = inSwappedOrder(text, { ...named, commands, values: checked.values });
  if (swapped) return unreadable(swapped);
  return checked.ok ? { kind: "ready", command, ...checked } : { kind: "incomplete", command, ...checked };
}

/** `yes`: a whole line that says of nothing what it is about. */
function answeredBy(words: readonly Word[], commands: readonly Command[]): Parsed | undefined {
  const line = words
    .map(valueOf)
    .join(" ")
    .toLowerCase()
    .replace(/[.!]+$/, "");
  const command = commands.find(({ answers = [] }) => answers.includes(line));
  const checked = command && checkValues(command, {});
  return command && checked?.ok ? { kind: "ready", command, ...checked } : undefined;
}

/** `logs api prsm`: of two words the other one names a system. What is urgent is read as it stands. */
function inSwappedOrder(
  text: string,
  named: {
    readonly command: Command;
    readonly words: number;
    readonly commands: readonly Command[];
    readonly values: FieldValues;
  },
): InputProblem | undefined {
  const { command, words, commands, values } = named;
  const { systemField = "" } = command;
  const [known, system] = [systemsKnown(commands), String(values[systemField] ?? "")];
  if (command.urgent || system === "" || known.has(system.toLowerCase())) return undefined;
  const others = fieldsOf(command.input).filter(({ name, kind }) => name !== systemField && kind !== "paragraph");
  const of = others.map(({ name }) => String(values[name] ?? "").toLowerCase()).find((value) => known.has(value));
  if (of === undefined) return undefined;
  const meant = inOrder(text, { command, named: words, commands });
  return meant === undefined ? undefined : { code: "other-order", system, of, meant };
}

function unknownCommand(words: readonly string[], commands: readonly Command[]): InputProblem {
  const asked = meantAskings(words, commands);
  const meant = asked.length > 0 ? asked : meantAskings(withoutAsides(words), commands);
  const like = likeLines(words, { commands, systems: systemsKnown(commands) }).filter(
    (line) => parseLine(line, commands).kind !== "unreadable",
  );
  return {
    code: "unknown-command",
    typed: words.slice(0, 2).join(" "),
    known: commands.map((each) => each.name),
    ...(meant.length > 0 && { meant }),
    ...(like.length > 0 && { like }),
  };
}

/** What the first words name although it is no command, `restart service` too; of the system that is named, where one is. */
function meantAskings(words: readonly string[], commands: readonly Command[]): readonly WhatWasMeant[] {
  const lower = words.map((word) => word.toLowerCase().replaceAll("_", "-"));
  const [first = "", second = ""] = lower;
  const all = commands.flatMap((command) =>
    [first, `${first}-${second}`, second].flatMap((name) =>
      (command.typedAlone?.get(name) ?? []).map((asking) => ({ ...asking, command })),
    ),
  );
  const ofNamed = all.filter(({ args, command: { systemField = "" } }) => lower.includes(args[systemField] ?? ""));
  return ofNamed.length > 0 ? ofNamed : all;
}

/** The command whose name the words begin with, the longest name first, and how many words the name takes. */
export function commandAt(
  words: readonly Word[],
  commands: readonly Command[],
): { command: Command; words: number } | undefined {
  for (const count of [2, 1]) {
    const name = words.slice(0, count).map(valueOf).join(" ").toLowerCase();
    const command = words.length >= count ? commands.find((each) => each.name === name) : undefined;
    if (command) return { command, words: count };
  }
  return undefined;
}

interface Line {
  readonly text: string;
  readonly words: readonly Word[];
  readonly command: Command;
  /** What is known before any of it is read. */
  readonly given?: FieldValues;
}

type Outcome = { readonly values: FieldValues } | { readonly problem: InputProblem };

function readArguments(line: Line): Outcome {
  const fields = fieldsOf(line.command.input);
  const reading = new Reading(fields, line.command);
  for (const [name, value] of Object.entries(line.given ?? {}))
    reading.give(
      fields.find((field) => field.name === name),
      String(value),
    );
  let at = 0;
  while (at < line.words.length && !reading.problem) at = readWord(reading, line, at);
  return reading.finish();
}

/** Reads the word at a position; answers the position of the next one. */
function readWord(reading: Reading, line: Line, at: number): number {
  const word = line.words[at];
  if (!word) return at + 1;
  const key = keyAt(word, reading.fields);
  if (key.kind === "field") return readKey(reading, line, { at, key });
  if (word.unclosed) return reading.fail({ code: "unclosed-quote", text: line.text.slice(word.quoteAt) });
  if (key.kind === "unknown") return reading.fail({ code: "unknown-flag", flag: key.name, command: line.command });
  reading.leaveOut(valueOf(word));
  const time = spokenTime(line.words, at, { fields: reading.fields, open: reading.openTimes() });
  if (time) {
    reading.give(time.field, time.value);
    return time.next;
  }
  if (reading.nextPositional()?.rest) return takeRest(reading, line, { at, word });
  reading.positionals.push(valueOf(word));
  return at + 1;
}

/** Everything up to the next key of the command: one that is typed behind a text counts as one typed before it. */
function takeRest(reading: Reading, line: Line, { at, word }: { at: number; word: Word }): number {
  const next = nextKey(reading, line, at + 1);
  const whole = next === at + 1 && word.head === "" && word.quoted !== undefined;
  const text = line.text.slice(word.start, line.words[next]?.start).trimEnd();
  reading.give(reading.nextPositional(), whole ? valueOf(word) : text);
  return next;
}

function readKey(
  reading: Reading,
  line: Line,
  found: { at: number; key: Extract<TypedKey, { kind: "field" }> },
): number {
  const { at, key } = found;
  const word = line.words[at];
  if (key.value !== undefined)
    return takeValue(reading, line, { at, field: key.field, value: key.value, start: (word?.start ?? 0) + key.offset });
  const next = line.words[at + 1];
  if (key.field.kind === "boolean" && key.bare && !(next && /^(?:true|false|yes|no)$/i.test(valueOf(next)))) {
    reading.give(key.field, key.negated ? "false" : "true");
    return at + 1;
  }
  if (!next || keyAt(next, reading.fields).kind !== "none")
    return reading.fail({ code: "no-value", field: key.field, command: line.command });
  return takeValue(reading, line, { at: at + 1, field: key.field, value: valueOf(next), start: next.start });
}

/** A value that is not in quotes ends with its word, but in a field for free text it goes on to the next key. */
function takeValue(
  reading: Reading,
  line: Line,
  taken: { at: number; field: Field; value: string; start: number },
): number {
  const { at, field, value, start } = taken;
  const word = line.words[at];
  const quoted = word?.quoteAt === start;
  if (word?.unclosed && quoted) return reading.fail({ code: "unclosed-quote", text: line.text.slice(start) });
  if (field.kind !== "paragraph" || field.repeated || quoted) {
    if (word?.unclosed) return reading.fail({ code: "unclosed-quote", text: line.text.slice(word.quoteAt) });
    const time = field.time && !quoted ? timeValue(line.words, at, reading.fields, value) : { value, next: at + 1 };
    reading.give(field, time.value);
    return time.next;
  }
  const next = nextKey(reading, line, at + 1);
  reading.give(field, line.text.slice(start, line.words[next]?.start).trimEnd());
  return next;
}

/**
 * The position of the next word that is a key of the command, from a position on; past every word when there is none. How long something
 * is to last counts as one, where nothing else follows it.
 */
function nextKey(reading: Reading, { words }: Line, from: number): number {
  const { fields } = reading;
  const open = reading.openTimes().filter(({ time }) => time === "for");
  const found = words.findIndex((word, at) => {
    if (at < from) return false;
    if (keyAt(word, fields).kind === "field") return true;
    const lasts = open.length > 0 && spokenTime(words, at, { fields, open });
    const after = lasts && words[lasts.next];
    return lasts && (!after || keyAt(after, fields).kind === "field");
  });
  return found < 0 ? words.length : found;
}

/** What has been read of one line so far. */
class Reading {
  readonly fields: readonly Field[];
  readonly positionals: string[] = [];
  problem: InputProblem | undefined;
  readonly #command: Command;
  readonly #given = new Map<string, string>();
  readonly #left = new Set<string>();

  constructor(fields: readonly Field[], command: Command) {
    this.fields = fields;
    this.#command = command;
  }

  /** The positional field that the next word without a key goes to. */
  nextPositional(): Field | undefined {
    return this.#open()[this.positionals.length];
  }

  /** A number that may be left out is, where the word is none and words may follow: `incident note restarted the gateway`. */
  leaveOut(word: string): void {
    const [next, after] = this.#open().slice(this.positionals.length);
    if (next?.kind === "integer" && !next.required && after?.rest && !/^[+-]?\d+$/.test(word))
      this.#left.add(next.name);
  }

  /** Fields for a time that have none yet. */
  openTimes(): readonly Field[] {
    return this.fields.filter(({ name, time }) => time !== undefined && !this.#given.has(name));
  }

  give(field: Field | undefined, value: string): void {
    if (!field) return;
    const before = this.#given.get(field.name);
    if (before === undefined) this.#given.set(field.name, value);
    else if (field.repeated) this.#given.set(field.name, `${before}\n${value}`);
    else this.fail({ code: "given-twice", field, values: [before, value], command: this.#command });
  }

  /** Ends the reading; past every word. */
  fail(problem: InputProblem): number {
    this.problem ??= problem;
    return Number.POSITIVE_INFINITY;
  }

  finish(): Outcome {
    const open = this.#openAsNamed();
    const extra = this.positionals[open.length];
    const given = [...this.#given.keys()];
    if (extra !== undefined) this.fail({ code: "extra-word", word: extra, given, command: this.#command });
    if (this.problem) return { problem: this.problem };
    for (const [position, value] of this.positionals.entries()) this.give(open[position], value);
    return { values: Object.fromEntries(this.#given) };
  }

  /** Those of what the first words name: a system's own operation may take more words in order than all together do. */
  #openAsNamed(): Field[] {
    const named = this.#open().flatMap((field, at) => {
      const word = this.positionals[at];
      return word === undefined ? [] : [[field.name, word] as const];
    });
    return this.#open(fieldsFor(this.#command, { ...Object.fromEntries(this.#given), ...Object.fromEntries(named) }));
  }

  #open(fields = this.fields): Field[] {
    const open = fields.filter(({ name }) => !this.#given.has(name) && !this.#left.has(name));
    return [
      ...open.filter(({ positional }) => positional),
      ...open.filter(({ positional, rest }) => rest && !positional),
    ];
  }
}

function unreadable(problem: InputProblem): Parsed {
  return { kind: "unreadable", problem };
}
