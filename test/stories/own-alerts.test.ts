import { expect, it, vi } from "vitest";
import type { Card } from "../../src/domain/messages/card.ts";
import { telling } from "./alert-house.ts";
import { cardOf, openRoom } from "./room.ts";

const patience = { timeout: 60_000, interval: 100 };

it("a trouble raises its alarm by itself where its route leads, is acknowledged there, and is green once it is over", async () => {
  const room = await openRoom({ change: telling, watched: true });
  const told = (channel: string): Card[] =>
    room.chat.messages
      .filter(({ place }) => place.channel === channel && place.thread === undefined)
      .map(({ content }) => content.card)
      .filter(({ title }) => title.includes("Drawdown limit of 12 %"));
  room.demo.alphapulse.setResult({ dailyPnlPercent: 0.2, drawdownPercent: 12.5 });
  await vi.waitFor(() => expect([...told("trading"), ...told("ops")]).toHaveLength(2), patience);
  const [alarm] = told("ops");
  expect(alarm).toMatchObject({ tone: "bad", title: "alphapulse: Drawdown limit of 12 % is exceeded" });
  expect(alarm?.actions?.map(({ label }) => label)).toContain("Ask: flatten…");

  // The code on the message is the one that alerts lists.
  const { args } = alarm?.actions?.find(({ label }) => label === "Acknowledge") ?? {};
  expect(JSON.stringify(cardOf(await room.says("ana", "alerts alphapulse")))).toContain(String(args?.["alerts"]));
  if (!alarm) throw new Error("there is no alarm");
  await room.press("ana", alarm, "Snooze for 1 h");
  await vi.waitFor(() => expect(JSON.stringify(told("ops"))).toContain("for Ana alone"), patience);
  await room.press("ana", alarm, "Acknowledge");
  await vi.waitFor(() => expect(JSON.stringify(told("trading"))).toContain("Ana has it"), patience);

  room.demo.alphapulse.setResult({ dailyPnlPercent: 0.2, drawdownPercent: 1 });
  await vi.waitFor(() => expect(told("ops")).toMatchObject([{ tone: "good" }]), patience);
  expect(told("ops")[0]?.summary).toContain("it lasted");
});
