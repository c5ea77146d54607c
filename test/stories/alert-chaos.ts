import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { alertBooks, platformVariables, startBotProcess } from "../fakes/bot-process.ts";
import { startFakeDiscord } from "../fakes/discord/discord.ts";
import { postedBatch } from "../fakes/posted-alerts.ts";
import type { ServerProcess } from "../fakes/server-process.ts";
import { startFakeSlack } from "../fakes/slack/slack.ts";

const token = "a-token-of-the-story";
/** As many as keep each of them out of a storm. */
const channelCount = 10;
const surfaces = ["slack", "discord"] as const;
type SurfaceId = (typeof surfaces)[number];

/** When the bot is killed after it took a batch: so many ms later, or when the platforms saw so many more calls. */
export type KillPoint = { readonly ms: number } | { readonly calls: number };

/** What became of all that was posted. */
export interface ChaosEnd {
  /** Alerts that no message, or more than one, tells of; each with where. */
  readonly lost: readonly string[];
  readonly twice: readonly string[];
  /** What was said twice under one message. */
  readonly saidTwice: readonly string[];
  /** What the books say is wrong. */
  readonly faults: readonly string[];
  /** How many events were posted, how many of those are in the books, and what became of them. */
  readonly posted: number;
  readonly booked: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly fates: Readonly<Record<string, number>>;
}

/** How many events told something new and were not shown in the end, and how many could not be used. */
export function unaccounted({ posted, booked, outcomes, fates }: ChaosEnd): number {
  const { recorded = 0, quarantined = 0 } = outcomes;
  return posted - booked + (recorded - (fates["shown"] ?? 0)) + quarantined;
}

/**
 * A bot that tells alerts on a Slack and a Discord with their limits, killed at one point after each batch that it took: nothing may be
 * lost, nothing told twice, and the books have to balance. Alerts of each round end with the next.
 */
export async function killedWhileTelling(points: readonly KillPoint[]): Promise<ChaosEnd> {
  const chaos = await openChaos();
  try {
    let before: readonly object[] = [];
    for (const [round, point] of points.entries()) {
      const alerts = alertsOf(round);
      await chaos.start();
      await chaos.post([...alerts, ...before.map(ended)]);
      await chaos.reach(point);
      await chaos.kill();
      before = alerts;
    }
    await chaos.start();
    await chaos.post(before.map(ended));
    return await chaos.end(points.length);
  } finally {
    await chaos.close();
  }
}

/** One that is told on both platforms at once, and one that waits in its turn on one of them. */
function alertsOf(round: number): readonly object[] {
  const at = String(round % channelCount);
  return (["critical", "warning"] as const).map((severity) => ({
    status: "firing",
    labels: { alertname: nameOf(round, severity), severity, at },
    annotations: { summary: `${nameOf(round, severity)} is here` },
    startsAt: new Date().toISOString(),
    endsAt: "0001-01-01T00:00:00Z",
  }));
}

function nameOf(round: number, severity: string): string {
  return `Round-${round}-${severity}`;
}

function ended(alert: object): object {
  return { ...alert, status: "resolved", endsAt: new Date().toISOString() };
}

async function openChaos() {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-chaos-"));
  const [slack, discord] = [await startFakeSlack({ pace: "forgiven" }), await startFakeDiscord({ pace: "forgiven" })];
  const ana = slack.world.addUser({ name: "ana" });
  const names = [...Array(channelCount).keys()].map((at) => `c${at}`);
  const channels = {
    slack: names.map((name) => slack.world.addChannel({ name })),
    discord: names.map((name) => discord.addChannel({ name })),
  };
  mkdirSync(join(folder, "config", "systems"), { recursive: true });
  writeFileSync(join(folder, "config", "wardroom.yaml"), wardroomYaml(channels));
  writeFileSync(join(folder, "config", "people.yaml"), peopleYaml(ana));
  writeFileSync(join(folder, "config", "systems", "shop.yaml"), systemYaml);
  const env = {
    PATH: process.env["PATH"] ?? "",
    LOG_LEVEL: "silent",
    PORT: "0",
    WARDROOM_CONFIG: join(folder, "config"),
    WARDROOM_STATE: join(folder, "state"),
    ALERTS_TOKEN: token,
    ...platformVariables({ slack, discord }),
  };
  const calls = () => slack.calls.length + discord.calls.length;
  const running: { bot?: ServerProcess<string>; callsBefore: number } = { callsBefore: 0 };
  let posted = 0;
  const kill = async (): Promise<void> => running.bot?.kill();
  const messages = (surface: SurfaceId, at: number): readonly Stands[] => {
    const channel = channels[surface][at] ?? "";
    if (surface === "slack")
      return slack.messages(channel).map(({ thread, blocks }) => ({ under: thread, text: JSON.stringify(blocks) }));
    const threads = [...discord.world.channels.values()].filter(({ parent }) => parent === channel);
    return [channel, ...threads.map(({ id }) => id)].flatMap((id) =>
      discord.messages(id).map(({ embeds }) => ({
        under: id === channel ? undefined : id,
        text: JSON.stringify(embeds),
      })),
    );
  };
  return {
    kill,
    async start(): Promise<void> {
      running.bot = await startBotProcess(env);
    },
    async post(alerts: readonly object[]): Promise<void> {
      running.callsBefore = calls();
      const headers = { authorization: `Bearer ${token}` };
      const body = postedBatch(alerts);
      const answer = await fetch(`${running.bot?.found}/webhooks/alertmanager`, { method: "POST", body, headers });
      if (answer.status !== 200) throw new Error(`a batch was answered ${answer.status}`);
      posted += alerts.length;
    },
    async reach(point: KillPoint): Promise<void> {
      if ("ms" in point) return sleep(point.ms);
      // Where fewer calls come than are waited for, it is killed when nothing is left to do.
      const latest = performance.now() + 5_000;
      while (calls() - running.callsBefore < point.calls && performance.now() < latest) await sleep(1);
    },
    /** Once every alert is told as over, or a minute and more after nothing moved. */
    async end(rounds: number): Promise<ChaosEnd> {
      const roots = () => rootsOf(rounds, messages);
      const latest = performance.now() + 120_000 + rounds * 1_000;
      while (roots().some(({ isOver }) => !isOver) && performance.now() < latest) await sleep(200);
      // What is said under the messages may wait for 45 s; what waits in its channel's turn, or would be told twice, comes by then.
      for (let seen = -1; seen !== calls() && performance.now() < latest; ) {
        seen = calls();
        await sleep(quietMs);
      }
      await kill();
      const { faults, events, outcomes, fates } = await alertBooks(join(folder, "state", "wardroom.db"));
      const said = surfaces.flatMap((surface) =>
        [...Array(channelCount).keys()].flatMap((at) =>
          repeated(messages(surface, at).filter(({ under }) => under !== undefined)).map(
            (text) => `${surface}: ${text}`,
          ),
        ),
      );
      return {
        lost: roots().flatMap(({ what, found, isOver }) => (found === 0 || !isOver ? [what] : [])),
        twice: roots().flatMap(({ what, found }) => (found > 1 ? [what] : [])),
        saidTwice: said,
        posted,
        faults,
        booked: events,
        outcomes,
        fates,
      };
    },
    async close(): Promise<void> {
      await kill();
      await slack.stop();
      await discord.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Longer than any channel has to wait for its turn. */
const quietMs = 6_000;

interface Stands {
  readonly under: string | undefined;
  readonly text: string;
}

/** The messages of each alert wherever it should have one. */
function rootsOf(rounds: number, messages: (surface: SurfaceId, at: number) => readonly Stands[]) {
  return surfaces.flatMap((surface) => {
    const standing = [...Array(channelCount).keys()].map((at) => messages(surface, at));
    return [...Array(rounds).keys()].flatMap((round) =>
      (surface === "slack" ? ["critical"] : ["critical", "warning"]).map((severity) => {
        const name = nameOf(round, severity);
        const own = (standing[round % channelCount] ?? []).filter(
          ({ under, text }) => under === undefined && text.includes(`${name} is here`),
        );
        const isOver = own.some(({ text }) => text.includes("it lasted"));
        return { what: `${name} on ${surface}`, found: own.length, isOver };
      }),
    );
  });
}

function repeated(said: readonly Stands[]): readonly string[] {
  const counts = Map.groupBy(said, ({ under, text }) => `${under} ${text}`);
  return [...counts].flatMap(([text, { length }]) => (length > 1 ? [text] : []));
}

const systemYaml = `id: shop
title: Shop
health: [{ id: api, http: http://127.0.0.1:9/health }]
`;

function wardroomYaml(channels: Readonly<Record<SurfaceId, readonly string[]>>): string {
  const listed = surfaces.flatMap((surface) =>
    channels[surface].map(
      (id, at) => `  - { id: ${surface}-${at}, surface: ${surface}, channel: "${id}", systems: "*", allow: [read] }`,
    ),
  );
  const routes = channels.slack.map(
    (_id, at) => `    - id: r${at}
      match: at="${at}"
      channels: [discord-${at}]
      groupBy: [alertname]
      groupWait: 0s
      severities: { critical: { channels: [slack-${at}, discord-${at}] } }`,
  );
  return `version: 1
roles: [{ id: viewer, may: [read] }]
channels:
${listed.join("\n")}
policy: { tiers: [{ id: none, alternatives: [] }], rules: [{ tier: none }] }
alerts:
  watch: off
  reconcile: off
  senders: [{ id: cluster, system: shop, auth: { tokens: [env:ALERTS_TOKEN] } }]
  routes:
${routes.join("\n")}
    - { id: rest, channels: [discord-0] }
`;
}

function peopleYaml(ana: string): string {
  return `people:
  - { id: ana, name: Ana, accounts: { slack: [${ana}] }, grants: [{ role: viewer, systems: "*" }] }
`;
}
