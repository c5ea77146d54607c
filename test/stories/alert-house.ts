import { fastify } from "fastify";
import { expect, onTestFinished } from "vitest";
import { z } from "zod";
import type { RunningBot } from "../../src/compose/bot.ts";
import { openWebhooks } from "../../src/compose/webhooks.ts";
import type { Config } from "../../src/config/load-config.ts";
import { postedBatch } from "../fakes/posted-alerts.ts";
import { quiet } from "./room.ts";

const token = "a-token-of-the-story";

/** A config that takes alerts, whose routes lead at once and at any hour to these channels. */
export function telling(config: Config, to?: (channel: string) => string[]): Config {
  const channelsOf = (channels: readonly string[]): string[] => channels.flatMap((id) => to?.(id) ?? [id]);
  return {
    ...config,
    secrets: new Map([...config.secrets, ["ALERTS_TOKEN", token]]),
    alerts: {
      ...config.alerts,
      senders: [{ id: "cluster", kind: "alertmanager", system: "logos", auth: { tokens: ["env:ALERTS_TOKEN"] } }],
      routes: config.alerts.routes.map((route) => ({
        ...route,
        channels: channelsOf(route.channels),
        severities: {},
        groupWait: 0,
        mute: [],
      })),
      onCall: { alphapulse: ["chen"], logos: ["chen"] },
      maintenance: [],
      tests: [],
    },
  };
}

/** Posts alerts to a bot as Alertmanager does, and gives the name that the bot has for the batch. */
export async function alertmanagerOf(
  bot: () => RunningBot,
): Promise<(...alerts: readonly object[]) => Promise<string>> {
  const app = fastify({ logger: false, forceCloseConnections: true });
  openWebhooks(app, { bot: bot(), log: quiet });
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  onTestFinished(() => app.close());
  return async (...alerts) => {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${url}/webhooks/alertmanager`, { method: "POST", body: postedBatch(alerts), headers });
    expect(answer.status).toBe(200);
    return z.object({ trace: z.string() }).parse(await answer.json()).trace;
  };
}
