import { type APIModalInteractionResponseCallbackData, ComponentType, TextInputStyle } from "discord.js";
import { z } from "zod";
import { cutText } from "../../../domain/text/cut-text.ts";
import { inertLine } from "../../chat/card-lines.ts";
import type { Field } from "../../language/field.ts";
import type { Form } from "../../language/form.ts";

/** Discord: 45 characters in a title or label, 100 in a description, five fields, 25 options, 4,000 in an input. */
const titleMax = 45;
const describeMax = 100;
const fieldsMax = 5;
const optionsMax = 25;
const inputMax = 4_000;

const prefix = "field:";

/** The fields a modal has room for: what is wrong or missing first. The others keep what they hold. */
export function modalFields(form: Form): readonly Field[] {
  const urgent = (field: Field): number =>
    form.errors[field.name] !== undefined ? 0 : form.values[field.name] === undefined && field.required ? 1 : 2;
  return form.fields.toSorted((a, b) => urgent(a) - urgent(b)).slice(0, fieldsMax);
}

/** A form as a modal. `id` comes back with its submission. */
export function renderModal(form: Form, id: string): APIModalInteractionResponseCallbackData {
  return {
    custom_id: id,
    title: cutText(inertLine([form.command, ...form.about].join(": ")), titleMax),
    components: modalFields(form).map((field) => {
      const describe = form.errors[field.name] ?? field.help;
      return {
        type: ComponentType.Label,
        label: cutText(inertLine(field.label), titleMax).trim() || field.name,
        ...(describe.trim() !== "" && { description: cutText(inertLine(describe), describeMax) }),
        component: inputOf(field, form.values[field.name] ?? field.default),
      };
    }),
  };
}

const Text = z.object({ type: z.literal(4), custom_id: z.string(), value: z.string() });
const Select = z.object({ type: z.literal(3), custom_id: z.string(), values: z.array(z.string()) });
const Given = z.union([Text, Select]);
const Submitted = z.array(
  z.union([
    z.object({ type: z.literal(18), component: Given }),
    z.object({ type: z.literal(1), components: z.array(Given) }),
  ]),
);

/** What was filled in, by field; a field left empty is left out. */
export function readModal(components: unknown): Record<string, string> {
  const inputs = Submitted.parse(components).flatMap((each) =>
    "component" in each ? [each.component] : each.components,
  );
  const values: Record<string, string> = {};
  for (const input of inputs) {
    const value = input.type === 4 ? input.value : (input.values[0] ?? "");
    if (input.custom_id.startsWith(prefix) && value !== "") values[input.custom_id.slice(prefix.length)] = value;
  }
  return values;
}

type ModalInput = Extract<
  NonNullable<APIModalInteractionResponseCallbackData["components"]>[number],
  { type: 18 }
>["component"];

function inputOf(field: Field, value: string | number | boolean | undefined): ModalInput {
  const custom_id = `${prefix}${field.name}`;
  const choices = field.kind === "boolean" ? ["yes", "no"] : (field.choices ?? []);
  const select = choices.length > 0 && choices.length <= optionsMax;
  const chosen = value === true ? "yes" : value === false ? "no" : value === undefined ? undefined : String(value);
  if (select) {
    const options = choices.map((choice) => ({
      label: cutText(choice, describeMax),
      value: choice.slice(0, describeMax),
      ...(choice === chosen && { default: true }),
    }));
    return { type: ComponentType.StringSelect, custom_id, options, required: field.required };
  }
  const paragraph = field.kind === "paragraph";
  const typed = field.kind === "text" || paragraph;
  // A field that may stay empty has no least length here: it would keep the form from being sent while it is empty.
  const least = typed && field.required ? Math.min(field.min ?? 0, inputMax) : 0;
  const lines = paragraph ? (chosen ?? "") : (chosen ?? "").replaceAll(/\s*[\r\n]+\s*/g, " ");
  const text = cutText(lines, Math.min(field.max ?? inputMax, inputMax));
  return {
    type: ComponentType.TextInput,
    custom_id,
    style: paragraph ? TextInputStyle.Paragraph : TextInputStyle.Short,
    required: field.required,
    ...(least > 0 && { min_length: least }),
    ...(typed && field.max !== undefined && field.max > 0 && { max_length: Math.min(field.max, inputMax) }),
    // Discord refuses a form whose text is empty, shorter than the form takes, or of two lines where there is one.
    ...(text.length >= Math.max(1, least) && { value: text }),
  };
}
