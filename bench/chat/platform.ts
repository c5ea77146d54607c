/**
 * A platform and whoever asks on it, in a process of its own, as the real one is: `node platform.ts slack 50` prints where
 * it is as a line of JSON, begins when a line comes in, and prints when each command was acknowledged and answered.
 */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { startFakeDiscord } from "../../test/fakes/discord/discord.ts";
import { startFakeSlack } from "../../test/fakes/slack/slack.ts";
import { discordAt, type Platforms, slackAt } from "./apps.ts";

/** When each command was acknowledged and answered, ms after it was asked. */
export interface Timed {
  readonly acks: readonly number[];
  readonly answers: readonly number[];
  /** Answered within the time that was waited. */
  readonly share: number;
  readonly perSecond: number;
}

const seconds = 5;
/**
 * What is asked before anything is timed: code is slow the first few times, and compiling it holds everything up. On Discord
 * no faster than ten lines get it answered, or they would be measured working it off.
 */
const warmUps = { slack: { asked: 1_000, everyMs: 5 }, discord: { asked: 400, everyMs: 25 } } as const;
/** Channels the load is spread over, so that it measures the bot and not Slack's one message a second in a channel. */
const channels = 2_500;

interface Seen {
  readonly at: number;
  readonly acked: number | undefined;
  readonly answered: number | undefined;
}

/** One that can be asked for numbers: `ask` asks the bot something, `result` tells what became of all of it. */
interface Asker {
  readonly platforms: Platforms;
  ask(index: number): void;
  result(): readonly Seen[];
}

async function slackAsker(): Promise<Asker> {
  const slack = await startFakeSlack({ pace: "off" });
  const user = slack.world.addUser({ id: "U0ANA", name: "ana" });
  const ana = slack.as(user);
  const places = Array.from({ length: channels }, (_, index) =>
    slack.world.addChannel({ id: `C${index}`, name: `c${index}` }),
  );
  const asked: { channel: string; at: number; acked?: number }[] = [];
  return {
    platforms: { slack: slackAt(slack, user) },
    ask(index) {
      const channel = places[index % channels] ?? "";
      const entry: (typeof asked)[number] = { channel, at: performance.now() };
      asked.push(entry);
      ana.slash("help help", { channel }).whenAcked(() => (entry.acked = performance.now()));
    },
    result: () => asked.map(({ channel, at, acked }) => ({ at, acked, answered: slack.answeredAt.get(channel) })),
  };
}

async function discordAsker(): Promise<Asker> {
  const discord = await startFakeDiscord({ pace: "off" });
  const user = discord.world.addUser({ name: "ana" });
  const ana = discord.as(user);
  const channel = discord.world.addChannel({ name: "ops" });
  discord.world.commands = [{ id: "1", name: "alerts", type: 1, options: [{ type: 1, name: "show" }] }];
  const asked: { at: number; delivery: ReturnType<typeof ana.slash> }[] = [];
  return {
    platforms: { discord: discordAt(discord, user) },
    ask: () => void asked.push({ at: performance.now(), delivery: ana.slash("alerts show", {}, { channel }) }),
    result: () =>
      asked.map(({ at, delivery: { interaction } }) => ({
        at,
        acked: interaction.ackedAt,
        answered: interaction.answeredAt,
      })),
  };
}

/** Asks at a steady rate, then waits for what is under way. */
async function load(
  rate: number,
  asker: Asker,
  warmUp: { readonly asked: number; readonly everyMs: number },
): Promise<Timed> {
  const total = Math.max(40, rate * seconds);
  for (let index = 0; index < warmUp.asked; index += 1) {
    asker.ask(index);
    await sleep(warmUp.everyMs);
  }
  const start = performance.now();
  for (let index = 0; index < total; index += 1) {
    const due = start + (index * 1_000) / rate;
    if (due > performance.now()) await sleep(Math.max(1, due - performance.now()));
    asker.ask(warmUp.asked + index);
  }
  for (let waited = 0; waited < 100 && asker.result().some((each) => each.answered === undefined); waited += 1)
    await sleep(50);
  const seen = asker.result().slice(warmUp.asked);
  const done = seen.filter((each) => each.answered !== undefined);
  const last = Math.max(...done.map((each) => each.answered ?? 0));
  return {
    acks: seen.flatMap(({ at, acked }) => (acked === undefined ? [] : [acked - at])),
    answers: done.map(({ at, answered = 0 }) => answered - at),
    share: done.length / seen.length,
    perSecond: (done.length * 1_000) / (last - start),
  };
}

const [kind = "", rate = ""] = process.argv.slice(2);
const asker = kind === "slack" ? await slackAsker() : await discordAsker();
console.log(JSON.stringify(asker.platforms));
await once(process.stdin, "data");
console.log(JSON.stringify(await load(Number(rate), asker, warmUps[kind === "slack" ? "slack" : "discord"])));
await once(process.stdin, "data");
process.exit(0);
