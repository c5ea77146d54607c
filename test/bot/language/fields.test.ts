import { describe, expect, it } from "vitest";
import { z } from "zod";
import { fieldsOf } from "../../../src/bot/language/fields.ts";
import { commands } from "../../../src/commands/index.ts";
import { operationCommands } from "../../../src/commands/run.ts";
import { guard, trader } from "../../commands/fixtures.ts";

describe("the fields of a schema", () => {
  it("carry everything a surface shows", () => {
    const input = z.object({
      system: z.string().min(1).max(40).meta({ label: "System", positional: true, suggest: "systems" }),
      limit: z.int().min(1).default(20).meta({ label: "Limit", help: "How many" }),
      level: z.enum(["info", "error"]).meta({ label: "Level" }).optional(),
      follow: z.boolean().default(false).meta({ label: "Follow" }),
      share: z.number().max(1).optional().meta({ label: "Share" }),
      where: z.string().meta({ label: "Where", repeated: true }).optional(),
      reason: z.string().meta({ label: "Reason", multiline: true, rest: true }),
    });
    expect(fieldsOf(input)).toEqual([
      {
        name: "system",
        label: "System",
        help: "",
        kind: "text",
        required: true,
        min: 1,
        max: 40,
        suggest: "systems",
        positional: true,
      },
      { name: "limit", label: "Limit", help: "How many", kind: "integer", required: false, default: 20, min: 1 },
      { name: "level", label: "Level", help: "", kind: "choice", required: false, choices: ["info", "error"] },
      { name: "follow", label: "Follow", help: "", kind: "boolean", required: false, default: false },
      { name: "share", label: "Share", help: "", kind: "number", required: false, max: 1 },
      { name: "where", label: "Where", help: "", kind: "paragraph", required: false, repeated: true },
      { name: "reason", label: "Reason", help: "", kind: "paragraph", required: true, rest: true },
    ]);
    expect(fieldsOf(input)).toBe(fieldsOf(input));
  });
});

describe("every command fits every platform", () => {
  const all = [...commands, ...operationCommands([trader, guard])];

  it.each(all.map((command) => [command.name, command] as const))("%s", (name, command) => {
    const fields = fieldsOf(command.input);
    expect(name).toMatch(/^[a-z][a-z-]{0,30}(?: [a-z][a-z-]{0,30})?$/);
    expect(command.summary.length).toBeLessThanOrEqual(100);
    expect(fields.length).toBeLessThanOrEqual(25);
    expect(command.examples.length).toBeGreaterThan(0);
    for (const field of fields) {
      expect(field.name).toMatch(/^[a-z][a-z0-9_-]{0,31}$/);
      expect(field.label.length).toBeLessThanOrEqual(24);
      expect(field.help.length).toBeLessThanOrEqual(100);
      expect(field.choices?.length ?? 0).toBeLessThanOrEqual(25);
    }
    const required = fields.filter((field) => field.positional).map((field) => field.required);
    expect(required).toEqual(required.toSorted((a, b) => Number(b) - Number(a)));
  });

  it("no two have the same name", () => {
    expect(new Set(all.map((command) => command.name)).size).toBe(all.length);
  });
});
