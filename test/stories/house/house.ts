import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fastify } from "fastify";
import { expect, onTestFinished, vi } from "vitest";
import { type Demo, startDemo } from "../../../demo/start.ts";
import { createBot, type RunningBot } from "../../../src/compose/bot.ts";
import { openSurfaces, type Surfaces } from "../../../src/compose/surfaces.ts";
import type { Config } from "../../../src/config/load-config.ts";
import type { Store } from "../../../src/domain/store.ts";
import { createMeasurements } from "../../../src/ops/metrics.ts";
import { openSqliteStore } from "../../../src/store/sqlite/store.ts";
import { type FakeDiscord, startFakeDiscord } from "../../fakes/discord/discord.ts";
import { type FakeSlack, startFakeSlack } from "../../fakes/slack/slack.ts";
import { demoFiles, withoutEscalation } from "../demo-files.ts";
import { quiet } from "../room.ts";
import { type Ids, names, rulesFor } from "./rules.ts";

/** The whole bot on the demo's systems, connected through the real clients to a Slack and a Discord of our own. */
export interface House {
  readonly demo: Demo;
  readonly config: Config;
  readonly ids: Ids;
  readonly slack: FakeSlack;
  readonly discord: FakeDiscord;
  readonly clock: { aheadMs: number };
  bot(): RunningBot;
  surfaces(): Surfaces;
  /** What the bot that runs has measured, as Prometheus reads it. */
  measured(): Promise<string>;
  /** Ends the bot and starts another on the same state. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface HouseOptions {
  readonly change?: (config: Config) => Config;
  /** What fires is told by itself, beside what the story is about. */
  readonly watched?: boolean;
  /** Whoever should have it is called while nobody has an alert. */
  readonly escalates?: boolean;
  /** Events come signed over HTTP instead of over sockets. */
  readonly overHttp?: boolean;
  /** Before the bot starts: what is down then, and the like. */
  readonly before?: (platforms: { slack: FakeSlack; discord: FakeDiscord }) => void;
  /** Platforms that are configured; both when left out. */
  readonly only?: "slack" | "discord";
  /** Stands in for the store that every start opens. */
  readonly store?: (store: Store) => Store;
  /** Do not wait until it hears. */
  readonly deaf?: boolean;
  /** Of the test's own context where tests run beside each other in a file. */
  readonly atEnd?: (tidy: () => Promise<void>) => void;
}

export async function openHouse(options: HouseOptions = {}): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-house-"));
  const [slack, discord] = await Promise.all([startFakeSlack(), startFakeDiscord()]);
  const demo = await startDemo({ folder: join(folder, "demo"), seed: 7 });
  demo.alphapulse.freezeMarket();
  const ids = { slack: peopled(slack), discord: peopled(discord) };
  // Digests have a story of their own: no other crosses the time of one by chance.
  const shipped = await demoFiles(demo.env);
  const written = { ...shipped, digests: [], alerts: { ...shipped.alerts, announce: {} } };
  const calm = options.watched ? written : { ...written, alerts: { ...written.alerts, watch: "off" as const } };
  const ruled = rulesFor(options.escalates ? calm : withoutEscalation(calm), ids);
  const config = options.change?.(ruled) ?? ruled;
  options.before?.({ slack, discord });
  const clock = { aheadMs: 0 };
  const open = () => openBot({ folder, slack, discord, config, clock, options });
  let running = await open();
  const house: House = {
    demo,
    config,
    ids,
    slack,
    discord,
    clock,
    bot: () => running.bot,
    surfaces: () => running.surfaces,
    measured: () => running.measured(),
    async restart() {
      await running.stop();
      running = await open();
    },
    stop: () => running.stop(),
  };
  (options.atEnd ?? onTestFinished)(async () => {
    await running.stop();
    await demo.stop();
    await Promise.all([slack.stop(), discord.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });
  return house;
}

interface Running {
  readonly bot: RunningBot;
  readonly surfaces: Surfaces;
  measured(): Promise<string>;
  stop(): Promise<void>;
}

async function openBot(parts: {
  readonly folder: string;
  readonly slack: FakeSlack;
  readonly discord: FakeDiscord;
  readonly config: Config;
  readonly clock: { aheadMs: number };
  readonly options: HouseOptions;
}): Promise<Running> {
  const { folder, slack, discord, config, clock, options } = parts;
  const bare = openSqliteStore({ path: join(folder, "wardroom.db"), now: () => Date.now() + clock.aheadMs });
  const metrics = createMeasurements();
  const { meter } = metrics;
  const bot = await createBot({ store: options.store?.(bare) ?? bare, config, log: quiet, meter });
  const app = fastify({ logger: false, forceCloseConnections: true });
  const environment = {
    slack:
      options.only === "discord"
        ? undefined
        : {
            botToken: slack.botToken,
            appToken: options.overHttp ? undefined : slack.appToken,
            signingSecret: slack.signingSecret,
            apiUrl: slack.apiUrl,
          },
    discord:
      options.only === "slack"
        ? undefined
        : { token: discord.token, guildId: discord.world.guild, apiUrl: discord.apiUrl },
  };
  const surfaces = await openSurfaces({ bot, environment, app, log: quiet, meter });
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  if (options.overHttp) slack.httpEventsTo(`${url}/slack/events`);
  bot.work(surfaces.all);
  surfaces.start();
  let stopping: Promise<void> | undefined;
  const running: Running = {
    bot,
    surfaces,
    measured: () => metrics.text(),
    stop() {
      stopping ??= surfaces
        .stop()
        .then(() => app.close())
        .then(() => bot.stop());
      return stopping;
    },
  };
  if (!options.deaf) await hearing(surfaces);
  // Native commands are there a moment after the gateway is.
  if (!options.deaf && environment.discord)
    await vi.waitFor(() => expect(discord.world.commands).not.toEqual([]), 60_000);
  return running;
}

/** Until every platform would hear somebody. */
export async function hearing(surfaces: Surfaces): Promise<void> {
  const until = Date.now() + 60_000;
  for (;;) {
    const why = surfaces.all.map((surface) => surface.deaf()).find((each) => each !== undefined);
    if (why === undefined) return;
    if (Date.now() > until) throw new Error(`a platform stays deaf: ${why}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The people and channels of the story, with the ids that the platform gives them. */
export function peopled({ world }: Pick<FakeSlack, "world"> | Pick<FakeDiscord, "world">): Record<string, string> {
  const people = names.map((name) => [name, world.addUser({ name })] as const);
  const channels = ["ops", "quiet", "desk"].map((name) => [name, world.addChannel({ name })] as const);
  return Object.fromEntries([...people, ...channels]);
}
