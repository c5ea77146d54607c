/**
 * Alerts taken in and told. How fast they are taken, answered and put on record, beside a real Alertmanager that takes them into memory
 * and posts them on; how long the largest body takes; and what a storm of a minute comes to on a Slack and a Discord with their limits.
 * `node bench/alerts.ts 500` is a short form with so many alerts instead of 10,000, and `node bench/alerts.ts 10000 200` only the storm
 * over so many groups.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { startAlertmanager } from "../test/fakes/alertmanager-process.ts";
import { startFakeDiscord } from "../test/fakes/discord/discord.ts";
import { startFakeSlack } from "../test/fakes/slack/slack.ts";
import { type AlertBot, startAlertBot, type TellsOn } from "./alert-bot.ts";
import { type Seen, Sight } from "./alert-sight.ts";
import { against, measure, printRows, type Row, timed } from "./measure.ts";

const total = Number(process.argv[2] ?? 10_000);
const only = process.argv[3];
/** So many alerts a post, as Prometheus sends them to Alertmanager. */
const perPost = 64;
const stormMs = Math.min(60_000, total * 6);
/** How long after a storm all of it has to be seen, ms. */
const mostLateMs = 120_000;
const everyMs = 250;
/** What a start leaves to do is done by then, ms. */
const settledMs = 12_000;
/** Posted before anything is measured: both have done each thing once by then. */
const warming = 1_024;

const Posted = z.object({
  alerts: z.array(z.object({ labels: z.object({ instance: z.string(), group: z.string() }) })),
});

/** How Alertmanager posts on what it is posted: each group at once. */
const posting = { wait: "0s", interval: "1s", groupBy: ["group"] } as const;

if (only === undefined) {
  await ingest("in one group", () => "all");
  await ingest(`in ${total} groups`, (at) => String(at));
}
const sizes = only === undefined ? [20, 200, 2_000, 10_000].filter((count) => count <= total) : [Number(only)];
const storms: Storm[] = [];
for (const groups of sizes) storms.push(await storm(groups));
printStorms(storms);

async function opened<Result>(use: (bot: AlertBot, on: TellsOn) => Promise<Result>): Promise<Result> {
  // What is called too fast is counted and told, and no reason to lose the figures.
  const [slack, discord] = [await startFakeSlack({ pace: "forgiven" }), await startFakeDiscord({ pace: "forgiven" })];
  try {
    const on: TellsOn = {
      slack: { platform: slack, channel: slack.world.addChannel({ name: "ops" }) },
      discord: { platform: discord, channel: discord.addChannel({ name: "ops" }) },
    };
    return await use(await startAlertBot(on), on);
  } finally {
    await slack.stop();
    await discord.stop();
  }
}

function alertsOf(count: number, groupOf: (at: number) => string): object[] {
  const startsAt = new Date().toISOString();
  return Array.from({ length: count }, (_, at) => ({
    status: "firing",
    labels: {
      alertname: "Overload",
      severity: at % 50 === 0 ? "critical" : "warning",
      instance: `pod-${at}`,
      group: groupOf(at),
    },
    annotations: { summary: `pod-${at} has too much to do`, description: "x".repeat(250) },
    startsAt,
    endsAt: "0001-01-01T00:00:00Z",
    generatorURL: "",
  }));
}

interface Taken {
  /** Alerts a second until the last was answered, and until all were on record, or had been posted on. */
  readonly answered: Row;
  readonly done: Row;
}

/** Alerts a second, one post after the other on four connections. */
async function take(
  name: string,
  alerts: readonly object[],
  { post, until }: { readonly post: (part: readonly object[]) => Promise<void>; readonly until: () => Promise<void> },
): Promise<Taken> {
  const began = performance.now();
  const posts = Math.ceil(alerts.length / perPost);
  const row = await measure(name, { total: posts, callers: 4 }, (at) =>
    post(alerts.slice(at * perPost, (at + 1) * perPost)),
  );
  await until();
  const seconds = (performance.now() - began) / 1_000;
  return {
    answered: { ...row, perSecond: row.perSecond * (alerts.length / posts) },
    done: { ...row, perSecond: alerts.length / seconds },
  };
}

async function ingest(name: string, groupOf: (at: number) => string): Promise<void> {
  await opened(async (bot) => {
    const [warm, alerts] = [alertsOf(warming, (at) => `warm-${groupOf(at)}`), alertsOf(total, groupOf)];
    const post = (part: readonly object[]) => bot.post(part);
    await take("", warm, { post, until: () => bot.onRecord(warming) });
    const ours = await take("Wardroom, on disk", alerts, { post, until: () => bot.onRecord(warming + total) });
    const theirs = await byAlertmanager(warm, alerts);
    console.log(`\n${total} alerts ${name}, posts of ${perPost}, load ${load()}`);
    printRows("alerts a second that are answered", [against(ours.answered, theirs.answered), theirs.answered]);
    printRows(
      "alerts a second until all of them are on record with what becomes of each, beside all posted to a receiver",
      [against(ours.done, theirs.done), theirs.done],
    );
    const body = await timed(() => bot.post(alertsOf(total, () => "one body")));
    print("all of them in one body, answered after", `${Math.round(body)} ms`);
    await bot.onRecord(warming + 2 * total);
    const chained = await timed(() =>
      throughAlertmanager(
        bot,
        alertsOf(total, (at) => `through-${groupOf(at)}`),
        3 * total,
      ),
    );
    print("through an Alertmanager, alerts a second", String(Math.round((total * 1_000) / chained)));
    const { faults } = await bot.end();
    if (faults.length > 0) print("the books", faults.join(" "));
  });
}

/** Takes them, and posts each group to somebody who answers at once. */
async function byAlertmanager(warm: readonly object[], alerts: readonly object[]): Promise<Taken> {
  const receiver = await startReceiver();
  const alertmanager = await startAlertmanager({ url: receiver.url, token: "none" }, posting);
  try {
    const post = (part: readonly object[]) => alertmanager.fires(part.map(asFired));
    await take("", warm, { post, until: () => receiver.has(warm.length) });
    return await take("Alertmanager, in memory", alerts, {
      post,
      until: () => receiver.has(warm.length + alerts.length),
    });
  } finally {
    await alertmanager.stop();
    receiver.close();
  }
}

/** As it comes in the field: each group is a post of its own. */
async function throughAlertmanager(bot: AlertBot, alerts: readonly object[], sum: number): Promise<void> {
  const alertmanager = await startAlertmanager(bot.webhook, posting);
  try {
    for (let at = 0; at < alerts.length; at += perPost)
      await alertmanager.fires(alerts.slice(at, at + perPost).map(asFired));
    await bot.onRecord(warming + sum);
  } finally {
    await alertmanager.stop();
  }
}

function asFired(alert: object): object {
  return { ...alert, status: undefined, endsAt: undefined };
}

/** Answers whatever is posted at once, and knows which alerts that told of. */
async function startReceiver() {
  const seen = new Set<string>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      response.end();
      for (const { labels } of Posted.parse(JSON.parse(Buffer.concat(chunks).toString())).alerts)
        seen.add(`${labels.group}/${labels.instance}`);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  return {
    url: `http://127.0.0.1:${isBound(address) ? address.port : 0}/`,
    async has(count: number): Promise<void> {
      while (seen.size < count) await sleep(20);
    },
    close: () => server.close(),
  };
}

function isBound(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === "object" && address !== null;
}

/** What a storm came to: for each platform a line. */
interface Storm {
  readonly groups: number;
  readonly load: string;
  readonly lost: number;
  readonly peakMiB: number;
  readonly wrong: readonly string[];
  readonly on: readonly Told[];
}

interface Told {
  readonly platform: string;
  readonly all: Seen;
  /** The first post of each message that a P0 has of its own. */
  readonly urgent: Seen;
  readonly posts: number;
  readonly lines: number;
  readonly edits: number;
  readonly tooFast: number;
}

/** Alerts that come evenly over a minute, and what two channels see of them. */
async function storm(groups: number): Promise<Storm> {
  return opened(async (bot, on) => {
    await sleep(settledMs);
    const alerts = alertsOf(total, (at) => String(at % groups));
    const sights = sightsOf(on);
    const before = callsOf(on);
    const postedAt: number[] = [];
    const began = performance.now();
    const rounds = Math.max(1, Math.floor(stormMs / everyMs));
    for (let round = 0; round < rounds; round += 1) {
      const part = alerts.slice(Math.floor((round * total) / rounds), Math.floor(((round + 1) * total) / rounds));
      const at = performance.now();
      await bot.post(part);
      postedAt.push(...part.map(() => at));
      await sleep(Math.max(0, began + (round + 1) * everyMs - performance.now()));
    }
    const late = performance.now() + mostLateMs;
    const isSeen = () => sights.every(({ sight }) => sight.count >= total);
    while (!isSeen() && performance.now() < late) await sleep(200);
    await bot.onRecord(total);
    const peakMiB = bot.peakMiB();
    for (const { sight } of sights) sight.stop();
    const { events, fates, faults } = await bot.end();
    const criticalAt = new Map(
      postedAt.flatMap((at, index) => (index % 50 === 0 ? [[`pod-${index}`, at] as const] : [])),
    );
    const calls = callsOf(on);
    const sum = Object.values(fates).reduce((all: number, count) => all + Number(count), 0);
    return {
      groups,
      load: load(),
      lost: total - Math.min(events, sum),
      peakMiB,
      wrong: faults,
      on: sights.map(({ platform, sight }) => ({
        platform,
        all: sight.all(postedAt),
        urgent: sight.firstPosts(criticalAt),
        posts: calls[platform].posts - before[platform].posts,
        lines: calls[platform].lines - before[platform].lines,
        edits: calls[platform].edits - before[platform].edits,
        tooFast: calls[platform].tooFast,
      })),
    };
  });
}

function sightsOf({ slack, discord }: TellsOn) {
  const onSlack = () =>
    slack.platform
      .messages(slack.channel)
      .flatMap(({ ts, thread, blocks }) => (thread === undefined ? [{ id: ts, text: JSON.stringify(blocks) }] : []));
  // As people read it: what Discord is sent has its signs escaped, colons as well.
  const onDiscord = () =>
    discord.platform
      .messages(discord.channel)
      .map(({ id, embeds }) => ({ id, text: JSON.stringify(embeds).replaceAll("\\\\", "") }));
  return [
    { platform: "slack", sight: new Sight(onSlack) },
    { platform: "discord", sight: new Sight(onDiscord) },
  ] as const;
}

/** What each platform was called for so far: messages in the channel, lines below them, edits, and what it refused as too fast. */
function callsOf({ slack, discord }: TellsOn) {
  const said = slack.platform.calls.filter(({ method }) => method === "chat.postMessage");
  const posted = discord.platform.calls.filter(({ method, path }) => method === "POST" && path.endsWith("/messages"));
  const own = posted.filter(({ path }) => path.includes(`/${discord.channel}/`));
  return {
    slack: {
      posts: said.filter(({ args }) => args["thread_ts"] === undefined).length,
      lines: said.filter(({ args }) => args["thread_ts"] !== undefined).length,
      edits: slack.platform.calls.filter(({ method }) => method === "chat.update").length,
      tooFast: slack.platform.tooFast.length,
    },
    discord: {
      posts: own.length,
      lines: posted.length - own.length,
      edits: discord.platform.calls.filter(({ method }) => method === "PATCH").length,
      tooFast: discord.platform.calls.filter(({ status }) => status === 429).length,
    },
  };
}

function printStorms(all: readonly Storm[]): void {
  console.log(
    `\n${total} alerts in ${stormMs / 1_000} s, each told in a channel of a Slack and of a Discord with their limits. The nth alert is seen once the channel's messages tell of n; a P0 post is the first of a message of its own, since its first alert was posted`,
  );
  const head = [
    "groups",
    "on",
    "lost",
    "seen",
    "p50 s",
    "p99 s",
    "P0 posts",
    "p50 s",
    "p99 s",
    "posts",
    "lines",
    "edits",
    "429",
    "MiB",
    "load",
  ];
  console.log(head.map((cell) => cell.padStart(8)).join(""));
  for (const { groups, load: at, lost, peakMiB, wrong, on } of all) {
    for (const { platform, all: seen, urgent, posts, lines, edits, tooFast } of on) {
      const cells = [groups, platform, lost, seen.count, inSeconds(seen.p50), inSeconds(seen.p99), urgent.count];
      const more = [inSeconds(urgent.p50), inSeconds(urgent.p99), posts, lines, edits, tooFast, peakMiB, at];
      console.log([...cells, ...more].map((cell) => String(cell).padStart(8)).join(""));
    }
    if (wrong.length > 0) console.log(`  the books: ${wrong.join(" ").slice(0, 300)}`);
  }
}

function inSeconds(ms: number): string {
  return (ms / 1_000).toFixed(1);
}

function load(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}

function print(what: string, value: string): void {
  console.log(`${what.padEnd(44)}${value.padStart(12)}`);
}
