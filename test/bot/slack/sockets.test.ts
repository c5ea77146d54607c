import { expect, it, onTestFinished, vi } from "vitest";
import { SlackSockets } from "../../../src/bot/slack/sockets.ts";
import type { Leases } from "../../../src/domain/lease.ts";
import { createLog } from "../../../src/ops/log.ts";
import { createMeasurements } from "../../../src/ops/metrics.ts";
import { startFakeSlack } from "../../fakes/slack/slack.ts";

const patience = { timeout: 60_000, interval: 10 };

/** Two sockets on a fake Slack, and what its operators were told. */
async function connect(confirmMs: number, taken = new Set<string>()) {
  const slack = await startFakeSlack();
  const leases: Leases = {
    async take(names) {
      const name = names.find((each) => !taken.has(each));
      if (name === undefined) return undefined;
      taken.add(name);
      return { name, renew: async () => true, release: async () => void taken.delete(name) };
    },
    held: async (names) => names.filter((name) => taken.has(name)).length,
  };
  const told: string[] = [];
  const sockets = new SlackSockets({
    appToken: slack.appToken,
    apiUrl: slack.apiUrl,
    leases,
    troubles: { raise: ({ id }) => told.push(`raised ${id}`), clear: (id) => told.push(`cleared ${id}`) },
    log: createLog({ level: "silent" }),
    meter: createMeasurements().meter,
    take: () => {},
    confirmMs,
  });
  const about = () => told.filter((each) => each.endsWith("slack/sockets"));
  onTestFinished(async () => {
    await sockets.stop();
    await slack.stop();
  });
  sockets.start();
  const free = Math.min(2, 8 - taken.size);
  await vi.waitFor(() => expect(slack.sockets.count).toBe(free), patience);
  return { slack, sockets, about };
}

it("one socket more than are leased is told once it was counted twice, and when it is gone that is told too", async () => {
  const { slack, sockets, about } = await connect(200);
  slack.sockets.connectionsToSay = 3;
  slack.sockets.lose("close");
  await vi.waitFor(() => expect(about()).toContain("raised slack/sockets"), patience);
  expect(slack.sockets.opened).toBeGreaterThan(3);
  slack.sockets.connectionsToSay = undefined;
  await vi.waitFor(() => expect(about().at(-1)).toBe("cleared slack/sockets"), patience);
  expect(sockets.open).toBeGreaterThan(0);
});

it("a lost socket that Slack still counts is no reason to tell anybody", async () => {
  const { slack, about } = await connect(300);
  slack.sockets.connectionsToSay = 3;
  slack.sockets.lose("close");
  await vi.waitFor(() => expect(slack.sockets.opened).toBe(3), patience);
  slack.sockets.connectionsToSay = undefined;
  await vi.waitFor(() => expect(slack.sockets.opened).toBe(4), patience);
  await vi.waitFor(() => expect(about().at(-1)).toBe("cleared slack/sockets"), patience);
  expect(about()).not.toContain("raised slack/sockets");
});

it("two that are lost together and counted still are none either", async () => {
  const { slack, about } = await connect(1_000);
  slack.sockets.connectionsToSay = 4;
  slack.sockets.loseAll("close");
  await vi.waitFor(() => expect(slack.sockets.opened).toBe(4), patience);
  slack.sockets.connectionsToSay = undefined;
  await vi.waitFor(() => expect(slack.sockets.opened).toBe(5), patience);
  await vi.waitFor(() => expect(about().at(-1)).toBe("cleared slack/sockets"), patience);
  expect(about()).not.toContain("raised slack/sockets");
});

it("knows of a replica that came later, though Slack tells only whoever opens a socket", async () => {
  const taken = new Set<string>();
  const { sockets } = await connect(60_000, taken);
  await vi.waitFor(() => expect(sockets.others).toBe(0), patience);
  taken.add("slack-socket/3").add("slack-socket/4");
  await vi.waitFor(() => expect(sockets.others).toBe(2), patience);
  expect(sockets.standsBy).toBe(false);
});

it("without a place of its own stands by while others hear", async () => {
  const taken = new Set(Array.from({ length: 8 }, (_, index) => `slack-socket/${index + 1}`));
  const { sockets } = await connect(60_000, taken);
  await vi.waitFor(() => expect(sockets.standsBy).toBe(true), patience);
  expect(sockets.hasPlace).toBe(false);
});
