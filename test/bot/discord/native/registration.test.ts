import { expect, it } from "vitest";
import { demoVariables } from "../../../../demo/variables.ts";
import { registrations } from "../../../../src/bot/discord/native/registration.ts";
import { configOrRefuse, demoPlace } from "../../../../src/compose/config.ts";
import { commandsFor } from "../../../../src/compose/configuration.ts";
import { commandProblems } from "../../../fakes/discord/limits.ts";

it("every command there is registers within Discord's limits", async () => {
  const { config } = await configOrRefuse(demoPlace, demoVariables);
  const all = commandsFor(config);
  const registered = registrations(all);
  expect(commandProblems(registered)).toEqual([]);
  expect(registered.map((each) => each.name)).toContain("flatten");
  const confirm = registered.find((each) => each.name === "confirm");
  expect(confirm).toMatchObject({
    options: expect.arrayContaining([expect.objectContaining({ name: "approve", type: 1 })]),
  });
  const alerts = registered.find((each) => each.name === "alerts");
  expect(alerts).toMatchObject({
    description: "show, route, shadow, why, silences, dead, replay, drop, matching",
    options: [
      {
        name: "show",
        type: 1,
        options: [{ name: "system" }, { name: "severity" }, { name: "state" }, { name: "about" }, { name: "older" }],
      },
      { name: "route", type: 1, options: [{ name: "labels", required: true }, { name: "at" }] },
      { name: "shadow", type: 1, options: [{ name: "range" }] },
      { name: "why", type: 1, options: [{ name: "alert", required: true }] },
      { name: "silences", type: 1 },
      { name: "dead", type: 1 },
      {
        name: "replay",
        type: 1,
        options: [
          { name: "letter", required: true },
          { name: "as", required: false },
        ],
      },
      {
        name: "drop",
        type: 1,
        options: [
          { name: "letter", required: true },
          { name: "why", required: true },
        ],
      },
      { name: "matching", type: 1, options: [{ name: "alerts", required: true }] },
    ],
  });
  const status = registered.find((each) => each.name === "status");
  expect(status).toMatchObject({
    options: [
      { name: "system", type: 3, autocomplete: true, required: false },
      { name: "watch", type: 3, required: false },
    ],
  });
  const flatten = registered.find((each) => each.name === "flatten");
  expect(flatten).toMatchObject({
    options: [
      { name: "system", required: true },
      { name: "reason", required: false },
      { name: "dry-run", type: 5, required: false },
    ],
  });
});
