import { randomBytes } from "node:crypto";
import type { Place } from "../../domain/messages/place.ts";
import type { Form } from "../language/form.ts";
import { modalFields } from "./render/form.ts";

/** A form that somebody has before them. It is only a form: what comes of it is judged anew when it is sent. */
export interface OpenForm {
  readonly form: Form;
  readonly place: Place;
}

const remembered = 1_000;
const prefix = "form:";

/** The custom id of a form's modal. The command goes along when the modal holds all there is to know of the form. */
export function modalId(id: string, form: Form): string {
  const shown = new Set(modalFields(form).map((field) => field.name));
  const whole = Object.keys(form.values).every((name) => shown.has(name));
  return `${prefix}${id}:${whole ? form.command : ""}`;
}

/** What a modal's custom id says; undefined for one that is not a form's. */
export function readModalId(customId: string): { readonly id: string; readonly command: string } | undefined {
  const found = /^form:([0-9a-f]+):(.*)$/.exec(customId);
  return found ? { id: found[1] ?? "", command: found[2] ?? "" } : undefined;
}

/** The forms that are open, by the id their modal carries; the oldest are forgotten first. */
export class OpenForms {
  readonly #forms = new Map<string, OpenForm>();

  keep(form: OpenForm): string {
    const id = randomBytes(12).toString("hex");
    this.#forms.set(id, form);
    const [oldest] = this.#forms.keys();
    if (this.#forms.size > remembered && oldest !== undefined) this.#forms.delete(oldest);
    return id;
  }

  find(id: string): OpenForm | undefined {
    return this.#forms.get(id);
  }
}
