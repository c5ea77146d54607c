import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, type TestContext, vi } from "vitest";
import { startDemo } from "../../demo/start.ts";
import { platformVariables } from "../fakes/bot-process.ts";
import { startFakeDiscord } from "../fakes/discord/discord.ts";
import { startRedis } from "../fakes/redis-process.ts";
import { startFakeSlack } from "../fakes/slack/slack.ts";
import { layDemoFiles } from "./demo-files.ts";
import { textIn } from "./house/talk.ts";

const clone = fileURLToPath(new URL("../../", import.meta.url));

/** The program in processes of its own, to be killed, in a Slack with these channels. */
async function openKillable(
  channels: readonly string[],
  onTestFinished: TestContext["onTestFinished"],
  redis?: { readonly url: string },
) {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-killed-chat-"));
  const [slack, demo] = [
    await startFakeSlack({ pace: "forgiven" }),
    await startDemo({ folder: join(folder, "demo"), seed: 5 }),
  ];
  const ana = slack.as(slack.world.addUser({ name: "ana" }));
  const ids = channels.map((name) => slack.world.addChannel({ name }));
  layDemoFiles(join(folder, "config"));
  writeFileSync(join(folder, "config", "wardroom.yaml"), wardroomYaml(ids));
  writeFileSync(join(folder, "config", "people.yaml"), peopleYaml(ana.id));
  const env = {
    PATH: process.env["PATH"] ?? "",
    LOG_LEVEL: "silent",
    PORT: "0",
    WARDROOM_CONFIG: join(folder, "config"),
    ...platformVariables({ slack }),
    ...(redis && { REDIS_URL: redis.url }),
    ...demo.env,
  };
  const running = new Set<ChildProcess>();
  let started = 0;
  const start = (): ChildProcess => {
    // Replicas share the Redis and no folder; one that is alone finds its own again.
    const state = { WARDROOM_STATE: join(folder, redis ? `state-${(started += 1)}` : "state") };
    const child = spawn(process.execPath, [join(clone, "bin/wardroom.js"), "start"], {
      env: { ...env, ...state },
      stdio: "ignore",
    });
    running.add(child);
    return child;
  };
  const kill = async (child: ChildProcess): Promise<void> => {
    running.delete(child);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  };
  onTestFinished(async () => {
    await Promise.all([...running].map(kill));
    await demo.stop();
    await slack.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const answers = (channel: string): number =>
    slack.messages(channel).filter((each) => textIn(each.blocks).includes("AlphaPulse-RL:")).length;
  const sockets = async (fits: (count: number) => boolean): Promise<void> =>
    void (await vi.waitUntil(() => fits(slack.sockets.count), { timeout: 60_000, interval: 5 }));
  return { slack, demo, ana, ids, start, kill, answers, sockets };
}

it.concurrent("killed again and again in the middle of commands: what was acknowledged is answered, once", async ({
  onTestFinished,
}) => {
  // A channel for each command, so that its answers can be counted.
  const kills = [
    { after: "asking", ms: 0 },
    { after: "asking", ms: 4 },
    { after: "asking", ms: 15 },
    { after: "an acknowledgement", ms: 0 },
    { after: "an acknowledgement", ms: 3 },
    { after: "an acknowledgement", ms: 10 },
  ] as const;
  const names = kills.flatMap((_when, round) => [0, 1, 2].map((part) => `at-${round}-${part}`));
  const { ana, ids, start, kill, answers, sockets } = await openKillable(names, onTestFinished);
  const asked = new Map<string, boolean>();
  for (const [round, when] of kills.entries()) {
    const child = start();
    await sockets((count) => count > 0);
    const first = Promise.withResolvers<void>();
    for (const id of ids.slice(3 * round, 3 * round + 3)) {
      asked.set(id, false);
      ana.slash("portfolio alphapulse", { channel: id }).whenAcked(() => {
        asked.set(id, true);
        first.resolve();
      });
    }
    if (when.after === "an acknowledgement") await first.promise;
    await new Promise((resolve) => setTimeout(resolve, when.ms));
    await kill(child);
    await sockets((count) => count === 0);
  }
  start();
  const accepted = [...asked].filter(([, acked]) => acked).map(([channel]) => channel);
  expect(accepted.length).toBeGreaterThan(2);
  await vi.waitFor(() => expect(accepted.filter((channel) => answers(channel) === 0)).toEqual([]), {
    timeout: 90_000,
    interval: 200,
  });
  expect([...asked.keys()].filter((channel) => answers(channel) > 1)).toEqual([]);
});

it.concurrent("killed where others live on: what it took is answered by another, soon and once", async ({
  onTestFinished,
}) => {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const { demo, ana, ids, start, kill, answers, sockets } = await openKillable(["ops"], onTestFinished, redis);
  const [ops = ""] = ids;
  const first = start();
  await sockets((count) => count === 2);
  await demo.alphapulse.trading.fail({ kind: "slow", ms: 3_000, times: 1 });
  await ana.slash("portfolio alphapulse", { channel: ops }).acked;
  await kill(first);
  start();
  await vi.waitFor(() => expect(answers(ops)).toBe(1), { timeout: 60_000, interval: 100 });
});

function wardroomYaml(channels: readonly string[]): string {
  const listed = channels.map(
    (id, index) =>
      `  - { id: c${index}, surface: slack, channel: ${id}, systems: "*", allow: [read, ask, approve, stop] }`,
  );
  return `version: 1
roles: [{ id: viewer, may: [read] }, { id: lead, may: [read, ask, approve, stop] }]
channels:
${listed.join("\n")}
policy:
  tiers: [{ id: two, alternatives: [[{ role: lead }]] }, { id: none, alternatives: [] }]
  rules: [{ risk: destructive, tier: two }, { tier: none }]
`;
}

function peopleYaml(ana: string): string {
  const lead = "grants: [{ role: lead, systems: '*' }]";
  return `people:
  - { id: ana, name: Ana, accounts: { slack: [${ana}] }, ${lead} }
  - { id: boris, name: Boris, accounts: { slack: [U0BORIS] }, ${lead} }
`;
}

it.concurrent("killed right after an answer was put in place on Discord: it stands once, and follows what becomes of it", async ({
  onTestFinished,
}) => {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-killed-discord-"));
  const [discord, demo] = [
    await startFakeDiscord({ pace: "forgiven" }),
    await startDemo({ folder: join(folder, "demo"), seed: 5 }),
  ];
  const [ana, boris] = ["ana", "boris"].map((name) => discord.addUser({ name }));
  const ops = discord.addChannel({ name: "ops" });
  layDemoFiles(join(folder, "config"));
  writeFileSync(join(folder, "config", "wardroom.yaml"), wardroomYaml([`"${ops}"`]).replaceAll("slack", "discord"));
  const people = peopleYaml(ana ?? "").replace("U0BORIS", boris ?? "");
  writeFileSync(join(folder, "config", "people.yaml"), people.replaceAll(/slack: \[(\d+)\]/g, 'discord: ["$1"]'));
  const env = {
    PATH: process.env["PATH"] ?? "",
    LOG_LEVEL: "silent",
    PORT: "0",
    WARDROOM_CONFIG: join(folder, "config"),
    WARDROOM_STATE: join(folder, "state"),
    ...platformVariables({ discord }),
    ...demo.env,
  };
  const start = (): ChildProcess =>
    spawn(process.execPath, [join(clone, "bin/wardroom.js"), "start"], { env, stdio: "ignore" });
  const first = start();
  let second: ChildProcess | undefined;
  onTestFinished(async () => {
    for (const child of [first, second]) child?.kill("SIGKILL");
    await demo.stop();
    await discord.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const patience = { timeout: 60_000, interval: 50 };
  await vi.waitFor(() => expect(discord.world.commands).not.toEqual([]), patience);
  discord.fail({ route: /@original$/, kind: "hang", after: true });
  discord.as(ana ?? "").slash("flatten", { system: "alphapulse", reason: "drill" }, { channel: ops });
  const cards = () => discord.messages(ops).filter((each) => textIn(each.embeds).includes("The full plan"));
  await vi.waitFor(() => expect(cards()).toHaveLength(1), patience);
  const gone = once(first, "exit");
  first.kill("SIGKILL");
  await gone;
  second = start();
  // Brought up to date where it stands: found again by the interaction that it answers.
  await vi.waitFor(() => expect(cards()[0]?.edits).toBeGreaterThan(0), patience);
  const [card] = cards();
  if (card) discord.as(boris ?? "").press(card, "Approve");
  await vi.waitFor(() => expect(textIn(cards()[0]?.embeds)).toContain("done"), patience);
  expect(cards()).toHaveLength(1);
  expect(demo.alphapulse.effects("flatten_positions")).toHaveLength(1);
});
