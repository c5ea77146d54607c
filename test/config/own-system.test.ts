import { expect, it } from "vitest";
import { edited, goodConfig, linesOf, people, system, wardroom } from "./config-folder.ts";

it("grants, channels and rules name Wardroom as they name any system", async () => {
  const rule = "    - { system: wardroom, operation: settle, tier: critical }\n    - { risk: destructive";
  const config = await goodConfig({
    "people.yaml": edited(people, "{ role: lead, systems: [radar] }", "{ role: lead, systems: [radar, wardroom] }"),
    "wardroom.yaml": edited(
      edited(wardroom, "    - { risk: destructive", rule),
      'systems: "*"',
      "systems: [radar, wardroom]",
    ),
  });
  expect(config.policy.rules[0]).toEqual({ system: "wardroom", operation: "settle", tier: "critical" });
});

it.each([
  ["id: radar", "id: wardroom", "systems/radar.yaml:1:5: id"],
  ["title: Radar", "title: Radar\naliases: [dish, wardroom]", "systems/radar.yaml:3:17: aliases[1]"],
])("no system takes its name: %s as %s", async (part, by, where) => {
  const said = await linesOf({ "systems/radar.yaml": edited(system, part, by) });
  expect(said).toContain(
    `${where}: \`wardroom\` is the name of Wardroom itself, so no system can have it. Give it another.`,
  );
});

it("refuses a tier for Wardroom itself that leaves nobody the time to decide", async () => {
  const short =
    "    - { id: short, alternatives: [[{ role: lead }]], decideBy: 1s }\n  rules:\n    - { system: wardroom, tier: short }";
  const said = await linesOf({ "wardroom.yaml": edited(wardroom, "  rules:", short) });
  expect(said.join("\n")).toContain("the tier short gives people 1 seconds to decide on Wardroom itself");
});
