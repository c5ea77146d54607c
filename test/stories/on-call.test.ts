import { expect, it, vi } from "vitest";
import type { Card } from "../../src/domain/messages/card.ts";
import { OnCallInFile } from "../../src/domain/oncall/rotation.ts";
import { telling } from "./alert-house.ts";
import { cardOf, openRoom } from "./room.ts";

const patience = { timeout: 60_000, interval: 50 };

it("whoever is on call is called, somebody stands in for a time, and each hand-over is told once", async () => {
  const oncall = OnCallInFile.parse({
    rotations: [
      {
        id: "trading",
        title: "Trading",
        zone: "Europe/Berlin",
        layers: [{ people: ["boris"], from: "2026-01-01" }],
        announce: ["ops"],
      },
    ],
  });
  const room = await openRoom({
    watched: true,
    change: (config) => {
      const told = telling(config);
      const routes = told.alerts.routes.map((route) => ({ ...route, severities: {} }));
      return { ...told, oncall, alerts: { ...told.alerts, routes, onCall: { alphapulse: ["trading"] } } };
    },
  });
  const titled = (words: string): Card[] =>
    room.chat.messages.map(({ content }) => content.card).filter(({ title }) => title.includes(words));
  const announced = (): string[] => titled("on call for Trading now").map(({ title }) => title);

  expect(cardOf(await room.says("ana", "oncall"))).toMatchObject({
    title: "Boris is on call",
    blocks: [{ fields: [{ name: "Trading", value: "Boris; called for alphapulse" }] }],
  });
  const unknown = JSON.stringify(cardOf(await room.says("ana", "oncall override nobody for:4h")));
  expect(unknown).toContain("Nobody is known as nobody");
  // The first look of a bot tells nobody of anything: nobody took over.
  await vi.waitFor(() => {
    room.clock.aheadMs += 1_000;
    return expect(room.bot().store.read(["hand-over/trading"])).resolves.not.toEqual([undefined]);
  }, patience);
  expect(announced()).toEqual([]);

  const stands = cardOf(await room.says("ana", "oncall override dana for:4h"));
  expect(stands).toMatchObject({ title: "Dana on call for Trading", actions: [{ label: "Take it back" }] });
  await vi.waitFor(() => {
    room.clock.aheadMs += 1_000;
    expect(announced()).toEqual(["Dana on call for Trading now"]);
  }, patience);
  expect(JSON.stringify(cardOf(await room.says("ana", "escalation alphapulse")))).toContain(
    "What is critical calls Dana.",
  );
  expect(titled("on call for Trading now")[0]?.summary).toContain("Until now: Boris.");

  room.demo.alphapulse.setResult({ dailyPnlPercent: 0.2, drawdownPercent: 12.5 });
  const called = (): string[] =>
    room.chat.messages
      .filter(({ content }) => content.card.title.includes("Drawdown limit of 12 %"))
      .flatMap(({ content }) => content.calls?.map(({ name }) => name) ?? []);
  await vi.waitFor(() => expect(new Set(called())).toEqual(new Set(["Dana"])), patience);

  // Another process on the same state tells nothing of it again.
  await room.restart();
  await room.press("ana", stands, "Take it back");
  await vi.waitFor(() => {
    room.clock.aheadMs += 1_000;
    expect(announced()).toEqual(["Dana on call for Trading now", "Boris on call for Trading now"]);
  }, patience);
  expect(cardOf(await room.says("ana", "oncall"))).toMatchObject({ title: "Boris is on call" });
});
