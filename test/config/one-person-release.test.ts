import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { judge } from "../../src/domain/conditions/condition.ts";
import type { PlanValues } from "../../src/domain/systems/placeholders.ts";
import { fillText } from "../../src/domain/systems/placeholders.ts";

const Op = z.object({
  risk: z.union([z.string(), z.object({ destructive: z.string() })]),
  precondition: z.object({ holds: z.array(z.object({ when: z.string() })) }),
  inverse: z.object({ arguments: z.record(z.string(), z.string()) }).optional(),
});

function operationOf(system: string, id: string): z.output<typeof Op> {
  const file = z
    .object({ operations: z.record(z.string(), z.unknown()) })
    .parse(parse(readFileSync(new URL(`../../systems/${system}.yaml`, import.meta.url), "utf8")));
  return Op.parse(file.operations[id]);
}

/** What it takes: nobody asks for it, one person may, or two agree. */
function takes({ risk, precondition }: z.output<typeof Op>, values: PlanValues): string {
  for (const { when } of precondition.holds) {
    const held = judge(when, values);
    if (!held.ok) throw new Error(`${when}: ${JSON.stringify(held)}`);
    if (!held.holds) return "refused";
  }
  if (typeof risk === "string") return risk === "destructive" ? "two" : "one";
  const two = judge(risk.destructive, values);
  if (!two.ok) throw new Error(`${risk.destructive}: ${JSON.stringify(two)}`);
  return two.holds ? "two" : "one";
}

interface Unit {
  readonly number: number;
  readonly running: boolean;
  readonly model: string;
}

function instances(...units: readonly (readonly [model: string, running: boolean])[]) {
  const listed: Unit[] = units.map(([model, running], index) => ({ number: index + 1, running, model }));
  return { running: listed.filter((each) => each.running).length, instances: listed };
}

it.each([
  { named: "v1", now: instances(["v1", true], ["v1", true], ["v1", false]), n: 3, takes: "one" },
  { named: "v2", now: instances(["v1", true], ["v1", true], ["v1", false]), n: 3, takes: "refused" },
  { named: "v2", now: instances(["v2", true], ["v1", true], ["v1", false]), n: 3, takes: "refused" },
  { named: "v2", now: instances(["v2", true], ["v2", true], ["v1", false]), n: 3, takes: "one" },
  { named: "v2", now: instances(["v2", true], ["v1", true], ["v1", true]), n: 2, takes: "one" },
  // Nothing runs: what ran last counts.
  { named: "v1", now: instances(["v1", false], ["v1", false], ["v1", false]), n: 3, takes: "one" },
  { named: "v2", now: instances(["v1", false], ["v1", false], ["v1", false]), n: 1, takes: "refused" },
])(
  "PulseGuard to $n instances of $now.running where .env names $named: $takes (case %#)",
  ({ takes: expected, ...values }) => {
    expect(takes(operationOf("pulseguard", "scale"), values)).toBe(expected);
  },
);

it("a model of PulseGuard that stopped half-way is taken back to the one that runs, with an instance down", () => {
  const update = operationOf("pulseguard", "model-update");
  const stopped = { was: "v2", now: instances(["v1", false], ["v1", true], ["v1", true]) };
  expect(takes(update, { ...stopped, version: "v1" })).toBe("two");
  expect(takes(update, { ...stopped, version: "v2" })).toBe("refused");
  const settled = { was: "v2", now: instances(["v1", true], ["v1", true], ["v1", true]) };
  expect(fillText(update.inverse?.arguments["version"] ?? "", { ...settled, version: "v3" })).toBe("v1");
  expect(fillText(update.inverse?.arguments["version"] ?? "", { ...settled, version: "v1" })).toBe("v2");
});
