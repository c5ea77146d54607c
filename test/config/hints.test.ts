import { expect, it } from "vitest";
import { edited, linesOf, system } from "./config-folder.ts";

it("an alert that would not say what to do is warned about, of a rule and of the limits of a metric alike", async () => {
  const bare = system.replaceAll(/, hint: Look at it/g, "");
  expect(await linesOf({ "systems/radar.yaml": bare })).toEqual([
    expect.stringContaining("metrics[0]: an alert of the limits of load would not say what to do. Add `hint:`"),
    expect.stringContaining("rules[0]: an alert of the rule busy would not say what to do. Add `hint:`"),
  ]);
  expect(await linesOf({ "systems/radar.yaml": system })).toEqual([]);
  // Where a rule covers both limits, nothing else is told of them.
  const covered = edited(bare, "warn: 1, critical: 2", "critical: 2").replace(
    "severity: warning",
    "severity: critical",
  );
  expect(await linesOf({ "systems/radar.yaml": covered })).toHaveLength(1);
});
