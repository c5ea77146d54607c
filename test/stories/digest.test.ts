import { describe, expect, it, vi } from "vitest";
import type { Config } from "../../src/config/load-config.ts";
import { type Digest, DigestsInFile, digestsOf } from "../../src/domain/digests/digest.ts";
import { zonedAt } from "../../src/domain/text/moment.ts";
import { type House, openHouse } from "./house/house.ts";
import { discordTalk, slackTalk, type Talk } from "./house/talk.ts";
import { cardOf, openRoom } from "./room.ts";

const patience = { timeout: 60_000, interval: 100 };
const platforms: readonly (readonly ["slack" | "discord", (house: House) => Talk])[] = [
  ["slack", slackTalk],
  ["discord", discordTalk],
];

/** A digest of everything that is due in an hour and some minutes. */
function dueSoon(config: Config, channel: string): readonly Digest[] {
  const at = zonedAt(Date.now() + 70 * 60_000, "UTC")
    .toPlainTime()
    .toString({ smallestUnit: "minute" });
  const system = "alphapulse";
  const sections = [
    { section: "limits", system, metrics: ["daily_pnl", "drawdown"] },
    { section: "portfolio", system, metrics: ["value"] },
    { section: "trades", system, log: "trades" },
    { section: "facts", system, facts: ["mode", "stopped"] },
    "status",
    "alerts",
    "incidents",
    "changes",
    "backups",
    "security",
    "on-call",
    "delivery",
  ];
  const own = [{ id: "morning", title: "Morning", at, channels: [channel], systems: [system], sections }];
  return digestsOf(DigestsInFile.parse({ own }), config.systems);
}

it("a digest is posted once at its time with its details under it, also after a restart, and says what is down (AP4)", async () => {
  let began = 0;
  const room = await openRoom({
    change: (config) => {
      began = Date.now();
      return { ...config, digests: dueSoon(config, "ops") };
    },
  });
  const posted = () => room.chat.messages.filter(({ content }) => content.card.title.startsWith("Morning: "));
  const details = () => room.chat.messages.filter(({ content }) => content.card.title.startsWith("Morning, "));
  const listed = JSON.stringify(cardOf(await room.says("ana", "digest list")));
  expect(listed).toContain("every day; to ops; next in 69 min");
  await vi.waitFor(
    async () => expect(await room.bot().store.read(["digest-progress/morning"])).not.toEqual([undefined]),
    {
      ...patience,
    },
  );
  room.demo.alphapulse.setResult({ dailyPnlPercent: -3.4, drawdownPercent: 5 });
  // It says that it trades live, and its orders go elsewhere.
  room.demo.alphapulse.setExchangeMode("paper");
  await room.says("ana", 'incident declare P1 alphapulse "the exchange answers nothing"');
  // Five minutes after it was due, which is at a whole minute.
  room.clock.aheadMs += began - (began % 60_000) + 75 * 60_000 - Date.now();
  await vi.waitFor(() => expect(details()).toHaveLength(1), patience);
  const [message] = posted();
  const text = JSON.stringify(message?.content.card);
  expect(message?.content.card.tone).toBe("bad");
  // What needs somebody stands before everything else.
  expect(JSON.stringify(message?.content.card.blocks[0])).toContain(
    "Daily P&L, of the day's opening value -3.4 %, limit -3 %",
  );
  expect(JSON.stringify(message?.content.card.blocks[0])).toContain("Incident 1, P1: the exchange answers nothing");
  expect(JSON.stringify(message?.content.card.blocks[0])).toContain(
    "AlphaPulse-RL: Account at the exchange: paper, live is expected",
  );
  expect(text).toContain("Trading mode: live; Emergency stop: no");
  // Its own record begins with this test.
  expect(text).toMatch(/Incidents since (?:\w{3} )?\d\d:\d\d: open 1/);
  expect(text).toContain("LATE by 5 min");
  expect(details()[0]?.place.thread).toBe(message?.ref.id);
  expect(JSON.stringify(details()[0]?.content.card)).toMatch(/won, \d+ lost, \d+ even, \d+ without a result/);

  await room.restart();
  await room.says("ana", "digest now morning");
  await vi.waitFor(() => expect(details()).toHaveLength(2), patience);
  expect(posted()).toHaveLength(2);
  // The second is compared with nothing: the first tells of nearly the same time.
  expect(posted()[1]?.content.card.footer).toContain("Asked for by Ana.");
  expect(JSON.stringify(cardOf(await room.says("ana", "digest list morning")))).toContain("asked for by Ana");
  expect(cardOf(await room.says("dana", "digest now morning")).title).not.toContain("is being made");
});

it("a digest of which nothing can be read goes out and says so, and claims nothing of it", async () => {
  const room = await openRoom({
    change: (config) => {
      const own = [
        {
          id: "night",
          at: "03:00",
          channels: ["ops"],
          systems: ["alphapulse"],
          sections: [
            { section: "portfolio", system: "alphapulse" },
            { section: "figures", system: "alphapulse", metrics: ["value", "drawdown"] },
            { section: "limits", system: "alphapulse" },
            { section: "facts", system: "alphapulse", facts: ["mode"] },
          ],
        },
      ];
      return { ...config, digests: digestsOf(DigestsInFile.parse({ own }), config.systems) };
    },
  });
  await room.demo.stop();
  await room.says("ana", "digest now night");
  const posted = () => room.chat.messages.find(({ content }) => content.card.title.startsWith("night: "));
  await vi.waitFor(() => expect(posted()).toBeDefined(), patience);
  expect(posted()?.content.card).toMatchObject({
    tone: "unknown",
    summary: expect.stringContaining("every section is unavailable") as unknown,
  });
  expect(JSON.stringify(posted()?.content.card.blocks)).toContain("do not take this for flat");
});

describe.each(platforms)("on %s", (surface, talkOf) => {
  it("a digest is posted with its details in the thread, and previewed by one alone", async () => {
    const house = await openHouse({
      only: surface,
      change: (config) => ({ ...config, digests: dueSoon(config, `${surface}-ops`) }),
    });
    const talk = talkOf(house);
    const preview = await talk.asks("ana", "digest preview morning");
    expect([preview.private, preview.text]).toEqual([true, expect.stringContaining("Portfolio: Positions")]);
    await talk.asks("ana", "digest now morning");
    const channel = () => talk.channel().map(({ text }) => text);
    await vi.waitFor(() => expect(channel().some((text) => /Morning: \w{3} \d{4}/.test(text))).toBe(true), patience);
    await vi.waitFor(() => expect(everything(house, surface)).toContain("without a result"), patience);
    const posted = () => talk.channel().find(({ text }) => /Morning: \w{3} \d{4}/.test(text));
    // Seen at a glance, besides being said in words.
    const picture = surface === "slack" ? "picture" : "digest.png";
    await vi.waitFor(() => expect(posted()?.files).toEqual([picture]), patience);
  });
});

/** All that stands on a platform, threads too. */
function everything(house: House, surface: "slack" | "discord"): string {
  return JSON.stringify(surface === "slack" ? house.slack.world.messages : house.discord.world.messages);
}
