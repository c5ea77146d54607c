import { fastify } from "fastify";
import { expect, it, onTestFinished, vi } from "vitest";
import { z } from "zod";
import { openWebhooks } from "../../src/compose/webhooks.ts";
import type { Config } from "../../src/config/load-config.ts";
import type { Card } from "../../src/domain/messages/card.ts";
import { postedAlert, postedBatch } from "../fakes/posted-alerts.ts";
import { cardOf, openRoom, quiet, type Room } from "./room.ts";

const token = "a-token-of-the-story";

function posting(config: Config): Config {
  return {
    ...config,
    secrets: new Map([...config.secrets, ["ALERTS_TOKEN", token]]),
    alerts: {
      ...config.alerts,
      senders: [{ id: "cluster", kind: "alertmanager", system: "logos", auth: { tokens: ["env:ALERTS_TOKEN"] } }],
    },
  };
}

interface PostedTo {
  readonly status: number;
  readonly trace: string;
}

/** Posts to the bot of a room as Alertmanager does. */
async function webhookOf(room: Room): Promise<(body: string) => Promise<PostedTo>> {
  const app = fastify({ logger: false, forceCloseConnections: true });
  openWebhooks(app, { bot: room.bot(), log: quiet });
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  onTestFinished(() => app.close());
  return async (body) => {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${url}/webhooks/alertmanager`, { method: "POST", body, headers });
    return { status: answer.status, trace: z.object({ trace: z.string() }).parse(await answer.json()).trace };
  };
}

function textOf(card: Card): string {
  return JSON.stringify(card);
}

/** What an asking is answered with, once that says so. */
async function says(room: Room, text: string, words: string): Promise<string> {
  return vi.waitFor(
    async () => {
      const said = textOf(cardOf(await room.says("ana", text)));
      expect(said).toContain(words);
      return said;
    },
    { timeout: 60_000, interval: 100 },
  );
}

it("a batch that is posted is seen in alerts, acknowledged by its code, and alerts why tells what became of it", async () => {
  const room = await openRoom({ change: posting });
  const post = await webhookOf(room);
  const hostile = "<!channel>\u202Egnp.exe";
  const alerts = [
    postedAlert({ labels: { team: "storage" } }),
    postedAlert({ labels: { instance: "db-2" }, annotations: { summary: hostile } }),
    postedAlert({ labels: { system: "alphapulse", severity: "page" }, annotations: {} }),
    { status: "firing", labels: { alertname: "NoTime" } },
  ];
  const { status, trace } = await post(postedBatch(alerts));
  expect(status).toBe(200);
  const listed = await says(room, "alerts logos", "logos: The disk of db-1 is full (critical, since");
  expect(listed).not.toContain("\u202E");
  await says(room, "alerts alphapulse", "alphapulse: DiskFull (page, since");

  const [, code = ""] = /The disk of db-1 is full \(critical, since [^)]*\) · ([0-9a-f]{12})/.exec(listed) ?? [];
  const told = await says(room, `alerts why ${code}`, "told something new");
  expect(told).toContain("cluster");
  expect(told).toContain(trace);
  expect(told).toContain("storage");
  expect(told).toContain("clusters takes it for");
  await says(room, `ack ${code}`, "The disk of db-1 is full");
  await says(room, "alerts logos", "Ana has it");

  const batch = await says(room, `alerts why ${trace}`, "4 alerts in the batch");
  expect(batch).toContain("3 told something new, 1 in quarantine");
  expect(batch).toContain("Alert 4: its startsAt is no time");
  await vi.waitFor(
    () => {
      const desk = room.chat.messages.map(({ content }) => textOf(content.card)).join("\n");
      expect(desk).toContain("of alert 4 of a batch its startsAt is no time");
    },
    { timeout: 60_000 },
  );

  const over = { status: "resolved", endsAt: "2026-01-01T01:00:00Z" };
  await post(postedBatch([postedAlert({ labels: { team: "storage" }, ...over })]));
  await says(room, `alerts why ${code}`, "was over");
  expect(textOf(cardOf(await room.says("ana", "alerts logos")))).not.toContain("The disk of db-1 is full");
  expect(textOf(cardOf(await room.says("ana", "alerts why 00000000ffff")))).toContain("Nothing is on record");
});
