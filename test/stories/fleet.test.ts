import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fastify } from "fastify";
import { expect, it, onTestFinished, vi } from "vitest";
import { startDemo } from "../../demo/start.ts";
import { createBot } from "../../src/compose/bot.ts";
import { configOrRefuse, demoPlace } from "../../src/compose/config.ts";
import { openSurfaces } from "../../src/compose/surfaces.ts";
import { createMeasurements } from "../../src/ops/metrics.ts";
import { openRedisStore } from "../../src/store/redis/store.ts";
import { startFakeDiscord } from "../fakes/discord/discord.ts";
import { startRedis } from "../fakes/redis-process.ts";
import { startFakeSlack } from "../fakes/slack/slack.ts";
import { peopled } from "./house/house.ts";
import { rulesFor } from "./house/rules.ts";
import { textIn } from "./house/talk.ts";
import { quiet } from "./room.ts";

const patience = { timeout: 60_000, interval: 50 };

/** Replicas of the bot on one Redis, connected to one Slack and one Discord. */
async function openFleet() {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-fleet-"));
  const [redis, slack, discord] = await Promise.all([startRedis(), startFakeSlack(), startFakeDiscord()]);
  const demo = await startDemo({ folder, seed: 3 });
  demo.alphapulse.freezeMarket();
  const ids = { slack: peopled(slack), discord: peopled(discord) };
  const { config: written } = await configOrRefuse(demoPlace, demo.env);
  const config = rulesFor(written, ids);
  const meter = createMeasurements().meter;
  const stops: (() => Promise<void>)[] = [];
  onTestFinished(async () => {
    await Promise.all(stops.map((stop) => stop()));
    await Promise.all([demo.stop(), redis.stop(), slack.stop(), discord.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });
  const replica = async () => {
    const bot = await createBot({ store: await openRedisStore({ url: redis.url }), config, log: quiet, meter });
    const environment = {
      slack: { botToken: slack.botToken, appToken: slack.appToken, signingSecret: undefined, apiUrl: slack.apiUrl },
      discord: { token: discord.token, guildId: discord.world.guild, apiUrl: discord.apiUrl },
    };
    const surfaces = await openSurfaces({ bot, environment, app: fastify(), log: quiet, meter });
    bot.work(surfaces.all);
    surfaces.start();
    let stopping: Promise<void> | undefined;
    const stop = (): Promise<void> => (stopping ??= surfaces.stop().then(() => bot.stop()));
    stops.push(stop);
    return { bot, surfaces, stop };
  };
  return { slack, discord, demo, ids, replica };
}

it("three replicas: each envelope is answered once, one gateway is held, and another takes it over", async () => {
  const { slack, discord, demo, ids, replica } = await openFleet();
  const replicas = [await replica(), await replica(), await replica()];
  await vi.waitFor(() => expect([slack.sockets.count, discord.gateway.connections]).toEqual([6, 1]), patience);
  await vi.waitFor(
    () =>
      expect(replicas.flatMap(({ surfaces }) => surfaces.all.map((each) => each.deaf())).filter(Boolean)).toEqual([]),
    patience,
  );

  const ops = ids.slack["ops"] ?? "";
  const ana = slack.as(ids.slack["ana"] ?? "");
  for (let index = 0; index < 8; index += 1) ana.slash("portfolio alphapulse", { channel: ops });
  await vi.waitFor(() => expect(slack.messages(ops)).toHaveLength(8), patience);

  ana.slash("flatten alphapulse reason:the exchange is halting", { channel: ops });
  const request = await vi.waitFor(() => {
    const found = discord
      .messages(ids.discord["ops"] ?? "")
      .find((each) => textIn(each.embeds).includes("waiting for approval"));
    if (!found) throw new Error("the request is not on Discord yet");
    return found;
  }, patience);
  const boris = discord.as(ids.discord["boris"] ?? "");
  boris.press(request, "Approve");
  boris.press(request, "Approve");
  await vi.waitFor(() => expect(textIn(request.embeds)).toContain("done"), patience);
  expect(demo.alphapulse.effects("flatten_positions")).toHaveLength(1);

  const identifies = discord.gateway.identifies;
  await replicas[0]?.stop();
  await vi.waitFor(
    () => expect([discord.gateway.connections, discord.gateway.identifies]).toEqual([1, identifies + 1]),
    patience,
  );
  const delivery = boris.slash("portfolio", { system: "alphapulse" }, { channel: ids.discord["ops"] ?? "" });
  await vi.waitFor(() => expect(delivery.answers).toHaveLength(1), patience);
});

it("five replicas open no more than eight sockets, and those without one are not deaf", async () => {
  const { slack, replica } = await openFleet();
  const replicas = [await replica(), await replica(), await replica(), await replica(), await replica()];
  await vi.waitFor(() => expect(slack.sockets.count).toBe(8), patience);
  await vi.waitFor(
    () =>
      expect(replicas.flatMap(({ surfaces }) => surfaces.all.map((each) => each.deaf())).filter(Boolean)).toEqual([]),
    patience,
  );
  await replicas[0]?.stop();
  await vi.waitFor(() => expect(slack.sockets.count).toBe(8), patience);
});
