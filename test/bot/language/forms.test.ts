import { expect, it } from "vitest";
import { demoVariables } from "../../../demo/variables.ts";
import { modalFields, readModal, renderModal } from "../../../src/bot/discord/render/form.ts";
import { fieldsOf } from "../../../src/bot/language/fields.ts";
import { type Form, formOf } from "../../../src/bot/language/form.ts";
import { splitForm } from "../../../src/bot/language/split-form.ts";
import { formErrors, readForm, renderForm } from "../../../src/bot/slack/render/form.ts";
import { commands } from "../../../src/commands/index.ts";
import { operationCommands } from "../../../src/commands/run.ts";
import { configOrRefuse, demoPlace } from "../../../src/compose/config.ts";
import type { Command } from "../../../src/domain/commands/command.ts";
import { modalProblems } from "../../fakes/discord/limits.ts";
import { viewProblems } from "../../fakes/slack/limits.ts";

const { config } = await configOrRefuse(demoPlace, demoVariables);
const all = [...commands, ...operationCommands(config.systems)];

/** A form for everything a command takes, filled in, with something wrong everywhere. */
function wholeForm(command: Command): Form {
  const fields = fieldsOf(command.input);
  return {
    command: command.name,
    title: command.summary,
    submit: "Ask",
    danger: false,
    fields,
    values: Object.fromEntries(fields.map((field) => [field.name, field.choices?.[0] ?? "x".repeat(5_000)])),
    errors: Object.fromEntries(fields.map((field) => [field.name, "It is wrong. ".repeat(40)])),
    carried: [],
    about: [],
    usage: command.name,
  };
}

it.each(all.map((command) => [command.name, command] as const))(
  "%s has a form that both platforms take",
  (_name, command) => {
    const form = wholeForm(command);
    const empty = { ...form, values: {}, errors: {} };
    for (const each of [form, empty]) {
      expect(viewProblems(renderForm(each, "{}"))).toEqual([]);
      const fits = each.fields.length > 0;
      expect(fits ? modalProblems(renderModal(each, "form:1")) : []).toEqual([]);
    }
    expect(Object.keys(formErrors(form))).toEqual(form.fields.map((field) => `field:${field.name}`));
  },
);

it("what is missing or wrong has room in a modal before what is known", () => {
  const command = all.find((each) => each.name === "logs");
  if (!command) throw new Error("no logs");
  const form = { ...wholeForm(command), errors: { level: "no such level" }, values: {} };
  const shown = modalFields(form).map((field) => field.name);
  expect(shown).toHaveLength(5);
  expect(shown.slice(0, 2)).toEqual(["level", "system"]);
});

it("reads what was filled in, and leaves out what was left empty", () => {
  const state = {
    "field:system": { value: { value: "alphapulse" } },
    "field:level": { value: { selected_option: { value: "error" } } },
    "field:reason": { value: { value: null } },
    other: { value: { value: "x" } },
  };
  expect(readForm(state)).toEqual({ system: "alphapulse", level: "error" });
  const label = (component: object) => ({ type: 18, component });
  const components = [
    label({ type: 4, custom_id: "field:system", value: "alphapulse" }),
    label({ type: 3, custom_id: "field:level", values: ["error"] }),
    label({ type: 4, custom_id: "field:reason", value: "" }),
    { type: 1, components: [{ type: 4, custom_id: "field:limit", value: "5" }] },
  ];
  expect(readModal(components)).toEqual({ system: "alphapulse", level: "error", limit: "5" });
});

it("a text that is shorter than a field takes is not put into it on Discord, which would refuse the form", () => {
  const open = all.find((each) => each.name === "incident declare");
  if (!open) throw new Error("there is no such command");
  const form = { ...wholeForm(open), values: { title: "ok" }, errors: {} };
  expect(JSON.stringify(renderModal(form, "form:1"))).not.toContain('"value":"ok"');
  expect(JSON.stringify(renderModal({ ...form, values: { title: "okay" } }, "form:1"))).toContain('"value":"okay"');
});

it("a text of several lines stands on one where Discord's form has one, and a field that may stay empty can", () => {
  const open = all.find((each) => each.name === "incident declare");
  if (!open) throw new Error("there is no such command");
  const whole = wholeForm(open);
  const title = whole.fields.find((field) => field.name === "title");
  if (!title) throw new Error("there is no such field");
  const form = { ...whole, fields: [title], values: { title: "the feed\nis stale" }, errors: {} };
  const modal = renderModal(form, "form:1");
  expect(JSON.stringify(modal)).toContain('"value":"the feed is stale"');
  expect(JSON.stringify(modal)).toContain('"min_length":');
  expect(modalProblems(modal)).toEqual([]);
  const optional = renderModal({ ...form, fields: [{ ...title, required: false }] }, "form:1");
  expect(JSON.stringify(optional)).not.toContain('"min_length":');
});

it("what a button carries is told on both platforms and is no field", () => {
  const approve = all.find((each) => each.name === "confirm approve");
  if (!approve) throw new Error("there is no such command");
  const asked = { values: { request: "ab".repeat(16), digest: "cd".repeat(32) }, errors: {} };
  const form = formOf(approve, asked, { ask: ["seen"], carried: ["request", "digest"] });
  const { shown, carried } = splitForm({ ...form, about: ["Request 4F7A2C"] });
  expect(carried).toEqual(asked.values);
  for (const rendered of [renderForm(shown, "{}"), renderModal(shown, "form:1")]) {
    const text = JSON.stringify(rendered);
    expect(text).toContain("Request 4F7A2C");
    expect(text).toContain("field:seen");
    expect(text).not.toMatch(/field:(?:request|digest)|abab|cdcd/);
  }
});

it("the fake Discord refuses several lines where there is one, and a text that is empty", () => {
  const modal = (value: string) => ({
    custom_id: "form:1",
    title: "x",
    components: [{ type: 18, label: "x", component: { type: 4, custom_id: "field:x", style: 1, value } }],
  });
  expect(modalProblems(modal("one"))).toEqual([]);
  expect(modalProblems(modal("one\ntwo"))).not.toEqual([]);
  expect(modalProblems(modal(""))).not.toEqual([]);
});
