import { expect, it } from "vitest";
import { registrations } from "../../../../src/bot/discord/native/registration.ts";
import { commands } from "../../../../src/commands/index.ts";
import { operationCommands } from "../../../../src/commands/run.ts";
import { configOrRefuse, demoPlace } from "../../../../src/compose/config.ts";
import { commandProblems } from "../../../fakes/discord/limits.ts";

const demoVariables = Object.fromEntries(
  ["PULSEGUARD_1", "PULSEGUARD_2", "PULSEGUARD_3", "ALPHAPULSE_URL", "ALPHAPULSE_MONITOR"].map((name) => [
    name,
    "http://127.0.0.1:1",
  ]),
);

it("every command there is registers within Discord's limits", async () => {
  const { config } = await configOrRefuse(demoPlace, {
    ...demoVariables,
    PULSEGUARD_PROMETHEUS: "http://127.0.0.1:6",
    PULSEGUARD_LOGS: "/tmp",
    ALPHAPULSE_TOKEN: "plain-tulip-token",
    ALPHAPULSE_HOME: "/tmp",
  });
  const all = [...commands, ...operationCommands(config.systems)];
  const registered = registrations(all);
  expect(commandProblems(registered)).toEqual([]);
  expect(registered.map((each) => each.name)).toContain("flatten");
  const confirm = registered.find((each) => each.name === "confirm");
  expect(confirm).toMatchObject({
    options: expect.arrayContaining([expect.objectContaining({ name: "approve", type: 1 })]),
  });
  const status = registered.find((each) => each.name === "status");
  expect(status).toMatchObject({ options: [{ name: "system", type: 3, autocomplete: true, required: false }] });
  const flatten = registered.find((each) => each.name === "flatten");
  expect(flatten).toMatchObject({
    options: [
      { name: "system", required: true },
      { name: "reason", required: false },
    ],
  });
});
