/** Slack and Discord: how soon a command is acknowledged and answered, beside ten lines of Bolt and of discord.js on the same fakes. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { App } from "@slack/bolt";
import { Client, Events, GatewayIntentBits, type Interaction } from "discord.js";
import { fastify } from "fastify";
import { createBot } from "../src/compose/bot.ts";
import { openSurfaces } from "../src/compose/surfaces.ts";
import type { Config } from "../src/config/load-config.ts";
import type { Courier, Outgoing } from "../src/domain/message.ts";
import type { Place } from "../src/domain/policy.ts";
import { createLog } from "../src/ops/log.ts";
import { createMetrics } from "../src/ops/metrics.ts";
import { openSqliteStore } from "../src/store/sqlite/store.ts";
import { type FakeDiscord, startFakeDiscord } from "../test/fakes/discord/discord.ts";
import { type FakeSlack, startFakeSlack } from "../test/fakes/slack/slack.ts";
import { percentile } from "./measure.ts";

const rates = [1, 50, 200];
const seconds = 5;
/** Channels the load is spread over, so that it measures the bot and not Slack's one message a second in a channel. */
const channels = 1_500;

/** When each command was asked, acknowledged and answered, ms. */
interface Timed {
  readonly acks: number[];
  readonly answers: number[];
  /** Answered within the time that was waited. */
  readonly share: number;
  readonly perSecond: number;
}

async function benchChat(): Promise<void> {
  for (const rate of rates) {
    compare(`Slack, ${rate} commands a second`, await slackRun(rate, startRawBolt), await slackRun(rate, startOurs));
    compare(
      `Discord, ${rate} commands a second`,
      await discordRun(rate, startRawDiscord),
      await discordRun(rate, startOurs),
    );
  }
  await benchDeafness();
  await benchDelivery();
}

function compare(title: string, raw: Timed, ours: Timed): void {
  console.log(`\n${title}`);
  const line = (name: string, { acks, answers, share, perSecond }: Timed): string => {
    const figures = [acks, answers].map(
      (each) => `p50 ${percentile(each, 0.5).toFixed(1)} p99 ${percentile(each, 0.99).toFixed(1)} ms`,
    );
    return `${name.padEnd(12)}acknowledged ${figures[0]}   answered ${figures[1]}   ${perSecond.toFixed(0)}/s, ${(share * 100).toFixed(1)} %`;
  };
  console.log(line("ten lines", raw));
  console.log(line("wardroom", ours));
  const ratio = (of: (timed: Timed) => readonly number[]): string =>
    (percentile(of(ours), 0.99) / percentile(of(raw), 0.99)).toFixed(2);
  console.log(
    `${"ratio".padEnd(12)}acknowledged ${ratio((each) => each.acks)}x, answered ${ratio((each) => each.answers)}x at p99 (target 1.5); throughput ${(ours.perSecond / raw.perSecond).toFixed(2)}x (target 0.7)`,
  );
}

interface Platforms {
  readonly slack?: FakeSlack;
  readonly discord?: FakeDiscord;
}
type Start = (platforms: Platforms) => Promise<{ stop(): Promise<void> }>;

async function slackRun(rate: number, start: Start): Promise<Timed> {
  const slack = await startFakeSlack();
  const ana = slack.as(slack.world.addUser({ id: "U0ANA", name: "ana" }));
  const places = Array.from({ length: channels }, (_, index) =>
    slack.world.addChannel({ id: `C${index}`, name: `c${index}` }),
  );
  const running = await start({ slack });
  const asked: { channel: string; at: number; acked?: number }[] = [];
  const timed = await load(
    rate,
    (index) => {
      const channel = places[index % channels] ?? "";
      const entry: (typeof asked)[number] = { channel, at: performance.now() };
      asked.push(entry);
      ana.slash("help status", { channel }).whenAcked(() => (entry.acked = performance.now()));
    },
    () => {
      const answers = slack.answeredAt;
      return asked.map(({ channel, at, acked }) => ({ at, acked, answered: answers.get(channel) }));
    },
  );
  await running.stop();
  await slack.stop();
  return timed;
}

async function discordRun(rate: number, start: Start): Promise<Timed> {
  const discord = await startFakeDiscord({ limits: false });
  const ana = discord.as(discord.world.addUser({ name: "ana" }));
  const ops = discord.world.addChannel({ name: "ops" });
  discord.world.commands = [{ id: "1", name: "help", type: 1 }];
  const running = await start({ discord });
  const asked: { at: number; delivery: ReturnType<typeof ana.slash> }[] = [];
  const timed = await load(
    rate,
    () => {
      asked.push({ at: performance.now(), delivery: ana.slash("help", { command: "status" }, { channel: ops }) });
    },
    () =>
      asked.map(({ at, delivery }) => ({
        at,
        acked: delivery.interaction.ackedAt,
        answered: delivery.interaction.answeredAt,
      })),
  );
  await running.stop();
  await discord.stop();
  return timed;
}

/** Asks at a steady rate, then waits for what is under way. */
async function load(
  rate: number,
  ask: (index: number) => void,
  result: () => { at: number; acked: number | undefined; answered: number | undefined }[],
): Promise<Timed> {
  const total = Math.max(10, rate * seconds);
  for (let index = 0; index < 10; index += 1) {
    ask(index);
    await sleep(30);
  }
  const from = 10;
  const start = performance.now();
  for (let index = 0; index < total; index += 1) {
    const due = start + (index * 1_000) / rate;
    if (due > performance.now()) await sleep(due - performance.now());
    ask(from + index);
  }
  for (let waited = 0; waited < 100 && result().some((each) => each.answered === undefined); waited += 1)
    await sleep(50);
  const seen = result().slice(from);
  const done = seen.filter((each) => each.answered !== undefined);
  const last = Math.max(...done.map((each) => each.answered ?? 0));
  return {
    acks: seen.flatMap(({ at, acked }) => (acked === undefined ? [] : [acked - at])),
    answers: done.map(({ at, answered = 0 }) => answered - at),
    share: done.length / seen.length,
    perSecond: (done.length * 1_000) / (last - start),
  };
}

async function startRawBolt({ slack }: Platforms): Promise<{ stop(): Promise<void> }> {
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

async function startRawDiscord({ discord }: Platforms): Promise<{ stop(): Promise<void> }> {
  if (!discord) throw new Error("no Discord");
  const client = new Client({ intents: [GatewayIntentBits.Guilds], rest: { api: discord.apiUrl } });
  client.on(Events.Error, () => {});
  client.on(Events.InteractionCreate, (interaction) => void deferAndEdit(interaction).catch(() => {}));
  const ready = new Promise((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(discord.token);
  await ready;
  return { stop: () => client.destroy() };
}

async function startOurs({ slack, discord }: Platforms): Promise<{ stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-bench-"));
  const log = createLog({ level: "silent" });
  const { meter } = createMetrics();
  const config = configFor({ ...(slack && { slack }), ...(discord && { discord }) });
  const bot = await createBot({ store: openSqliteStore({ path: join(folder, "state.db") }), config, log, meter });
  const environment = {
    slack: slack && {
      botToken: slack.botToken,
      appToken: slack.appToken,
      signingSecret: undefined,
      apiUrl: slack.apiUrl,
    },
    discord: discord && { token: discord.token, guildId: discord.world.guild, apiUrl: discord.apiUrl },
  };
  const surfaces = await openSurfaces({ bot, config, environment, app: fastify(), log, meter });
  bot.work(surfaces.all.map((surface) => surface.courier));
  surfaces.start();
  while (surfaces.all.some((surface) => surface.deaf() !== undefined)) await sleep(10);
  await sleep(300);
  return {
    async stop() {
      await surfaces.stop();
      await bot.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configFor({ slack, discord }: Platforms): Config {
  const places = [
    ...(slack ? [...slack.world.channels.keys()].map((id) => ({ id, surface: "slack" as const })) : []),
    ...(discord ? [...discord.world.channels.keys()].map((id) => ({ id, surface: "discord" as const })) : []),
  ];
  const discordUser = discord && [...discord.world.users.values()].find((user) => user.name === "ana")?.id;
  return {
    systems: [],
    history: { everyMs: 3_600_000, keepMs: 3_600_000 },
    slack: {},
    discord: {},
    policy: {
      revision: "bench",
      people: [
        {
          id: "ana",
          name: "Ana",
          accounts: { slack: ["U0ANA"], ...(discordUser && { discord: [discordUser] }) },
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

/** From the loss of every socket to the first command that arrives. */
async function benchDeafness(): Promise<void> {
  const measured: number[] = [];
  for (const start of [startRawBolt, startOurs]) {
    const slack = await startFakeSlack();
    const ana = slack.as(slack.world.addUser({ id: "U0ANA", name: "ana" }));
    const ops = slack.world.addChannel({ id: "C0", name: "ops" });
    const running = await start({ slack });
    await sleep(500);
    slack.sockets.lose("terminate");
    const lost = performance.now();
    const heard: number[] = [];
    while (heard.length === 0 && performance.now() - lost < 20_000) {
      const at = performance.now();
      ana.slash("help status", { channel: ops }).whenAcked(() => heard.push(at));
      await sleep(20);
    }
    measured.push((heard[0] ?? Number.NaN) - lost);
    await running.stop();
    await slack.stop();
  }
  console.log(
    `\nDeaf after a lost socket: plain Bolt ${measured[0]?.toFixed(0)} ms, wardroom ${measured[1]?.toFixed(0)} ms (target 1000)`,
  );
}

/** A tenth of the calls answered 429: what arrives, and what arrives twice. */
async function benchDelivery(): Promise<void> {
  const total = 200;
  const [slack, discord] = [await startFakeSlack(), await startFakeDiscord()];
  for (let index = 0; index < total; index += 1) slack.world.addChannel({ id: `C${index}`, name: `c${index}` });
  const places = Array.from({ length: total }, (_, index) => discord.world.addChannel({ name: `d${index}` }));
  slack.world.addUser({ id: "U0ANA", name: "ana" });
  discord.world.addUser({ name: "ana" });
  const folder = mkdtempSync(join(tmpdir(), "wardroom-bench-"));
  const log = createLog({ level: "silent" });
  const { meter } = createMetrics();
  const config = configFor({ slack, discord });
  const bot = await createBot({ store: openSqliteStore({ path: join(folder, "state.db") }), config, log, meter });
  const environment = {
    slack: { botToken: slack.botToken, appToken: slack.appToken, signingSecret: undefined, apiUrl: slack.apiUrl },
    discord: { token: discord.token, guildId: discord.world.guild, apiUrl: discord.apiUrl },
  };
  const surfaces = await openSurfaces({ bot, config, environment, app: fastify(), log, meter });
  surfaces.start();
  while (surfaces.all.some((surface) => surface.deaf() !== undefined)) await sleep(10);
  slack.limitOneIn("chat.postMessage", 10);
  discord.limitOneIn(/^\/channels\/\d+\/messages$/, 10);
  const [toSlack, toDiscord] = surfaces.all.map((surface) => surface.courier);
  const sent = places.flatMap((place, index) => [
    send(toSlack, { surface: "slack", channel: `C${index}` }, message(`s${index}`)),
    send(toDiscord, { surface: "discord", channel: place }, message(`d${index}`)),
  ]);
  const attempts = await Promise.all(sent);
  const late = attempts.filter((each) => each > 1).length;
  const onSlack = Array.from({ length: total }, (_, index) => slack.messages(`C${index}`).length);
  const onDiscord = places.map((place) => discord.messages(place).length);
  const arrived = (counts: readonly number[]): string =>
    `${((counts.filter((each) => each > 0).length / total) * 100).toFixed(1)} %`;
  console.log(
    `\nDelivery with 429 on a tenth of the calls, ${total} messages each (${late} took more than one round of attempts)`,
  );
  console.log(`Slack    ${arrived(onSlack)} delivered, ${twice(onSlack)} twice`);
  console.log(`Discord  ${arrived(onDiscord)} delivered, ${twice(onDiscord)} twice (target 100 %, none twice)`);
  await surfaces.stop();
  await bot.stop();
  await Promise.all([slack.stop(), discord.stop()]);
  rmSync(folder, { recursive: true, force: true });
}

function message(nonce: string): Outgoing {
  return { card: { tone: "neutral", title: nonce, blocks: [] }, files: [], nonce };
}

/** As the delivery worker does: what was refused for now is tried again, as one that may have arrived. */
async function send(courier: Courier | undefined, place: Place, what: Outgoing): Promise<number> {
  for (let attempt = 1; attempt < 10; attempt += 1) {
    const posted = await courier?.post(place, attempt > 1 ? { ...what, again: true } : what).catch(() => undefined);
    if (posted) return attempt;
  }
  return Number.POSITIVE_INFINITY;
}

function twice(counts: readonly number[]): number {
  return counts.filter((each) => each > 1).length;
}

await benchChat();
process.exit(0);
