import type { DeliveryContent, FieldValues } from "../../domain/commands/delivery-content.ts";
import type { Form } from "./form.ts";

/**
 * What a button carries is not for editing: it goes along unseen, but for what is wrong with it. Answers the form without
 * the fields that are carried, and their values.
 */
export function splitForm(
  form: Form,
  content: DeliveryContent,
): { readonly shown: Form; readonly carried: FieldValues } {
  if (content.kind !== "press") return { shown: form, carried: {} };
  const carried = Object.fromEntries(Object.entries(form.values).filter(([name]) => form.errors[name] === undefined));
  return { shown: { ...form, fields: form.fields.filter((field) => carried[field.name] === undefined) }, carried };
}
