import { expect, it, vi } from "vitest";
import { cardOf, openRoom, type Room } from "./room.ts";

async function answersWith(room: Room, text: string, words: string | RegExp): Promise<string> {
  return vi.waitFor(
    async () => {
      const card = JSON.stringify(cardOf(await room.says("dana", text)));
      expect(card).toMatch(words);
      return card;
    },
    { timeout: 60_000, interval: 300 },
  );
}

function tell(room: Room, body: object): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return fetch(`${room.demo.prsm.api.url}/_demo`, { method: "POST", headers, body: JSON.stringify(body) });
}

it("what the manual says to watch has a number and its limit, and a course over time (PR2)", async () => {
  const room = await openRoom();
  const all = await answersWith(room, "metrics prsm", /db_connections/);
  for (const id of ["api_p95", "error_rate", "node_disk", "training_success", "governance", "security_incidents"])
    expect(all).toContain(`"${id}"`);
  expect(all).not.toMatch(/unknown/);
  const one = await answersWith(room, "metrics prsm api_p95 range:1h", /95th percentile/);
  expect(one).toContain("warn above 2 s");
});

it("its dependencies weigh as the manual says, and its dashboards are a press away (PR17, PR19)", async () => {
  const room = await openRoom();
  const well = await answersWith(room, "status prsm", /Providers of models/);
  expect(cardOf(await room.says("dana", "status prsm")).title).toContain("up");
  expect(well).toContain("https://grafana.prsm.org/d/prsm-overview");
  expect(well).toContain("https://alertmanager.prsm.org:9093");
  await tell(room, { providers: "down" });
  await vi.waitFor(async () => expect(cardOf(await room.says("dana", "status prsm")).title).toContain("degraded"), {
    timeout: 60_000,
  });
  await tell(room, { providers: "up" });
  await room.demo.prsm.prometheus.fail({ kind: "down" });
  await vi.waitFor(async () => expect(cardOf(await room.says("dana", "status prsm")).title).toContain("degraded"), {
    timeout: 60_000,
  });
  await room.demo.prsm.prometheus.heal();
  await room.demo.prsm.api.fail({ kind: "error" });
  await vi.waitFor(async () => expect(cardOf(await room.says("dana", "status prsm")).title).toContain("down"), {
    timeout: 60_000,
  });
});

it("an alert comes with the links of its system, and of no other (PR17)", async () => {
  const room = await openRoom();
  const monitor = room.demo.alphapulse.monitor.url;
  expect(await answersWith(room, "alerts", /Nothing is firing/)).not.toContain(monitor);
  room.demo.alphapulse.setResult({ dailyPnlPercent: -4 });
  const firing = await answersWith(room, "alerts", /\d firing/);
  expect(firing).toContain(monitor);
  expect(firing).toContain("alphapulse dashboard");
  expect(firing).not.toContain("prsm overview");
});
