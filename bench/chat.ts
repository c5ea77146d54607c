/** Slack and Discord: how soon a command is acknowledged and answered, beside ten lines of Bolt and of discord.js on the same fakes. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Courier, Outgoing } from "../src/domain/message.ts";
import type { Place } from "../src/domain/policy.ts";
import { startFakeDiscord } from "../test/fakes/discord/discord.ts";
import { startFakeSlack } from "../test/fakes/slack/slack.ts";
import { discordAt, type Start, slackAt, startOurs, startRawBolt, startRawDiscord } from "./chat/apps.ts";
import type { Timed } from "./chat/platform.ts";
import { percentile } from "./measure.ts";

const rates = [1, 50, 200];

async function benchChat(): Promise<void> {
  for (const rate of rates) {
    compare(
      `Slack, ${rate} commands a second`,
      await run("slack", rate, startRawBolt),
      await run("slack", rate, startOurs),
    );
    compare(
      `Discord, ${rate} commands a second`,
      await run("discord", rate, startRawDiscord),
      await run("discord", rate, startOurs),
    );
  }
  await benchDeafness();
  await benchDelivery();
}

function line(name: string, { acks, answers, share, perSecond }: Timed): string {
  const figures = [acks, answers].map(
    (each) => `p50 ${percentile(each, 0.5).toFixed(1)} p99 ${percentile(each, 0.99).toFixed(1)} ms`,
  );
  return `${name.padEnd(12)}acknowledged ${figures[0]}   answered ${figures[1]}   ${perSecond.toFixed(0)}/s, ${(share * 100).toFixed(1)} %`;
}

function compare(title: string, raw: Timed, ours: Timed): void {
  console.log(`\n${title}`);
  console.log(line("ten lines", raw));
  console.log(line("wardroom", ours));
  const ratio = (of: (timed: Timed) => readonly number[]): string =>
    (percentile(of(ours), 0.99) / percentile(of(raw), 0.99)).toFixed(2);
  console.log(
    `${"ratio".padEnd(12)}acknowledged ${ratio((each) => each.acks)}x, answered ${ratio((each) => each.answers)}x at p99 (target 1.5); throughput ${(ours.perSecond / raw.perSecond).toFixed(2)}x (target 0.7)`,
  );
}

const At = z.object({ apiUrl: z.string(), channels: z.array(z.string()), user: z.string() });
const LaidOut = z.object({
  slack: At.extend({ botToken: z.string(), appToken: z.string() }).optional(),
  discord: At.extend({ token: z.string(), guildId: z.string() }).optional(),
});
const Measured = z.object({
  acks: z.array(z.number()),
  answers: z.array(z.number()),
  share: z.number(),
  perSecond: z.number(),
});

/** One bot under load from a platform in another process, as the real ones are: what is timed there is what arrives there. */
async function run(kind: "slack" | "discord", rate: number, start: Start): Promise<Timed> {
  const script = join(import.meta.dirname, "chat", "platform.ts");
  const child = spawn(process.execPath, [script, kind, String(rate)], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const said = async (): Promise<unknown> => JSON.parse(z.string().parse((await lines.next()).value));
  const { slack, discord } = LaidOut.parse(await said());
  const running = await start({ ...(slack && { slack }), ...(discord && { discord }) });
  child.stdin.write("go\n");
  const timed = Measured.parse(await said());
  await running.stop();
  child.stdin.write("end\n");
  return timed;
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
