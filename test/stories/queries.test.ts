import { describe, expect, it } from "vitest";
import type { Config } from "../../src/config/load-config.ts";
import { type Backend, json, openBackend } from "../integrations/backend.ts";
import { type House, openHouse } from "./house/house.ts";
import { discordTalk, slackTalk, type Talk } from "./house/talk.ts";

const platforms: readonly (readonly ["slack" | "discord", (house: House) => Talk])[] = [
  ["slack", slackTalk],
  ["discord", discordTalk],
];

const fills = Array.from({ length: 24 }, (_, at) => ({
  hour: new Date(Date.UTC(2026, 10, 20, at)).toISOString(),
  symbol: at % 2 === 0 ? "BTC" : "ETH",
  filled: at * 10,
}));

/** The demo with a query of AlphaPulse whose rows are drawn. */
function withFills({ url }: Backend): (config: Config) => Config {
  const columns = { hour: "/hour", symbol: "/symbol", filled: "/filled" };
  const query = {
    id: "fills",
    title: "Fills by hour",
    short: true,
    permission: "read" as const,
    rows: 50,
    timeout: 5_000,
    arguments: {},
    chart: { time: "hour", values: ["filled"], by: "symbol", unit: "USD", bad: "above" as const },
    source: { backend: "http", spec: { json: { url: `${url}/fills`, path: "", columns } } },
  };
  return (config) => ({
    ...config,
    systems: config.systems.map((system) =>
      system.id === "alphapulse" ? { ...system, queries: [...system.queries, query] } : system,
    ),
  });
}

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
  });

  it("what a query answers is drawn, where its system's file says what", async () => {
    const trader = await openBackend(json(fills));
    const house = await openHouse({ only: surface, change: withFills(trader) });
    const talk = talkOf(house);
    const drawn = await talk.asks("ana", "fills alphapulse");
    expect(drawn.text).toContain("AlphaPulse-RL, Fills by hour: 24 rows");
    expect(drawn.text).not.toContain("could not be drawn");
    // Slack shows a picture once it has taken it in.
    const shown = () => talk.channel().find(({ text }) => text.includes("Fills by hour"))?.files;
    const picture = surface === "slack" ? "picture" : "alphapulse-rl-fills-by-hour.png";
    await expect.poll(shown, { timeout: 60_000 }).toEqual([picture, "alphapulse-fills.csv"]);
  });

  it("backups prsm draws how large they are, a line for each kind, beside the table", async () => {
    const house = await openHouse({ only: surface });
    const talk = talkOf(house);
    const drawn = await talk.asks("ana", "backups prsm");
    expect(drawn.text).toMatch(/PRSM, Backups: \d+ rows/);
    expect(drawn.text).not.toMatch(/not drawn|could not be drawn/i);
    const shown = () => talk.channel().find(({ text }) => text.includes("PRSM, Backups"))?.files;
    const picture = surface === "slack" ? "picture" : "prsm-backups.png";
    await expect.poll(shown, { timeout: 60_000 }).toContain(picture);
    const slow = await talk.asks("ana", "query prsm slow-queries");
    expect(slow.text).toContain("PRSM, Statements by the time they took in all: 8 rows");
    expect(slow.text).toContain("ftns_transactions");
  });
});

it("queries are offered while typing, to those who may see the system", async () => {
  const house = await openHouse({ only: "discord" });
  const ana = house.discord.as(house.ids.discord["ana"] ?? "");
  const at = { channel: house.ids.discord["ops"] ?? "", others: { system: "alphapulse" } };
  expect(await ana.autocomplete("query", { option: "query", typed: "ser" }, at)).toEqual(["services"]);
  const stranger = house.discord.as(house.discord.world.addUser({ name: "stranger" }));
  expect(await stranger.autocomplete("query", { option: "query", typed: "" }, at)).toEqual([]);
});
