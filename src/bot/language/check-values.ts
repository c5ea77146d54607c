import type { z } from "zod";
import type { Command } from "../../domain/commands/command.ts";
import type { FieldValues } from "../../domain/commands/delivery-content.ts";
import { truthOf } from "../../domain/commands/truth.ts";
import { nearest } from "../../domain/text/distance.ts";
import type { Field } from "./field.ts";
import { fieldsOf, inputFor } from "./fields.ts";
import { wordIssue } from "./word-issue.ts";

export type Checked =
  | { readonly ok: true; readonly values: FieldValues; readonly input: z.output<z.ZodObject> }
  | {
      readonly ok: false;
      /** What was given, each as the kind of its field where it could be. */
      readonly values: FieldValues;
      /** Required fields that were not given, in order. */
      readonly missing: readonly string[];
      /** What is wrong with a field that was given, in one sentence, by field. */
      readonly errors: Readonly<Record<string, string>>;
    };

/**
 * Brings what was typed, picked in a form or stored behind a button to the kinds of a command's fields, and has its
 * schema judge it. An empty text is a field left out: that is what forms send for it.
 */
export function checkValues(command: Command, given: FieldValues): Checked {
  const schema = inputFor(command, given);
  const fields = fieldsOf(schema);
  const values: Record<string, FieldValues[string]> = {};
  const errors: Record<string, string> = {};
  for (const field of fields) {
    const value = Object.hasOwn(given, field.name) ? given[field.name] : undefined;
    if (value === undefined || value === "") continue;
    const read = coerce(field, value);
    values[field.name] = read.value;
    if (read.error !== undefined) errors[field.name] = read.error;
  }
  const missing = fields
    .filter((field) => field.required && !Object.hasOwn(values, field.name))
    .map((field) => field.name);
  const judged = schema.safeParse(values, { error: wordIssue });
  if (judged.success && Object.keys(errors).length === 0) return { ok: true, values, input: judged.data };
  for (const issue of judged.error?.issues ?? []) {
    const name = String(issue.path[0] ?? "");
    if (!missing.includes(name)) errors[name] ??= issue.message;
  }
  return { ok: false, values, missing, errors };
}

interface Coerced {
  readonly value: FieldValues[string];
  readonly error?: string;
}

function coerce(field: Field, value: FieldValues[string]): Coerced {
  if (typeof value !== "string")
    return { value: field.kind === "text" || field.kind === "paragraph" ? String(value) : value };
  const text = value.trim();
  switch (field.kind) {
    case "text":
      // Ids of systems are lower-case, and phones begin a line with a capital.
      return { value: field.suggest === "systems" ? text.toLowerCase() : value };
    case "paragraph":
      return { value };
    case "integer":
      return toInteger(value, field);
    case "number":
      return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i.test(text)
        ? { value: Number(text) }
        : { value, error: `It must be a number, not ${shown(value)}.` };
    case "boolean":
      return toBoolean(value);
    case "choice":
      return toChoice(value, field);
  }
}

/** A number that would lose digits is never altered: it stays a text of its digits, or is refused. */
function toInteger(value: string, { everyDigit, min, max }: Field): Coerced {
  const text = value.trim();
  if (!/^[+-]?\d+$/.test(text)) return { value, error: `It must be a whole number, not ${shown(value)}.` };
  if (Number.isSafeInteger(Number(text))) return { value: Number(text) };
  if (everyDigit) {
    const exact = BigInt(text.replace("+", ""));
    if (min !== undefined && exact < min) return { value, error: `It must be at least ${boundWords(min)}.` };
    if (max !== undefined && exact > max) return { value, error: `It must be at most ${boundWords(max)}.` };
    return { value: String(exact) };
  }
  return { value, error: `It has more digits than are kept of a number, so it was not taken: ${shown(value)}.` };
}

function boundWords(bound: number): string {
  return Number.isInteger(bound) ? String(BigInt(bound)) : String(bound);
}

function toBoolean(value: string): Coerced {
  const truth = truthOf(value);
  return truth === undefined ? { value, error: `It must be yes or no, not ${shown(value)}.` } : { value: truth };
}

function toChoice(value: string, { choices = [], help }: Field): Coerced {
  const choice =
    choices.find((each) => each === value) ?? choices.find((each) => each.toLowerCase() === value.trim().toLowerCase());
  if (choice !== undefined) return { value: choice };
  const [only, ...others] = choices;
  if (only !== undefined && others.length === 0) {
    const more = help === "" ? "" : ` ${help.replace(/\.$/, "")}.`;
    return { value, error: `It can only be ${shown(only)}, whole, not ${shown(value)}.${more}` };
  }
  const close = nearest(value.trim(), choices);
  const guess = close === undefined ? "" : ` Did you mean ${close}?`;
  return { value, error: `It must be one of ${choices.join(", ")}, not ${shown(value)}.${guess}` };
}

function shown(value: string): string {
  return value.length > 40 ? `"${value.slice(0, 40)}…"` : `"${value}"`;
}
