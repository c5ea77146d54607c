import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { alertBooks, platformVariables, startBotProcess } from "../test/fakes/bot-process.ts";
import { postedBatch } from "../test/fakes/posted-alerts.ts";
import type { FakeSlack } from "../test/fakes/slack/slack.ts";

const token = "a-token-of-the-bench";

/** A bot in a process of its own that takes alerts and tells them in one channel of a Slack. */
export interface AlertBot {
  /** Where Alertmanager would post. */
  readonly webhook: { readonly url: string; readonly token: string };
  post(alerts: readonly unknown[]): Promise<void>;
  /** The most memory that it has held so far, in MiB. */
  peakMiB(): number;
  /** Ends it, and answers what its books say: what came in, what became of it, and what is wrong. */
  end(): Promise<{ readonly events: number; readonly fates: object; readonly faults: readonly string[] }>;
}

/** What is grouped by is the label `group`. */
export async function startAlertBot(slack: FakeSlack, channel: string): Promise<AlertBot> {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-bench-alerts-"));
  mkdirSync(join(folder, "config", "systems"), { recursive: true });
  writeFileSync(join(folder, "config", "wardroom.yaml"), wardroomYaml(channel));
  writeFileSync(join(folder, "config", "people.yaml"), peopleYaml);
  writeFileSync(join(folder, "config", "systems", "shop.yaml"), systemYaml);
  const env = {
    PATH: process.env["PATH"] ?? "",
    LOG_LEVEL: "silent",
    PORT: "0",
    WARDROOM_CONFIG: join(folder, "config"),
    WARDROOM_STATE: join(folder, "state"),
    ALERTS_TOKEN: token,
    ...platformVariables({ slack }),
  };
  const bot = await startBotProcess(env, "SIGTERM");
  const url = `${bot.found}/webhooks/alertmanager`;
  const headers = { authorization: `Bearer ${token}` };
  return {
    webhook: { url, token },
    async post(alerts) {
      const answer = await fetch(url, { method: "POST", headers, body: postedBatch(alerts) });
      await answer.text();
      if (answer.status !== 200) throw new Error(`a batch was answered ${answer.status}`);
    },
    peakMiB() {
      const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${bot.pid}/status`, "utf8")) ?? [];
      return Math.round(Number(kib) / 1_024);
    },
    async end() {
      await bot.kill();
      const { events, fates, faults } = await alertBooks(join(folder, "state", "wardroom.db"));
      rmSync(folder, { recursive: true, force: true });
      return { events, fates, faults };
    },
  };
}

const systemYaml = `id: shop
title: Shop
health: [{ id: api, http: http://127.0.0.1:9/health }]
`;

const peopleYaml = `people:
  - { id: ana, name: Ana, accounts: { slack: [U0ANA] }, grants: [{ role: viewer, systems: "*" }] }
`;

function wardroomYaml(channel: string): string {
  return `version: 1
roles: [{ id: viewer, may: [read] }]
channels: [{ id: ops, surface: slack, channel: ${channel}, systems: "*", allow: [read] }]
policy: { tiers: [{ id: none, alternatives: [] }], rules: [{ tier: none }] }
alerts:
  watch: off
  reconcile: off
  senders: [{ id: cluster, system: shop, auth: { tokens: [env:ALERTS_TOKEN] } }]
  routes: [{ id: all, channels: [ops], groupBy: [group], groupWait: 1s }]
`;
}
