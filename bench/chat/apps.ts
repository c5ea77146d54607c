/** The bots that are measured: ten lines of Bolt, ten lines of discord.js, and Wardroom, on platforms at an address. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { App } from "@slack/bolt";
import { Client, Events, GatewayIntentBits, type Interaction } from "discord.js";
import { fastify } from "fastify";
import { createBot } from "../../src/compose/bot.ts";
import { openSurfaces } from "../../src/compose/surfaces.ts";
import type { Config } from "../../src/config/load-config.ts";
import { AlertsInFile } from "../../src/domain/alerts/routing.ts";
import { IncidentsInFile } from "../../src/domain/incidents/incidents-file.ts";
import type { Courier } from "../../src/domain/messages/message.ts";
import { OnCallInFile } from "../../src/domain/oncall/rotation.ts";
import { createLog } from "../../src/ops/log.ts";
import { createMeasurements } from "../../src/ops/metrics.ts";
import { openSqliteStore } from "../../src/store/sqlite/store.ts";
import type { FakeDiscord } from "../../test/fakes/discord/discord.ts";
import type { FakeSlack } from "../../test/fakes/slack/slack.ts";

/** What a bot has to know of a platform: where it is, what lets it in, and where and by whom it is asked. */
export interface At {
  readonly apiUrl: string;
  readonly channels: readonly string[];
  readonly user: string;
}
export interface SlackAt extends At {
  readonly botToken: string;
  readonly appToken: string;
}
export interface DiscordAt extends At {
  readonly token: string;
  readonly guildId: string;
}
export interface Platforms {
  readonly slack?: SlackAt;
  readonly discord?: DiscordAt;
}

export interface Running {
  stop(): Promise<void>;
}

export function slackAt({ apiUrl, botToken, appToken, world }: FakeSlack, user: string): SlackAt {
  return { apiUrl, botToken, appToken, channels: [...world.channels.keys()], user };
}

export function discordAt({ apiUrl, token, guildId, world }: FakeDiscord, user: string): DiscordAt {
  return { apiUrl, token, guildId, channels: [...world.channels.keys()], user };
}

export async function startRawBolt({ slack }: Platforms): Promise<Running> {
  if (!slack) throw new Error("no Slack");
  const app = new App({
    token: slack.botToken,
    appToken: slack.appToken,
    socketMode: true,
    clientOptions: { slackApiUrl: slack.apiUrl },
  });
  app.command("/ops", async ({ ack, client, command }) => {
    await ack();
    await client.chat.postMessage({ channel: command.channel_id, text: "help" });
  });
  await app.start();
  return { stop: async () => void (await app.stop()) };
}

async function deferAndEdit(interaction: Interaction): Promise<void> {
  if (!interaction.isChatInputCommand()) return;
  await interaction.deferReply();
  await interaction.editReply("help");
}

export async function startRawDiscord({ discord }: Platforms): Promise<Running> {
  if (!discord) throw new Error("no Discord");
  const client = new Client({ intents: [GatewayIntentBits.Guilds], rest: { api: discord.apiUrl } });
  client.on(Events.Error, () => {});
  client.on(Events.InteractionCreate, (interaction) => void deferAndEdit(interaction).catch(() => {}));
  const ready = new Promise((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(discord.token);
  await ready;
  return { stop: () => client.destroy() };
}

export interface Ours extends Running {
  /** Slack's courier, then Discord's, of those that were asked for. */
  readonly couriers: readonly Courier[];
}

export async function startOurs({ slack, discord }: Platforms): Promise<Ours> {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-bench-"));
  const log = createLog({ level: "silent" });
  const { meter } = createMeasurements();
  const config = configFor({ ...(slack && { slack }), ...(discord && { discord }) });
  const bot = await createBot({ store: openSqliteStore({ path: join(folder, "state.db") }), config, log, meter });
  const environment = { slack: slack && { ...slack, signingSecret: undefined }, discord };
  const surfaces = await openSurfaces({ bot, environment, app: fastify(), log, meter });
  const couriers = surfaces.all.map((surface) => surface.courier);
  bot.work(surfaces.all);
  surfaces.start();
  while (surfaces.all.some((surface) => surface.deaf() !== undefined)) await sleep(10);
  await sleep(300);
  return {
    couriers,
    async stop() {
      await surfaces.stop();
      await bot.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configFor({ slack, discord }: Platforms): Config {
  const places = [
    ...(slack?.channels ?? []).map((id) => ({ id, surface: "slack" as const })),
    ...(discord?.channels ?? []).map((id) => ({ id, surface: "discord" as const })),
  ];
  return {
    systems: [],
    secrets: new Map(),
    alerts: AlertsInFile.parse({}),
    oncall: OnCallInFile.parse({}),
    digests: [],
    incidents: IncidentsInFile.parse({}),
    history: { everyMs: 3_600_000, keepMs: 3_600_000 },
    slack: {},
    discord: {},
    policy: {
      revision: "bench",
      people: [
        {
          id: "ana",
          name: "Ana",
          accounts: { ...(slack && { slack: [slack.user] }), ...(discord && { discord: [discord.user] }) },
          grants: [{ role: "viewer", systems: "*" }],
        },
      ],
      roles: [{ id: "viewer", may: ["read"] }],
      groups: [],
      channels: places.map(({ id, surface }, index) => ({
        id: `c${index}`,
        surface,
        channel: id,
        systems: "*",
        allow: ["read"],
        requests: false,
        operator: false,
      })),
      direct: { allow: ["read"] },
      tiers: [],
      rules: [],
    },
  };
}
