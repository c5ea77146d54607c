import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { batchQueue, tellQueue } from "../src/records/batch.ts";
import { alertBooks, platformVariables, startBotProcess } from "../test/fakes/bot-process.ts";
import type { FakeDiscord } from "../test/fakes/discord/discord.ts";
import { postedBatch } from "../test/fakes/posted-alerts.ts";
import type { FakeSlack } from "../test/fakes/slack/slack.ts";

const token = "a-token-of-the-bench";
const lookEveryMs = 20;

/** Where it tells what it is posted: a channel of each platform. */
export interface TellsOn {
  readonly slack: { readonly platform: FakeSlack; readonly channel: string };
  readonly discord: { readonly platform: FakeDiscord; readonly channel: string };
}

/** A bot in a process of its own that takes alerts and tells them in one channel of a Slack and one of a Discord. */
export interface AlertBot {
  /** Where Alertmanager would post. */
  readonly webhook: { readonly url: string; readonly token: string };
  post(alerts: readonly unknown[]): Promise<void>;
  /** Waits until so many alerts came in, and each is on record with what becomes of it. */
  onRecord(alerts: number): Promise<void>;
  /** The most memory that it has held so far, in MiB. */
  peakMiB(): number;
  /** Ends it, and answers what its books say: what came in, what became of it, and what is wrong. */
  end(): Promise<{ readonly events: number; readonly fates: object; readonly faults: readonly string[] }>;
}

/** What is grouped by is the label `group`. */
export async function startAlertBot({ slack, discord }: TellsOn): Promise<AlertBot> {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-bench-alerts-"));
  mkdirSync(join(folder, "config", "systems"), { recursive: true });
  writeFileSync(join(folder, "config", "wardroom.yaml"), wardroomYaml(slack.channel, discord.channel));
  writeFileSync(join(folder, "config", "people.yaml"), peopleYaml);
  writeFileSync(join(folder, "config", "systems", "shop.yaml"), systemYaml);
  const env = {
    PATH: process.env["PATH"] ?? "",
    LOG_LEVEL: "silent",
    PORT: "0",
    WARDROOM_CONFIG: join(folder, "config"),
    WARDROOM_STATE: join(folder, "state"),
    ALERTS_TOKEN: token,
    ...platformVariables({ slack: slack.platform, discord: discord.platform }),
  };
  const bot = await startBotProcess(env, "SIGTERM");
  const url = `${bot.found}/webhooks/alertmanager`;
  const headers = { authorization: `Bearer ${token}` };
  const state = join(folder, "state", "wardroom.db");
  return {
    webhook: { url, token },
    async post(alerts) {
      const answer = await fetch(url, { method: "POST", headers, body: postedBatch(alerts) });
      await answer.text();
      if (answer.status !== 200) throw new Error(`a batch was answered ${answer.status}`);
    },
    onRecord: (alerts) => onRecord(state, alerts),
    peakMiB() {
      const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${bot.pid}/status`, "utf8")) ?? [];
      return Math.round(Number(kib) / 1_024);
    },
    async end() {
      await bot.kill();
      const { events, fates, faults } = await alertBooks(state);
      rmSync(folder, { recursive: true, force: true });
      return { events, fates, faults };
    },
  };
}

/** Looks into its state from outside, which costs the bot nothing. */
async function onRecord(path: string, alerts: number): Promise<void> {
  const database = new DatabaseSync(path, { readOnly: true });
  const came = database.prepare("SELECT sum(value ->> 'events') AS n FROM doc WHERE key LIKE 'alert-batch/%'");
  const waits = database.prepare("SELECT count(*) AS n FROM item WHERE queue IN (?, ?)");
  try {
    while (Number(waits.get(batchQueue, tellQueue)?.["n"]) > 0 || Number(came.get()?.["n"]) < alerts)
      await sleep(lookEveryMs);
  } finally {
    database.close();
  }
}

const systemYaml = `id: shop
title: Shop
health: [{ id: api, http: http://127.0.0.1:9/health }]
`;

const peopleYaml = `people:
  - { id: ana, name: Ana, accounts: { slack: [U0ANA] }, grants: [{ role: viewer, systems: "*" }] }
`;

function wardroomYaml(slack: string, discord: string): string {
  return `version: 1
roles: [{ id: viewer, may: [read] }]
channels:
  - { id: slack-ops, surface: slack, channel: ${slack}, systems: "*", allow: [read] }
  - { id: discord-ops, surface: discord, channel: "${discord}", systems: "*", allow: [read] }
policy: { tiers: [{ id: none, alternatives: [] }], rules: [{ tier: none }] }
alerts:
  watch: off
  reconcile: off
  senders: [{ id: cluster, system: shop, auth: { tokens: [env:ALERTS_TOKEN] } }]
  routes: [{ id: all, channels: [slack-ops, discord-ops], groupBy: [group], groupWait: 1s }]
`;
}
