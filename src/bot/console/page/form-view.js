import { setFormAside, submitForm } from "./actions.js";
import { html, nothing } from "./lit.js";
import { state } from "./state.js";

/**
 * @import { Field } from "../../language/field.ts"
 * @import { FormView } from "../wire.ts"
 */

/** The form the bot opened, over everything else. */
export function formView() {
  const open = state.form;
  if (!open) return nothing;
  const { form } = open.view;
  const sending = open.pending !== undefined;
  const stray = Object.entries(form.errors).filter(([name]) => !form.fields.some((field) => field.name === name));
  return html`<dialog
    class="form-dialog ${form.danger ? "danger" : ""}"
    aria-labelledby="form-title"
    @close=${(/** @type {Event} */ event) => {
      // Closed by Escape; when the state closed it, there is nothing left to set aside.
      if (event.target === event.currentTarget && state.form) setFormAside();
    }}
  >
    <form @submit=${(/** @type {SubmitEvent} */ event) => submitted(event, open.view)}>
      <h2 id="form-title">${form.title}</h2>
      ${form.about.map((each) => html`<p class="form-about">${each}</p>`)}
      ${stray.map(([, why]) => html`<p class="form-error" role="alert">${why}</p>`)}
      ${form.fields.map((field) => fieldView(field, open.view, sending))}
      <div class="form-foot">
        ${
          sending && state.connection !== "online"
            ? html`<span class="form-wait" role="status">Waiting for the connection</span>`
            : nothing
        }
        <button type="button" class="button default" ?disabled=${sending} @click=${setFormAside}>Cancel</button>
        <button type="submit" class="button ${form.danger ? "danger solid" : "primary"}" ?disabled=${sending} aria-busy=${sending ? "true" : "false"}>
          ${sending ? html`<span class="spinner" aria-hidden="true"></span>` : nothing}${form.submit}
        </button>
      </div>
    </form>
  </dialog>`;
}

/** What had the focus before the dialog took it. @type {Element | null | undefined} */
let opener;

/** A dialog that just came to be is opened, with the first field to fill in focus; one that is gone gives it back. */
export function showForm() {
  const dialog = document.querySelector("dialog.form-dialog");
  if (!(dialog instanceof HTMLDialogElement)) return giveFocusBack();
  if (!dialog.open) {
    opener = document.activeElement;
    dialog.showModal();
    focusFirst(dialog);
  }
  const wrong = dialog.querySelector("[aria-invalid=true]");
  const version = Object.values(state.form?.view.form.errors ?? {}).join("\n");
  if (wrong instanceof HTMLElement && dialog.dataset["errors"] !== version) wrong.focus();
  dialog.dataset["errors"] = version;
}

function giveFocusBack() {
  if (opener === undefined) return;
  const usable = opener instanceof HTMLElement && opener.isConnected && opener !== document.body;
  const next = usable ? opener : document.getElementById("composer-channel");
  opener = undefined;
  if (next instanceof HTMLElement) next.focus();
}

/** @param {HTMLDialogElement} dialog */
function focusFirst(dialog) {
  const fields = [...dialog.querySelectorAll("input, textarea, select")].filter((each) => each instanceof HTMLElement);
  const empty = fields.find((each) => "value" in each && each.value === "");
  (empty ?? fields[0])?.focus();
}

/** @param {Field} field @param {FormView} view @param {boolean} sending */
function fieldView(field, { form }, sending) {
  const id = `field-${field.name}`;
  const why = form.errors[field.name];
  const described = [field.help ? `${id}-help` : "", why ? `${id}-why` : ""].filter(Boolean).join(" ");
  if (field.kind === "boolean") return checkView(field, { id, checked: form.values[field.name] === true, sending });
  return html`<div class="form-field ${why ? "wrong" : ""}">
    <label for=${id}>${field.label}${field.required ? nothing : html` <span class="muted">optional</span>`}</label>
    ${controlView(field, {
      id,
      value: String(form.values[field.name] ?? field.default ?? ""),
      described: described || nothing,
      invalid: why ? "true" : nothing,
      sending,
    })}
    ${field.help ? html`<p class="form-help" id=${`${id}-help`}>${field.help}</p>` : nothing}
    ${why ? html`<p class="form-error" id=${`${id}-why`} role="alert">${why}</p>` : nothing}
  </div>`;
}

/** @param {Field} field @param {{ id: string, checked: boolean, sending: boolean }} how */
function checkView(field, { id, checked, sending }) {
  return html`<div class="form-field check">
    <input type="checkbox" id=${id} name=${field.name} ?checked=${checked} ?disabled=${sending} />
    <label for=${id}>${field.label}</label>
    ${field.help ? html`<p class="form-help">${field.help}</p>` : nothing}
  </div>`;
}

/**
 * @param {Field} field
 * @param {{ id: string, value: string, described: unknown, invalid: unknown, sending: boolean }} how
 */
function controlView(field, { id, value, described, invalid, sending }) {
  switch (field.kind) {
    case "paragraph":
      return html`<textarea id=${id} name=${field.name} rows="3" maxlength="4000" .value=${value} ?required=${field.required} ?disabled=${sending} aria-describedby=${described} aria-invalid=${invalid}></textarea>`;
    case "choice":
      return html`<select id=${id} name=${field.name} ?required=${field.required} ?disabled=${sending} aria-describedby=${described} aria-invalid=${invalid}>
        ${value === "" ? html`<option value="">Choose…</option>` : nothing}
        ${(field.choices ?? []).map((choice) => html`<option value=${choice} ?selected=${choice === value}>${choice}</option>`)}
      </select>`;
    case "integer":
    case "number":
      return html`<input id=${id} name=${field.name} type="number" inputmode="decimal" step=${field.kind === "integer" ? "1" : "any"} min=${field.min ?? nothing} max=${field.max ?? nothing} .value=${value} ?required=${field.required} ?disabled=${sending} aria-describedby=${described} aria-invalid=${invalid} />`;
    case "text":
    case "boolean":
      return html`<input id=${id} name=${field.name} type="text" maxlength="4000" autocomplete="off" .value=${value} ?required=${field.required} ?disabled=${sending} aria-describedby=${described} aria-invalid=${invalid} />`;
  }
}

/** @param {SubmitEvent} event @param {FormView} view */
function submitted(event, { form }) {
  event.preventDefault();
  if (!(event.currentTarget instanceof HTMLFormElement)) return;
  const data = new FormData(event.currentTarget);
  /** @type {Record<string, string | number | boolean>} */
  const values = { ...form.values };
  for (const field of form.fields) {
    const value = valueOf(field, data.get(field.name));
    if (value === undefined) delete values[field.name];
    else values[field.name] = value;
  }
  submitForm(values);
}

/** What was left empty is left out. @param {Field} field @param {FormDataEntryValue | null} entered */
function valueOf(field, entered) {
  if (field.kind === "boolean") return entered !== null;
  const text = typeof entered === "string" ? entered.trim() : "";
  if (text === "") return undefined;
  // What a number would alter stays as it was typed.
  const isNumber = field.kind === "number" || (field.kind === "integer" && Number.isSafeInteger(Number(text)));
  return isNumber ? Number(text) : text;
}
