import { expect, it, onTestFinished, vi } from "vitest";
import { startAlertmanager } from "../fakes/alertmanager-process.ts";
import { telling } from "./alert-house.ts";
import { cardOf, openRoom } from "./room.ts";

it("what a real Alertmanager posted in vain is told where its route leads, and one that does not answer is named", async () => {
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
  await am.kill();
  await vi.waitFor(async () => {
    const said = JSON.stringify(cardOf(await room.says("ana", "alerts logos")));
    expect(said).toContain("Alertmanager of cluster");
    expect(said).toContain("Full disk");
  }, patience);
}, 150_000);
