import type { InputBlock, KnownBlock, ModalView, PlainTextOption } from "@slack/types";
import { z } from "zod";
import { cutText } from "../../../domain/text/cut-text.ts";
import { inertLine } from "../../chat/card-lines.ts";
import type { Field } from "../../language/field.ts";
import type { Form } from "../../language/form.ts";

/** Slack: 24 characters in a title or on a button, 2,000 in a label or hint, 75 in an option, 100 options, 3,000 in an input. */
const titleMax = 24;
const hintMax = 500;
const optionMax = 75;
const optionsMax = 100;
const inputMax = 3_000;

/** What every modal of ours is recognised by. */
export const formCallback = "wardroom-form";

const prefix = "field:";
const actionId = "value";

/** A form as a modal. `carried` comes back with the submission as it is; Slack shows it to nobody. */
export function renderForm(form: Form, carried: string): ModalView {
  return {
    type: "modal",
    callback_id: formCallback,
    title: plain(form.command, titleMax),
    submit: plain(form.submit, titleMax),
    close: plain("Cancel", titleMax),
    private_metadata: carried,
    blocks: [intro(form), ...form.fields.map((field) => inputOf(field, form))],
  };
}

/** What is wrong with a submitted form, by block, for `response_action: errors`. Empty when nothing is. */
export function formErrors(form: Form): Record<string, string> {
  const shown = form.fields.flatMap((field) => {
    const missing = field.required && form.values[field.name] === undefined ? "This is needed." : undefined;
    const error = form.errors[field.name] ?? missing;
    return error === undefined ? [] : [[`${prefix}${field.name}`, cutText(inertLine(error), hintMax)] as const];
  });
  return Object.fromEntries(shown);
}

const State = z.record(
  z.string(),
  z.record(
    z.string(),
    z.object({
      value: z.string().nullish(),
      selected_option: z.object({ value: z.string() }).nullish(),
    }),
  ),
);

/** What was filled in, by field; a field left empty is left out. */
export function readForm(state: unknown): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [block, actions] of Object.entries(State.parse(state))) {
    const given = actions[actionId]?.selected_option?.value ?? actions[actionId]?.value ?? "";
    if (block.startsWith(prefix) && given !== "") values[block.slice(prefix.length)] = given;
  }
  return values;
}

function intro(form: Form): KnownBlock {
  const errors = Object.entries(form.errors).map(([name, why]) => `${name}: ${why}`);
  const text = [form.title, ...form.about, ...errors].map(inertLine).join("\n");
  return { type: "section", text: plain(text, inputMax) };
}

function inputOf(field: Field, form: Form): InputBlock {
  const hint = [field.help, form.errors[field.name]].filter((each) => each).join(" ");
  return {
    type: "input",
    block_id: `${prefix}${field.name}`,
    optional: !field.required,
    label: plain(field.label, hintMax),
    ...(hint !== "" && { hint: plain(inertLine(hint), hintMax) }),
    element: elementOf(field, form.values[field.name] ?? field.default),
  };
}

function elementOf(field: Field, value: string | number | boolean | undefined): InputBlock["element"] {
  switch (field.kind) {
    case "text":
    case "paragraph":
      return {
        type: "plain_text_input",
        action_id: actionId,
        multiline: field.kind === "paragraph",
        ...(field.min !== undefined && field.min > 0 && { min_length: Math.min(field.min, inputMax) }),
        ...(field.max !== undefined && field.max > 0 && { max_length: Math.min(field.max, inputMax) }),
        ...(value !== undefined && { initial_value: cutText(String(value), inputMax) }),
      };
    case "integer":
    case "number":
      return {
        type: "number_input",
        action_id: actionId,
        is_decimal_allowed: field.kind === "number",
        ...(field.min !== undefined && { min_value: String(field.min) }),
        ...(field.max !== undefined && { max_value: String(field.max) }),
        ...(value !== undefined && !Number.isNaN(Number(value)) && { initial_value: String(value) }),
      };
    case "boolean":
      return selectOf(
        ["yes", "no"],
        value === undefined ? undefined : value === true || value === "true" ? "yes" : "no",
      );
    case "choice":
      return selectOf(field.choices ?? [], value === undefined ? undefined : String(value));
  }
}

function selectOf(choices: readonly string[], chosen: string | undefined): InputBlock["element"] {
  const options = choices
    .slice(0, optionsMax)
    .map((choice): PlainTextOption => ({ text: plain(choice, optionMax), value: choice.slice(0, 150) }));
  const initial = options.find((option) => option.value === chosen);
  return { type: "static_select", action_id: actionId, options, ...(initial && { initial_option: initial }) };
}

function plain(text: string, most: number): { type: "plain_text"; text: string; emoji: false } {
  return { type: "plain_text", text: cutText(text, most) || "…", emoji: false };
}
