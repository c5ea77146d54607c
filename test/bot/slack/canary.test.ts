import fastify from "fastify";
import { expect, it, onTestFinished, vi } from "vitest";
import { createSlackSurface } from "../../../src/bot/slack/surface.ts";
import { createLog } from "../../../src/ops/log.ts";
import { createMeasurements } from "../../../src/ops/metrics.ts";
import { SharedLeases } from "../../fakes/leases.ts";
import { startFakeSlack } from "../../fakes/slack/slack.ts";

const patience = { timeout: 60_000, interval: 10 };

it("its own message is edited, and how long that takes to be told of is measured", async () => {
  const slack = await startFakeSlack();
  const channel = slack.world.addChannel({ name: "alerts", bot: true });
  const measurements = createMeasurements();
  const surface = createSlackSurface(
    {
      bot: {
        handle: async () => {},
        complete: async () => [],
        choices: async () => [],
        isInRoom: async () => false,
        keep: async () => {},
        joined: async () => {},
      },
      commands: () => [],
      groupsNamed: async () => [],
      leases: new SharedLeases(),
      troubles: { raise: () => {}, clear: () => {} },
      log: createLog({ level: "silent" }),
      meter: measurements.meter,
    },
    { botToken: slack.botToken, appToken: slack.appToken, apiUrl: slack.apiUrl, selfCheck: channel, app: fastify() },
  );
  onTestFinished(async () => {
    await surface.stop();
    await slack.stop();
  });
  surface.start();
  await vi.waitFor(() => expect(slack.messages(channel)[0]?.edits).toBeGreaterThan(0), patience);
  const measured = /wardroom_canary_seconds_count\{surface="slack"\} [1-9]/;
  await vi.waitFor(async () => expect(await measurements.text()).toMatch(measured), patience);
  expect([surface.deaf(), surface.late?.()]).toEqual([undefined, undefined]);
  expect(slack.messages(channel)).toHaveLength(1);
});
