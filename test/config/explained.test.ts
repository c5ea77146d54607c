import { expect, it } from "vitest";
import { edited, linesOf, system } from "./config-folder.ts";

const explaining = (explains: string): Promise<string[]> =>
  linesOf({
    "systems/radar.yaml": edited(
      system,
      "    risk: destructive\n",
      `    risk: destructive\n    arguments: { n: { type: integer, title: N } }\n    explains: ${explains}\n`,
    ),
  });

it.each([
  ["{ api: n < 1 }", undefined],
  ["{ api: true }", undefined],
  ["{ apy: true }", "there is no part or fact called `apy`. Did you mean `api`?"],
  ["{ api: m < 1 }", "operations.wipe.explains.api: Unknown variable: m. It may name n."],
  ["{ api: n + 1 }", "operations.wipe.explains.api"],
])("an operation that explains %s", async (explains, told) => {
  const lines = await explaining(explains);
  expect(lines).toHaveLength(told === undefined ? 0 : 1);
  expect(lines.join()).toContain(told ?? "");
});

const url = "http://127.0.0.1:9000/version";
const facts = (...more: readonly string[]): Promise<string[]> => {
  const all = more.map(
    (each, at) => `  - { id: model-${at}, title: Model, ${each}, json: { url: "${url}", path: /m } }\n`,
  );
  return linesOf({ "systems/radar.yaml": edited(system, "metrics:\n", `facts:\n${all.join("")}metrics:\n`) });
};

it("facts that are to be alike are two at least, and held to nothing else", async () => {
  expect(await facts("alike: model", "alike: model")).toEqual([]);
  expect(await facts("alike: model", "alike: modl")).toEqual([
    expect.stringContaining("facts[0].alike: no other fact is `alike: model`"),
    expect.stringContaining("facts[1].alike: no other fact is `alike: modl`"),
  ]);
  expect(await facts("alike: model", "alike: model, expect: v1")).toEqual([
    expect.stringContaining("facts[1].alike: a fact is held either to `expect` or to those that it is `alike`"),
  ]);
});
