import type { Store } from "../../domain/store.ts";
import { nothingUnreadable } from "../../records/legible.ts";
import { readRequest } from "../../records/request.ts";
import type { Field } from "../language/field.ts";
import type { Form } from "../language/form.ts";

/** The form with what its button carries in words, so that whoever fills it in sees what it is about. A request is named by its code. */
export async function withAbout(form: Form, store: Store): Promise<Form> {
  const carried = form.fields.filter(({ name, unseen }) => form.carried.includes(name) && !unseen);
  const about = await Promise.all(carried.map(async (field) => [field.label, await valueWords(form, field, store)]));
  return { ...form, about: about.map((words) => words.join(" ")) };
}

async function valueWords(form: Form, { name, suggest }: Field, store: Store): Promise<string> {
  const value = String(form.values[name] ?? "");
  if (suggest !== "requests") return value;
  const read = await readRequest(store, value).catch(nothingUnreadable);
  if (!read) return value;
  const { typedName } = read.sealed.plan;
  const asksName = typedName !== undefined && form.command === "confirm approve";
  return `${read.request.code}${asksName ? `; a yes takes the name ${typedName}` : ""}`;
}
