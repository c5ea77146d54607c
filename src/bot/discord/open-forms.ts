import { randomBytes } from "node:crypto";
import type { Place } from "../../domain/policy.ts";
import type { Form } from "../surface.ts";

/** A form that somebody has before them. It is only a form: what comes of it is judged anew when it is sent. */
export interface OpenForm {
  readonly form: Form;
  /** Values that are not for editing. */
  readonly carried: Readonly<Record<string, string | number | boolean>>;
  readonly place: Place;
}

const remembered = 1_000;

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
