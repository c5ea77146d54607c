/**
 * Alerts taken in and told: how fast they are durable beside a real Alertmanager, how long the largest body takes, and what a storm
 * of a minute costs on a Slack. `node bench/alerts.ts 500` is a short form with so many alerts instead of 10,000.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { slackPerMinute } from "../src/bot/slack/rate-limits.ts";
import { startAlertmanager } from "../test/fakes/alertmanager-process.ts";
import { type FakeSlack, startFakeSlack } from "../test/fakes/slack/slack.ts";
import { type AlertBot, startAlertBot } from "./alert-bot.ts";
import { against, measure, printRows, timed } from "./measure.ts";

const total = Number(process.argv[2] ?? 10_000);
/** So many alerts a post, as Alertmanager sends them to a receiver of its own pace and Prometheus to Alertmanager. */
const perPost = 64;
const stormMs = Math.min(60_000, total * 6);
/** How long after a storm it may still be told. */
const afterMs = Math.max(45_000, Math.min(180_000, stormMs * 3));

await ingest("in one group", () => "all");
await ingest(`in ${total} groups`, (at) => String(at));
for (const groups of [20, 200, 2_000].filter((count) => count <= total)) await storm(groups);

interface Open {
  readonly slack: FakeSlack;
  readonly channel: string;
  readonly bot: AlertBot;
}

async function opened(use: (open: Open) => Promise<void>): Promise<void> {
  const slack = await startFakeSlack();
  try {
    const channel = slack.world.addChannel({ name: "ops" });
    await use({ slack, channel, bot: await startAlertBot(slack, channel) });
  } finally {
    await slack.stop();
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

/** Alerts a second that are durable once they are answered, one post after the other on four connections. */
async function ingest(name: string, groupOf: (at: number) => string): Promise<void> {
  await opened(async ({ bot }) => {
    const alerts = alertsOf(total, groupOf);
    const posts = Math.ceil(total / perPost);
    const part = (at: number) => alerts.slice(at * perPost, (at + 1) * perPost);
    const load = { total: posts, callers: 4 };
    const ours = await measure("Wardroom, durable", load, (at) => bot.post(part(at)));
    const rival = await startAlertmanager({ url: "http://127.0.0.1:9/", token: "none" }, { wait: "1h" });
    const asPosted = (at: number) =>
      rival.fires(part(at).map((alert) => ({ ...alert, status: undefined, endsAt: undefined })));
    const theirs = await measure("Alertmanager, in memory", load, asPosted);
    await rival.stop();
    printRows(`${total} alerts ${name}, posts of ${perPost}: posts a second`, [against(ours, theirs), theirs]);
    const body = await timed(() => bot.post(alertsOf(total, () => "one body")));
    print("all of them in one body, answered after", `${Math.round(body)} ms`);
    const { faults } = await bot.end();
    if (faults.length > 0) print("the books", faults.join(" "));
  });
}

/** Alerts that come evenly over a minute, and what a channel sees of them. */
async function storm(groups: number): Promise<void> {
  await opened(async ({ slack, channel, bot }) => {
    const alerts = alertsOf(total, (at) => String(at % groups));
    const began = performance.now();
    const rounds = Math.max(1, Math.floor(stormMs / 250));
    for (let round = 0; round < rounds; round += 1) {
      await bot.post(alerts.slice(Math.floor((round * total) / rounds), Math.floor(((round + 1) * total) / rounds)));
      await sleep(Math.max(0, began + (round + 1) * 250 - performance.now()));
    }
    await sleep(afterMs);
    const peak = bot.peakMiB();
    const { events, fates, faults } = await bot.end();
    console.log(`\n${total} alerts in ${stormMs / 1_000} s over ${groups} groups, told on a Slack`);
    const posts = slack.calls.filter(({ method }) => method === "chat.postMessage");
    const [first] = posts.flatMap(({ args, at }) => (args["channel"] === channel ? [at] : []));
    print("posts, in threads besides", `${rootsOf(posts)}, ${posts.length - rootsOf(posts)}`);
    print("first post after", first === undefined ? "never" : `${Math.round(first - began)} ms`);
    print("edits, and most in any minute", `${editsOf(slack).length}, ${mostInMinute(editsOf(slack))}`);
    print("edits that Slack takes in a minute", String(slackPerMinute["chat.update"]));
    print("in the books, of those posted", `${events} of ${total}  ${JSON.stringify(fates)}`);
    if (faults.length > 0) print("what the books say is wrong", faults.join(" ").slice(0, 300));
    print("most memory", `${peak} MiB`);
  });
}

function rootsOf(posts: FakeSlack["calls"]): number {
  return posts.filter(({ args }) => args["thread_ts"] === undefined).length;
}

function editsOf(slack: FakeSlack): readonly number[] {
  return slack.calls.flatMap(({ method, at }) => (method === "chat.update" ? [at] : []));
}

function mostInMinute(times: readonly number[]): number {
  const counts = times.map((at) => times.filter((other) => other >= at && other < at + 60_000).length);
  return counts.reduce((most, each) => Math.max(most, each), 0);
}

function print(what: string, value: string): void {
  console.log(`${what.padEnd(44)}${value.padStart(12)}`);
}
