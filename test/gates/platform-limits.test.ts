import { expect, test } from "vitest";
import { demoVariables } from "../../demo/variables.ts";
import type { Field } from "../../src/bot/language/field.ts";
import { fieldsOf } from "../../src/bot/language/fields.ts";
import { configOrRefuse, demoPlace } from "../../src/compose/config.ts";
import { commandsFor } from "../../src/compose/configuration.ts";
import { platformProblems, type Registered } from "./platform-limits.ts";

const field: Field = { name: "system", label: "System", help: "Which one", kind: "text", required: false };
const command: Registered = {
  name: "confirm approve",
  summary: "Say yes",
  examples: ["confirm approve 4F2A11"],
  fields: [field],
};
const long = (count: number): string => "x".repeat(count);
const many = (count: number): Field[] =>
  Array.from({ length: count }, (_field, index) => ({ ...field, name: `f${index}` }));

test("every command, those of the demo's systems too, can be shown on every platform", async () => {
  const { config } = await configOrRefuse(demoPlace, demoVariables);
  const all = commandsFor(config);
  expect(all.map(({ name }) => name)).toEqual(expect.arrayContaining(["status", "confirm approve", "run", "flatten"]));
  expect(
    platformProblems(
      all.map(({ name, summary, examples, input, shortcut }) => ({
        name,
        summary,
        examples,
        fields: fieldsOf(input),
        shortcut,
      })),
    ),
  ).toEqual([]);
});

test("a command that fits is not reported", () => {
  expect(platformProblems([command])).toEqual([]);
});

test.each<{ what: string; changed: Partial<Registered>; says: string }>([
  { what: "three words", changed: { name: "a b c" }, says: "one or two words" },
  { what: "a capital", changed: { name: "Status" }, says: "not a name on Discord" },
  { what: "a long name", changed: { name: `${long(13)} ${long(13)}` }, says: "title of a form" },
  { what: "no summary", changed: { summary: "" }, says: "summary" },
  { what: "a long summary", changed: { summary: long(101) }, says: "summary" },
  { what: "no example", changed: { examples: [] }, says: "no example" },
  {
    what: "a long menu entry",
    changed: { shortcut: { title: long(25), field: "system" } },
    says: "1 to 24 characters",
  },
  { what: "a menu entry of nothing", changed: { shortcut: { title: "X", field: "none" } }, says: "not there" },
  { what: "26 fields", changed: { fields: many(26) }, says: "more than 25 fields" },
  {
    what: "six required fields",
    changed: { fields: many(6).map((each) => ({ ...each, required: true })) },
    says: "more required fields",
  },
  { what: "a dotted field", changed: { fields: [{ ...field, name: "a.b" }] }, says: "a.b: not a name" },
  { what: "a long label", changed: { fields: [{ ...field, label: long(46) }] }, says: "label" },
  { what: "a long help", changed: { fields: [{ ...field, help: long(101) }] }, says: "help" },
  { what: "a long choice", changed: { fields: [{ ...field, choices: [long(76)] }] }, says: "choice has 1 to 75" },
  {
    what: "26 choices",
    changed: { fields: [{ ...field, choices: many(26).map(({ name }) => name) }] },
    says: "more than 25 choices",
  },
  {
    what: "too much in all",
    changed: { fields: many(25).map((each) => ({ ...each, choices: many(5).map(() => long(75)) })) },
    says: "8,000 are allowed",
  },
])("$what is reported", ({ changed, says }) => {
  expect(platformProblems([{ ...command, ...changed }])).toEqual([expect.stringContaining(says)]);
});

test("commands that get in each other's way are reported", () => {
  expect(platformProblems([command, command])).toEqual([expect.stringContaining("the same name")]);
  expect(platformProblems([command, { ...command, name: "confirm" }])).toEqual([]);
  expect(
    platformProblems([
      { ...command, name: "confirm show" },
      { ...command, name: "confirm" },
    ]),
  ).toEqual([expect.stringContaining("would be one subcommand with confirm show")]);
  const subcommands = Array.from({ length: 26 }, (_each, index) => ({ ...command, name: `confirm a${index}` }));
  expect(platformProblems(subcommands)).toEqual([expect.stringContaining("more than 25 subcommands")]);
  const menu = Array.from({ length: 6 }, (_each, index) => ({
    ...command,
    name: `m${index}`,
    shortcut: { title: `M${index}`, field: "system" },
  }));
  expect(platformProblems(menu)).toEqual([expect.stringContaining("more than 5 entries")]);
  const others = Array.from({ length: 101 }, (_each, index) => ({ ...command, name: `a${index}` }));
  expect(platformProblems(others)).toEqual([expect.stringContaining("more than 100 commands")]);
});
