import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { judge } from "../../src/domain/conditions/condition.ts";
import type { PlanValues } from "../../src/domain/systems/placeholders.ts";

const Op = z.object({
  read: z.record(z.string(), z.unknown()).optional(),
  risk: z.union([z.string(), z.object({ destructive: z.string() })]),
  precondition: z.object({ holds: z.array(z.object({ when: z.string() })).default([]) }).default({ holds: [] }),
  effect: z.string().optional(),
  targets: z.array(z.string()).default([]),
  followUp: z.looseObject({}).optional(),
  steps: z.array(z.object({ id: z.string(), envFile: z.object({ value: z.string() }).optional() })),
  inverse: z.object({ arguments: z.record(z.string(), z.string()).default({}) }).optional(),
});

/** What stands in a shipped system file of one of its operations. */
export function operationOf(system: string, id: string): z.output<typeof Op> {
  const file = z
    .object({ operations: z.record(z.string(), z.unknown()) })
    .parse(parse(readFileSync(new URL(`../../systems/${system}.yaml`, import.meta.url), "utf8")));
  return Op.parse(file.operations[id]);
}

/** What it takes: nobody asks for it, one person may, or two agree. */
export function takes({ risk, precondition }: z.output<typeof Op>, values: PlanValues): string {
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
