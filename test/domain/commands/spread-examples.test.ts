import { expect, it } from "vitest";
import { exampleArguments, spreadExamples } from "../../../src/domain/commands/examples.ts";

const systems = ["logos", "prsm", "radar"];
const of = (verb: string) => systems.map((system) => `${verb} ${system} reason:"…"`);
const texts = (all: Parameters<typeof spreadExamples>[0]) => spreadExamples(all, systems).map((each) => each?.text);

it("examples are of the systems in turn, as far as they may be used, and one that names none stays", () => {
  expect(
    texts([
      { examples: of("scale"), usable: systems },
      { examples: ["status"], usable: systems },
      { examples: of("rollback"), usable: systems },
      { examples: of("deploy"), usable: ["logos", "prsm"] },
      { examples: of("backup"), usable: ["prsm"] },
      { examples: ['alerts matching "system=logos, severity=critical"'], usable: ["prsm"] },
      { examples: ["incident open system:radar it is down"], usable: systems },
    ]),
  ).toEqual([
    'scale logos reason:"…"',
    "status",
    'rollback prsm reason:"…"',
    'deploy logos reason:"…"',
    'backup prsm reason:"…"',
    undefined,
    "incident open system:radar it is down",
  ]);
});

it("an example gives what its file knows, and leaves open what only the system knows", () => {
  const argument = { title: "T", required: true } as const;
  expect(
    exampleArguments({
      service: { ...argument, type: "text", from: "services" },
      part: { ...argument, type: "choice", choices: ["a part", "b"] },
      n: { ...argument, type: "integer", min: 0, max: 20 },
      few: { ...argument, type: "integer", max: 2 },
      more: { ...argument, type: "integer", required: false },
    }),
  ).toBe('service:… part:"a part" n:3 few:2 ');
});
