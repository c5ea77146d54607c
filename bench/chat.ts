/** Slack and Discord: how soon a command is acknowledged and answered, beside ten lines of Bolt and of discord.js on the same fakes. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Courier, Outgoing } from "../src/domain/message.ts";
import type { Place } from "../src/domain/policy.ts";
import { startFakeDiscord } from "../test/fakes/discord/discord.ts";
import { startFakeSlack } from "../test/fakes/slack/slack.ts";
import { discordAt, slackAt, startOurs, startRawBolt } from "./chat/apps.ts";
import type { Timed } from "./chat/platform.ts";
import { percentile } from "./measure.ts";

/** What `bin/wardroom.js` imports first, and the ten lines do without. A platform that halts is not what is measured either. */
const shortPauses = join(import.meta.dirname, "..", "bin", "short-pauses.js");
const rates = [1, 50, 200];
const bots = ["ten lines", "wardroom"] as const;
type Bot = (typeof bots)[number];
/** Each is measured this often, in turn with its rival, and the median is told: a machine has bad moments. */
const rounds = 3;

async function benchChat(): Promise<void> {
  for (const rate of rates) {
    await compare("slack", rate);
    await compare("discord", rate);
  }
  await benchDeafness();
  await benchDelivery();
}

/** What one round shows, ms and commands a second. */
interface Figures {
  readonly ack50: number;
  readonly ack99: number;
  readonly answer50: number;
  readonly answer99: number;
  readonly share: number;
  readonly perSecond: number;
}

function figuresOf({ acks, answers, share, perSecond }: Timed): Figures {
  return {
    ack50: percentile(acks, 0.5),
    ack99: percentile(acks, 0.99),
    answer50: percentile(answers, 0.5),
    answer99: percentile(answers, 0.99),
    share,
    perSecond,
  };
}

async function compare(kind: "slack" | "discord", rate: number): Promise<void> {
  const seen: Record<Bot, Figures[]> = { "ten lines": [], wardroom: [] };
  for (let round = 0; round < rounds; round += 1)
    for (const bot of bots) seen[bot].push(figuresOf(await run(kind, rate, bot)));
  console.log(`\n${kind === "slack" ? "Slack" : "Discord"}, ${rate} commands a second`);
  for (const bot of bots) console.log(line(bot, seen[bot]));
  const ratio = (of: keyof Figures): string => (median(seen.wardroom, of) / median(seen["ten lines"], of)).toFixed(2);
  console.log(
    `${"ratio".padEnd(14)}acknowledged ${ratio("ack99")}x, answered ${ratio("answer99")}x at p99 (target 1.5); throughput ${ratio("perSecond")}x (target 0.7)`,
  );
}

function median(all: readonly Figures[], of: keyof Figures): number {
  return percentile(
    all.map((each) => each[of]),
    0.5,
  );
}

function line(name: string, all: readonly Figures[]): string {
  const ms = (of: keyof Figures): string => median(all, of).toFixed(1);
  return `${name.padEnd(14)}acknowledged p50 ${ms("ack50")} p99 ${ms("ack99")} ms   answered p50 ${ms("answer50")} p99 ${ms("answer99")} ms   ${median(all, "perSecond").toFixed(0)}/s, ${(median(all, "share") * 100).toFixed(1)} %`;
}

const Measured = z.object({
  acks: z.array(z.number()),
  answers: z.array(z.number()),
  share: z.number(),
  perSecond: z.number(),
});

/** One bot under load, it and the platform each in a process of its own, as the real ones are: what is timed is what arrives at the platform. */
async function run(kind: "slack" | "discord", rate: number, bot: Bot): Promise<Timed> {
  const platform = child("platform.ts", [kind, String(rate)], ["--import", shortPauses]);
  const place = await platform.said();
  const running = child("bot.ts", [bot], bot === "wardroom" ? ["--import", shortPauses] : []);
  running.say(place);
  await running.said();
  platform.say("go");
  const timed = Measured.parse(JSON.parse(await platform.said()));
  running.say("end");
  await running.over;
  platform.say("end");
  return timed;
}

interface Child {
  say(words: string): void;
  /** The next line it prints. */
  said(): Promise<string>;
  readonly over: Promise<unknown>;
}

function child(script: string, args: readonly string[], options: readonly string[] = []): Child {
  const spawned = spawn(process.execPath, [...options, join(import.meta.dirname, "chat", script), ...args], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: spawned.stdout })[Symbol.asyncIterator]();
  return {
    say: (words) => void spawned.stdin.write(`${words}\n`),
    said: async () => z.string().parse((await lines.next()).value),
    over: once(spawned, "exit"),
  };
}

/** From the loss of every socket to the first command that arrives. */
async function benchDeafness(): Promise<void> {
  const measured: number[] = [];
  for (const start of [startRawBolt, startOurs]) {
    const slack = await startFakeSlack();
    const user = slack.world.addUser({ id: "U0ANA", name: "ana" });
    const ana = slack.as(user);
    const ops = slack.world.addChannel({ id: "C0", name: "ops" });
    const running = await start({ slack: slackAt(slack, user) });
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
  const running = await startOurs({
    slack: slackAt(slack, slack.world.addUser({ id: "U0ANA", name: "ana" })),
    discord: discordAt(discord, discord.world.addUser({ name: "ana" })),
  });
  slack.limitOneIn("chat.postMessage", 10);
  discord.limitOneIn(/^\/channels\/\d+\/messages$/, 10);
  const [toSlack, toDiscord] = running.couriers;
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
  await running.stop();
  await Promise.all([slack.stop(), discord.stop()]);
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
