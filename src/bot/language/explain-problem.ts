import type { Command } from "../../domain/commands/command.ts";
import { type Card, type CardAction, mostButtons } from "../../domain/messages/card.ts";
import { ownValue } from "../../domain/own-value.ts";
import type { System } from "../../domain/systems/system.ts";
import { nearest } from "../../domain/text/distance.ts";
import { wholeItems } from "../../domain/text/quantities.ts";
import { usageOf } from "./catalogue.ts";
import type { Field } from "./field.ts";
import { fieldsOf } from "./fields.ts";
import type { Form } from "./form.ts";
import { type InputProblem, longestText, type WhatWasMeant } from "./input-problem.ts";

/** Why a text is no command, and what to type instead. */
export function problemCard(problem: InputProblem): Card {
  const { title, why, remedy } = wordProblem(problem);
  const usage = "command" in problem ? [{ kind: "code", text: usageOf(problem.command) } as const] : [];
  return {
    tone: "warning",
    title,
    summary: `${why} ${remedy}`,
    blocks: usage,
    footer: "help lists what you may do here.",
  };
}

/** How what was typed as if it were a command is asked for. */
export function meantCard(meant: readonly WhatWasMeant[]): Card {
  const names = [...new Set(meant.map(({ args, label }) => args["operation"] ?? label))];
  const [first] = meant;
  return {
    tone: "warning",
    title: meant.every(({ atOnce }) => atOnce)
      ? `Did you mean ${names.join(" or ")}?`
      : `${names.join(", ")} is asked for with ${first?.command.name ?? "another command"}`,
    summary: "Nothing was done. Type it like this:",
    blocks: [{ kind: "code", text: meant.map(({ usage }) => usage).join("\n") }],
    actions: actionsFor(meant),
    footer: "help lists what you may do here.",
  };
}

function actionsFor(meant: readonly WhatWasMeant[]): CardAction[] {
  return meant.slice(0, mostButtons).map(({ label, command, args, atOnce }) => ({
    label: atOnce ? label : `${label}…`,
    command: command.name,
    args,
    ...(atOnce && { style: "danger" as const }),
  }));
}

/** Nothing stops that system at once: what it has instead, and no other system's stop. */
export function noStopCard(
  { title, operations }: Pick<System, "title" | "operations">,
  nearestToIt: readonly WhatWasMeant[],
): Card {
  const has = Object.keys(operations);
  const instead =
    nearestToIt.length > 0
      ? "What comes nearest:"
      : has.length > 0
        ? `It has ${wholeItems(has, longestChoices)}.`
        : "It has no operations.";
  return {
    tone: "warning",
    title: nearestToIt.length > 0 ? `${title} has no stop of its own` : `${title} has nothing that stops it`,
    summary: `Nothing was stopped, here or elsewhere. ${instead}`,
    blocks: nearestToIt.length > 0 ? [{ kind: "code", text: nearestToIt.map(({ usage }) => usage).join("\n") }] : [],
    actions: actionsFor(nearestToIt),
    footer: "help run says how each operation is asked for.",
  };
}

/**
 * What a form would ask for, in words: for where none can be opened. `elsewhere` goes on from "ask again" and says where
 * there is one.
 */
export function needsMoreCard({ command, fields, values, errors, usage, offered = {} }: Form, elsewhere = ""): Card {
  const open = fields.filter(
    ({ name, required }) => required && values[name] === undefined && errors[name] === undefined,
  );
  const missing = open.map((field) => ({
    text: `${field.name} is missing. ${field.help || field.label}${choiceWords(field, offered)}`,
    tone: "warning" as const,
  }));
  const wrong = Object.entries(errors).map(([name, error]) => ({ text: `${name}: ${error}`, tone: "bad" as const }));
  const given = open.length > 0 ? [`give ${open.map(({ name }) => name).join(", ")}`] : [];
  const corrected = wrong.length > 0 ? [`correct ${Object.keys(errors).join(", ")}`] : [];
  const todo = [...given, ...corrected].join(" and ");
  return {
    tone: "warning",
    title:
      open.length > 0 ? `${command} needs more` : `${command} does not take that ${Object.keys(errors).join(", ")}`,
    summary: `Nothing was done. ${todo.charAt(0).toUpperCase()}${todo.slice(1)} and ask again${elsewhere}.`,
    blocks: [
      { kind: "list", items: [...missing, ...wrong] },
      { kind: "code", text: usage },
    ],
    footer: `help ${command} explains each field.`,
  };
}

/** Characters that the names of what there is may take: about as many as are read. */
const longestChoices = 240;

/** What there is to choose from; empty where nothing is known, or its help has it already. */
function choiceWords({ name, help, label, choices }: Field, offered: NonNullable<Form["offered"]>): string {
  const there = choices ?? ownValue(offered, name);
  if (there === undefined) return "";
  const words = help || label;
  const stop = /[.!?]$/.test(words) ? "" : ".";
  if (there.length === 0) return `${stop} There is none just now.`;
  if (there.every((each) => help.includes(each))) return "";
  return `${stop} There ${there.length === 1 ? "is" : "are"} ${wholeItems(there, longestChoices)}.`;
}

interface WordOfNoField {
  readonly word: string;
  /** The names of the fields that the text gives. */
  readonly given: readonly string[];
  readonly fields: readonly Field[];
}

interface Words {
  readonly title: string;
  readonly why: string;
  readonly remedy: string;
}

function wordProblem(problem: InputProblem): Words {
  switch (problem.code) {
    case "empty":
      return {
        title: "Nothing was asked",
        why: "There was no command.",
        remedy: "Type help to see what you may do here.",
      };
    case "too-long":
      return {
        title: "Too long",
        why: `A command has at most ${longestText} characters; this has ${problem.length}.`,
        remedy: "Shorten it.",
      };
    case "unknown-command":
      return unknownCommand(problem);
    case "other-order":
      return {
        title: "In another order",
        why: `There is no system ${cut(problem.system)}.`,
        remedy: `Type it like this: ${problem.meant}`,
      };
    case "unclosed-quote":
      return {
        title: "A quote is not closed",
        why: `The quote that opens at ${cut(problem.text)} never closes.`,
        remedy: 'Put the same quote at its end, before a space; write \\" for a quote inside.',
      };
    case "unknown-flag":
      return unknownFlag(problem.flag, problem.command);
    case "no-value":
      return {
        title: `${problem.field.name} has no value`,
        why: `${problem.field.name} needs a value after it.`,
        remedy: `For example ${problem.field.name}:${problem.field.choices?.[0] ?? "…"}.`,
      };
    case "given-twice":
      return {
        title: `${problem.field.name} is given twice`,
        why: `${problem.field.name} can be only one of ${problem.values.map(cut).join(" and ")}.`,
        remedy: "Leave one out.",
      };
    case "extra-word":
      return extraWord(problem);
  }
}

function unknownCommand({ typed, known, like = [] }: Extract<InputProblem, { code: "unknown-command" }>): Words {
  const [first = "", second = ""] = typed.toLowerCase().split(/\s+/);
  const words = { title: "Unknown command", why: `There is no command ${cut(typed.split(/\s+/)[0] ?? typed)}.` };
  if (first === "undo")
    return {
      ...words,
      remedy: `What undoes something stands on its card, as a button and as it is typed: confirm show ${/^[0-9a-f]{6}$/.test(second) ? second.toUpperCase() : "<code>"}.`,
    };
  if (like.length > 0) return { ...words, remedy: `Type it like this: ${like.join("; or ")}` };
  const group = known.filter((name) => name.startsWith(`${first} `));
  const close =
    nearest(
      `${first} ${second}`.trim(),
      known.filter((name) => name.includes(" ")),
    ) ?? nearest(first.replace(/^[/!.]/, ""), known);
  if (group.length > 0) {
    const guess = close?.startsWith(`${first} `) && second !== "" ? `Did you mean ${close}? ` : "";
    return {
      ...words,
      why: second === "" ? `${first} needs a second word.` : `There is no command ${cut(typed)}.`,
      remedy: `${guess}There are ${group.join(", ")}.`,
    };
  }
  return {
    ...words,
    remedy: close === undefined ? `${outlook(known)}Type help to see what there is.` : `Did you mean ${close}?`,
  };
}

/** What answers most questions, of those commands that there are. */
function outlook(known: readonly string[]): string {
  const there = ["status", "home"].filter((name) => known.includes(name));
  return there.length === 0 ? "" : `${there.join(" and ")} show${there.length === 1 ? "s" : ""} how things stand. `;
}

function unknownFlag(flag: string, command: Command): Words {
  const fields = fieldsOf(command.input).map((field) => field.name);
  const close = nearestField(flag.slice(2), command);
  const all =
    fields.length === 0
      ? `${command.name} takes none.`
      : `${command.name} takes ${fields.map((name) => `--${name}`).join(", ")}.`;
  return {
    title: "Unknown flag",
    why: `${command.name} has no ${cut(flag)}.`,
    remedy: close === undefined ? all : `Did you mean --${close}?`,
  };
}

function extraWord({ word, given, command, meant }: Extract<InputProblem, { code: "extra-word" }>): Words {
  const key = /^(\p{L}[\p{L}\p{N}_-]*)[:=]/u.exec(word)?.[1];
  const fields = fieldsOf(command.input);
  const close = key === undefined ? undefined : nearestField(key, command);
  if (key !== undefined && close !== undefined)
    return {
      title: "Unknown field",
      why: `${command.name} has no field ${cut(key)}.`,
      remedy: given.includes(close) ? `${close} is given already: leave this out.` : `Did you mean ${close}:?`,
    };
  const usual = fieldsRemedy({ word, given, fields });
  const remedy = meant === undefined ? usual : `Type it like this: ${meant}`;
  return { title: "A word too many", why: `${command.name} does not know what ${cut(word)} is for.`, remedy };
}

/** Which field a word without a key may be for: the only one that has it among its choices, or one for people's own words. */
function fieldsRemedy({ word, given, fields }: WordOfNoField): string {
  const open = fields.filter(({ name }) => !given.includes(name));
  const choosing = open.flatMap(({ name, choices = [] }) =>
    choices.filter((choice) => choice.toLowerCase() === word.toLowerCase()).map((choice) => `${name}:${choice}`),
  );
  if (choosing.length === 1) return `Did you mean ${choosing[0]}?`;
  const text = fields.find((field) => field.kind === "paragraph" && !field.repeated);
  const isShort = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,39}$/u.test(word);
  const named = open.find(({ kind, prose }) => isShort && kind === "text" && prose === true);
  if (!text) return "Put a value with spaces in quotes.";
  if (named) {
    const more = given.includes(text.name) ? "" : `, or ${text.name}:"…"`;
    return `Did you mean ${named.name}:${word}${more}?`;
  }
  return given.includes(text.name)
    ? `Leave it out, or put it inside the quotes of ${text.name}, which is given already.`
    : `Did you mean ${text.name}:"…"?`;
}

/** The field that is meant by a name that the command does not have. */
function nearestField(typed: string, { input }: Command): string | undefined {
  const fields = fieldsOf(input);
  const other = fields.find(({ alsoCalled = [] }) => alsoCalled.includes(typed.toLowerCase()));
  return (
    other?.name ??
    nearest(
      typed,
      fields.map(({ name }) => name),
    )
  );
}

function cut(text: string): string {
  return text.length > 40 ? `"${text.slice(0, 40)}…"` : `"${text}"`;
}
