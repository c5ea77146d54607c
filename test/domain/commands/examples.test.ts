import { expect, it } from "vitest";
import { demoVariables } from "../../../demo/variables.ts";
import { parse } from "../../../src/bot/language/parse.ts";
import { configOrRefuse, demoPlace } from "../../../src/compose/config.ts";
import { commandsFor } from "../../../src/compose/configuration.ts";
import { fillExamples } from "../../../src/domain/commands/examples.ts";
import type { System } from "../../../src/domain/systems/system.ts";
import { systemWith } from "../../integrations/systems.ts";

const { config } = await configOrRefuse(demoPlace, demoVariables);

const bare: System = { ...systemWith({ id: "gate" }), metrics: [], logs: [], operations: {} };
const [demo] = config.systems;
if (!demo) throw new Error("the demo has no systems");
const full: System = { ...demo, id: "trader" };

it.each([
  ["status", ["status"]],
  ["status {system}", ["status gate"]],
  ["metrics {system} {metric}", [`metrics trader ${full.metrics.find((metric) => metric.key)?.id}`]],
  ["logs {logs} {source}", [`logs trader ${full.logs[0]?.id}`]],
  ["portfolio {portfolio}", ["portfolio trader"]],
  ["{short} {system}", ["flatten trader"]],
])("%s is filled from the first system that has it all", (example, filled) => {
  expect(fillExamples([example], [bare, full])).toEqual(filled);
});

it("an example that no system fits is left out", () => {
  expect(fillExamples(["status", "metrics {system} {metric}", "portfolio {portfolio}"], [bare])).toEqual(["status"]);
  expect(fillExamples(["status {system}"], [])).toEqual([]);
});

it("every example of a command is understood as it stands, and names what is configured", () => {
  const commands = commandsFor(config);
  for (const { name, examples } of commands) {
    expect([name, examples.length]).not.toEqual([name, 0]);
    for (const example of examples) {
      expect(example).not.toMatch(/[{}]/);
      expect([example, parse(example, commands).kind]).not.toEqual([example, "unreadable"]);
    }
  }
});

it("in a bot with other systems no example names the demo's", () => {
  const others = config.systems.map((system, at): System => ({ ...system, id: `other-${at}`, aliases: [] }));
  const said = commandsFor({ ...config, systems: others }).flatMap((command) => command.examples);
  expect(said.filter((example) => /alphapulse|pulseguard/.test(example))).toEqual([]);
  expect(said).toContain("status other-0");
});
