import { describe, expect, it } from "vitest";
import { fieldsOf } from "../../src/bot/fields.ts";
import { commands } from "../../src/commands/index.ts";
import { operationCommands } from "../../src/commands/run.ts";
import { System } from "../../src/domain/system.ts";
import { flatten } from "../domain/request-fixtures.ts";

const system = System.parse({
  id: "alphapulse",
  title: "AlphaPulse-RL",
  health: [{ id: "h", http: "http://127.0.0.1:1" }],
  operations: { flatten },
});
const all = [...commands, ...operationCommands([system])];

/** Discord: names, 25 options, 100 characters of description. Slack: a modal title of 24, labels of 2,000, hints of 2,000. */
describe.each(all.map((command) => [command.name, command] as const))("%s fits every surface", (_name, command) => {
  const fields = fieldsOf(command.input);

  it("by its name and summary", () => {
    const words = command.name.split(" ");
    expect(words.length).toBeLessThanOrEqual(2);
    for (const word of words) expect(word).toMatch(/^[a-z0-9_-]{1,32}$/);
    expect(command.name.length).toBeLessThanOrEqual(24);
    expect(command.summary.length).toBeGreaterThan(0);
    expect(command.summary.length).toBeLessThanOrEqual(100);
    expect(command.examples.length).toBeGreaterThan(0);
  });

  it("by its fields", () => {
    expect(fields.length).toBeLessThanOrEqual(25);
    for (const field of fields) {
      expect(field.name).toMatch(/^[a-z0-9_-]{1,32}$/);
      expect(field.label.length).toBeLessThanOrEqual(45);
      expect((field.help || field.label).length).toBeLessThanOrEqual(100);
      expect(field.choices?.length ?? 0).toBeLessThanOrEqual(25);
    }
  });
});

it("no two commands share a name, and none is another's first word", () => {
  const names = all.map((command) => command.name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => names.some((other) => other.startsWith(`${name} `)))).toEqual([]);
});
