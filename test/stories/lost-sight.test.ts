import { describe, expect, it, vi } from "vitest";
import { messageKey } from "../../src/records/message.ts";
import { type House, openHouse } from "./house/house.ts";
import { discordTalk, slackTalk, type Talk } from "./house/talk.ts";

const platforms: readonly (readonly ["slack" | "discord", (house: House) => Talk])[] = [
  ["slack", slackTalk],
  ["discord", discordTalk],
];
const patience = { timeout: 60_000, interval: 50 };

/** What the bot remembers of where messages stand, gone: as after a kill between sending and writing down. */
async function loseSight(house: House): Promise<void> {
  const { store } = house.bot();
  await vi.waitFor(async () => expect((await store.list("message", "ref")).length).toBeGreaterThan(0), patience);
  const stand = await store.list("message", "ref");
  const remove = stand.map((each) => each.key).filter((key) => key.startsWith(messageKey("request:")));
  expect(remove.length).toBeGreaterThan(0);
  await store.commit({ id: `lost-${remove.length}-${Math.random()}`, remove });
}

const cardsOf = (talk: Talk) => talk.channel().filter((each) => /The full plan: confirm show/.test(each.text));

describe.each(platforms)("a card on %s that the bot lost sight of", (surface, talkOf) => {
  it("is followed again from the press on it", async () => {
    const house = await openHouse({ only: surface });
    const talk = talkOf(house);
    await talk.asks("ana", "flatten alphapulse reason:drill");
    await loseSight(house);
    await talk.presses("boris", "Approve");
    await vi.waitFor(() => {
      const cards = cardsOf(talk);
      expect(cards.map((each) => each.text)).toEqual([expect.stringContaining("flatten AlphaPulse-RL: done")]);
      expect(cards[0]?.buttons).not.toContain("Approve");
    }, patience);
  });

  it("and that has another in its place says what is so when it is pressed, and keeps no live button", async () => {
    const house = await openHouse({ only: surface });
    const talk = talkOf(house);
    const asked = await talk.asks("ana", "flatten alphapulse reason:drill");
    const code = /Request ([0-9A-F]{6})/.exec(asked.text)?.[1] ?? "";
    await loseSight(house);
    const press = talk.holds("Approve");
    await talk.asks("chen", `confirm deny ${code} reason:no`, "desk");
    await vi.waitFor(() => expect(cardsOf(talk)).toHaveLength(2), patience);
    expect(cardsOf(talk)[0]?.buttons).toContain("Approve");
    expect((await press("boris")).text).toMatch(/denied/i);
    await vi.waitFor(() => {
      const [first, second] = cardsOf(talk);
      expect(first?.text).toContain("An older copy: it follows no more");
      expect(first?.buttons).toEqual([]);
      expect(first?.text).toMatch(/denied/i);
      expect(second?.text).not.toContain("An older copy");
    }, patience);
  });
});
