import { expect, it, onTestFinished, vi } from "vitest";
import { z } from "zod";
import { startAlertmanager } from "../fakes/alertmanager-process.ts";
import { telling } from "./alert-house.ts";
import { cardOf, openRoom } from "./room.ts";

it("what a real Alertmanager posted in vain is told where its route leads, its silences are shared with chat, and one that does not answer is named", async () => {
  const am = await startAlertmanager({ url: "http://127.0.0.1:9/", token: "none" });
  onTestFinished(() => am.stop());
  const startsAt = new Date(Date.now() - 600_000).toISOString();
  await am.fires([
    { labels: { alertname: "DiskFull", severity: "critical" }, annotations: { summary: "Full disk" }, startsAt },
  ]);
  const room = await openRoom({
    change: (config) => {
      const { alerts, ...rest } = telling(config);
      const senders = alerts.senders.map((each) => ({ ...each, api: { peers: [am.url], settle: 600_000 } }));
      return { ...rest, alerts: { ...alerts, reconcile: 1_000, senders } };
    },
    watched: true,
  });
  const patience = { timeout: 60_000, interval: 100 };
  await vi.waitFor(
    () => expect(room.chat.messages.map(({ content }) => content.card.title).join()).toContain("Full disk"),
    patience,
  );
  // A silence from chat is made there, and one that was made there is known and ended from chat.
  await room.says("ana", 'silence "system=logos, alertname=CpuHigh" for:4h comment:"load test"');
  await vi.waitFor(async () => expect(await silencesIn(am.url)).toContain("active Ana load test"), patience);
  await am.silences("alertname", "CpuLow");
  const listed = async (): Promise<string> => JSON.stringify(cardOf(await room.says("ana", "alerts silences")));
  await vi.waitFor(async () => expect(await listed()).toContain("in Alertmanager of cluster by somebody"), patience);
  const [, id = ""] = /([0-9a-f]{8}): \{alertname=\\"CpuLow/.exec(await listed()) ?? [];
  await room.says("ana", `unsilence ${id}`);
  await vi.waitFor(async () => expect(await silencesIn(am.url)).toContain("expired somebody made elsewhere"), patience);
  await am.kill();
  await vi.waitFor(async () => {
    const said = JSON.stringify(cardOf(await room.says("ana", "alerts logos")));
    expect(said).toContain("Alertmanager of cluster");
    expect(said).toContain("Full disk");
  }, patience);
});

const Silences = z.array(
  z.object({ status: z.object({ state: z.string() }), createdBy: z.string(), comment: z.string() }),
);

/** What an Alertmanager has of silences, in words. */
async function silencesIn(url: string): Promise<string> {
  const answer = await fetch(`${url}/api/v2/silences`);
  const found = Silences.parse(await answer.json());
  return found.map(({ status, createdBy, comment }) => `${status.state} ${createdBy} ${comment}`).join("\n");
}
