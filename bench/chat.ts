/** Slack and Discord: how soon a command is acknowledged and answered, beside ten lines of Bolt and of discord.js on the same fakes. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Courier, Outgoing } from "../src/domain/messages/message.ts";
import type { Place } from "../src/domain/messages/place.ts";
import { startFakeDiscord } from "../test/fakes/discord/discord.ts";
import { startFakeSlack } from "../test/fakes/slack/slack.ts";
import { discordAt, slackAt, startOurs, startRawBolt } from "./chat/apps.ts";
import type { Timed } from "./chat/platform.ts";
import { percentile } from "./measure.ts";

/** What a bot has that has settled, and the ten lines do without. A platform that halts is not what is measured either. */
const shortPauses = join(import.meta.dirname, "short-pauses.js");
const taskset = "/usr/bin/taskset";
/** Commands a second, and how often each bot is measured at that, in turn with its rival. */
const loads = [
  { rate: 1, rounds: 3 },
  { rate: 50, rounds: 5 },
  { rate: 200, rounds: 5 },
];
const bots = ["ten lines", "wardroom"] as const;
type Bot = (typeof bots)[number];

async function benchChat(): Promise<void> {
  const apart = isApart();
  console.log(apart ? "Platform and bot on a processor each" : "Platform and bot share the processors");
  for (const load of loads) {
    await compare("slack", load);
    await compare("discord", load);
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

async function compare(kind: "slack" | "discord", { rate, rounds }: (typeof loads)[number]): Promise<void> {
  const seen: Record<Bot, Figures[]> = { "ten lines": [], wardroom: [] };
  for (let round = 0; round < rounds; round += 1)
    for (const bot of bots) seen[bot].push(figuresOf(await run(kind, rate, bot)));
  console.log(`\n${kind === "slack" ? "Slack" : "Discord"}, ${rate} commands a second`);
  for (const bot of bots) console.log(line(bot, seen[bot]));
  const ratio = (of: keyof Figures, pick: Pick): string =>
    (pick(seen.wardroom, of) / pick(seen["ten lines"], of)).toFixed(2);
  const p99 = (pick: Pick): string =>
    `acknowledged ${ratio("ack99", pick)}x, answered ${ratio("answer99", pick)}x at p99 (target 1.5)`;
  console.log(`${"quietest".padEnd(14)}${p99(quietest)}; throughput ${ratio("perSecond", median)}x (target 0.7)`);
  console.log(`${"median".padEnd(14)}${p99(median)}`);
}

type Pick = (all: readonly Figures[], of: keyof Figures) => number;

/**
 * The round with the least: whatever else goes on in a machine, or in the one that it is a guest of, only ever adds to a
 * time, by ten milliseconds at once where a guest's processor is taken away.
 */
function quietest(all: readonly Figures[], of: keyof Figures): number {
  return Math.min(...all.map((each) => each[of]));
}

function median(all: readonly Figures[], of: keyof Figures): number {
  return percentile(
    all.map((each) => each[of]),
    0.5,
  );
}

function line(name: string, all: readonly Figures[]): string {
  const ms = (of: keyof Figures): string => quietest(all, of).toFixed(1);
  return `${name.padEnd(14)}acknowledged p50 ${ms("ack50")} p99 ${ms("ack99")} ms   answered p50 ${ms("answer50")} p99 ${ms("answer99")} ms   ${median(all, "perSecond").toFixed(0)}/s, ${(median(all, "share") * 100).toFixed(1)} %`;
}

const Measured = z.object({
  acks: z.array(z.number()),
  answers: z.array(z.number()),
  share: z.number(),
  perSecond: z.number(),
});

/**
 * One bot under load, it and the platform each in a process of its own and on a processor of its own, as the real ones are:
 * on one that they share, what is acknowledged waits until the bot pauses and lets the platform look at it.
 */
async function run(kind: "slack" | "discord", rate: number, bot: Bot): Promise<Timed> {
  const platform = child("platform.ts", {
    args: [kind, String(rate)],
    options: ["--import", shortPauses],
    processor: 0,
  });
  const place = await platform.said();
  const options = bot === "wardroom" ? ["--import", shortPauses] : [];
  const running = child("bot.ts", { args: [bot], options, processor: 1 });
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

function isApart(): boolean {
  return availableParallelism() > 1 && existsSync(taskset);
}

function child(
  script: string,
  how: { readonly args: readonly string[]; readonly options: readonly string[]; readonly processor: number },
): Child {
  const whole = [process.execPath, ...how.options, join(import.meta.dirname, "chat", script), ...how.args];
  const [file = "", ...rest] = isApart() ? [taskset, "-c", String(how.processor), ...whole] : whole;
  const spawned = spawn(file, rest, { stdio: ["pipe", "pipe", "inherit"] });
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
  const [slack, discord] = [await startFakeSlack({ pace: "forgiven" }), await startFakeDiscord({ pace: "forgiven" })];
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
