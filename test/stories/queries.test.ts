import { describe, expect, it } from "vitest";
import { type House, openHouse } from "./house/house.ts";
import { discordTalk, slackTalk, type Talk } from "./house/talk.ts";

const platforms: readonly (readonly ["slack" | "discord", (house: House) => Talk])[] = [
  ["slack", slackTalk],
  ["discord", discordTalk],
];

describe.each(platforms)("on %s", (surface, talkOf) => {
  it("a named question is asked by either name, answered as a table, and unknown while its system is down", async () => {
    const house = await openHouse({ only: surface });
    const talk = talkOf(house);
    const list = await talk.asks("ana", "query alphapulse");
    expect(list.text).toContain("backups");
    expect(list.text).toContain("services");
    const long = await talk.asks("ana", "query alphapulse services");
    expect(long.text).toContain("AlphaPulse-RL, Services:");
    expect(long.text).toContain("redis");
    const short = await talk.asks("ana", "backups alphapulse");
    expect(short.text).toMatch(/AlphaPulse-RL, Backups: \d+ rows/);
    expect(short.text).toContain("weekly-");
    expect((await talk.asks("ana", "help query")).text).toContain("query alphapulse backups");
    const wrong = await talk.asks("ana", "query alphapulse backup");
    expect(wrong.text).toContain("Did you mean backups?");
    await house.demo.alphapulse.trading.fail({ kind: "down" });
    const down = await talk.asks("ana", "query alphapulse services");
    expect(down.text).toContain("not reachable");
    expect(down.text).not.toContain("redis");
  }, 60_000);
});

it("queries are offered while typing, to those who may see the system", async () => {
  const house = await openHouse({ only: "discord" });
  const ana = house.discord.as(house.ids.discord["ana"] ?? "");
  const at = { channel: house.ids.discord["ops"] ?? "", others: { system: "alphapulse" } };
  expect(await ana.autocomplete("query", { option: "query", typed: "ser" }, at)).toEqual(["services"]);
  const stranger = house.discord.as(house.discord.world.addUser({ name: "stranger" }));
  expect(await stranger.autocomplete("query", { option: "query", typed: "" }, at)).toEqual([]);
});
