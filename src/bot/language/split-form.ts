import type { FieldValues } from "../../domain/commands/delivery-content.ts";
import type { Form } from "./form.ts";

/** A form without the fields that its button carries, which are not for editing, and their values. */
export function splitForm(form: Form): { readonly shown: Form; readonly carried: FieldValues } {
  const carried = Object.fromEntries(Object.entries(form.values).filter(([name]) => form.carried.includes(name)));
  return { shown: { ...form, fields: form.fields.filter(({ name }) => carried[name] === undefined) }, carried };
}
