import { describe, expect, it, vi } from "vitest";
import type { ChatMessage } from "../fakes/chat.ts";
import { postedAlert } from "../fakes/posted-alerts.ts";
import { alertmanagerOf, telling } from "./alert-house.ts";
import { type House, openHouse } from "./house/house.ts";
import { discordTalk, type Heard, slackTalk, type Talk, textIn } from "./house/talk.ts";
import { openRoom } from "./room.ts";

const began = Date.UTC(2026, 0, 1);
const over = { status: "resolved", endsAt: new Date(began + 720_000).toISOString() };
const patience = { timeout: 60_000, interval: 50 };
const platforms: readonly (readonly ["slack" | "discord", (house: House) => Talk])[] = [
  ["slack", slackTalk],
  ["discord", discordTalk],
];

it("an alert is posted once where its route leads, edited as others join, green once all is over", async () => {
  const room = await openRoom({ change: telling });
  const post = await alertmanagerOf(() => room.bot());
  const told = (channel: string): ChatMessage[] =>
    room.chat.messages.filter(
      ({ place, content }) => place.channel === channel && /DiskFull|disk/.test(content.card.title),
    );
  const said = () => room.chat.messages.filter(({ place }) => place.thread !== undefined);
  await post(postedAlert({}));
  await vi.waitFor(() => expect(told("ops")).toHaveLength(1), patience);
  const [message] = told("ops");
  expect(message?.content.card).toMatchObject({ tone: "bad", title: "logos: The disk of db-1 is full" });
  expect(message?.content.calls).toEqual([{ account: { surface: "console", id: "chen" }, name: "Chen" }]);

  await post(postedAlert({ labels: { instance: "db-2" }, annotations: { summary: "The disk of db-2 is full" } }));
  await vi.waitFor(() => expect(message?.content.card.title).toBe("logos: DiskFull: 2 firing"), patience);
  await post(postedAlert(over), postedAlert({ labels: { instance: "db-2" }, ...over }));
  await vi.waitFor(() => expect(message?.content.card).toMatchObject({ tone: "good" }), patience);
  expect(message?.content.card.title).toBe("logos: DiskFull: 2 resolved");
  expect(message?.content.card.summary).toContain("it lasted 12 min");
  await vi.waitFor(() => expect(said().at(-1)?.content.card.title).toContain("2 resolved"), patience);
  expect(new Set(said().map(({ place }) => place.thread))).toEqual(new Set([message?.ref.id]));

  // What began and ended before anybody was told is told all the same.
  await post(postedAlert({ labels: { alertname: "Blip" }, annotations: { summary: "A blip" }, ...over }));
  await vi.waitFor(() => {
    const blip = room.chat.messages.find(({ content }) => content.card.title === "logos: A blip: resolved");
    expect(blip).toMatchObject({ place: { channel: "ops" }, edits: 0 });
  }, patience);
});

describe.each(platforms)("on %s", (surface, talkOf) => {
  it("a drawdown alarm is acknowledged, flatten is asked from its card and approved, and it is resolved with its length", async () => {
    const house = await openHouse({
      only: surface,
      change: (config) => telling(config, () => [`${surface}-ops`]),
    });
    const talk = talkOf(house);
    const post = await alertmanagerOf(() => house.bot());
    const labels = { alertname: "drawdown-limit", system: "alphapulse", severity: "P0", instance: "db-1" };
    const annotations = { summary: "Drawdown of <!channel> @everyone *12.4 %*" };
    const card = (): Heard | undefined => talk.channel().find(({ text }) => text.includes("Drawdown of"));
    await post(postedAlert({ labels, annotations }));
    await vi.waitFor(() => expect(card()?.text).toContain("1 alert firing since"), patience);
    expect(card()?.text).toContain("Stop trading, then flatten");
    expect(card()?.buttons).toEqual([
      "Acknowledge",
      "Snooze for 1 h",
      "Status",
      "Logs",
      "Declare incident",
      "Ask: flatten…",
    ]);
    expect(calledOn(house, surface)).toEqual([house.ids[surface]["chen"]]);

    const [, code = ""] = /· ([0-9a-f]{8,})/.exec(card()?.text ?? "") ?? [];
    expect((await talk.asks("ana", `snooze ${code} for:2h whom:channel`)).text).toContain("Snoozed for 2 h");
    await vi.waitFor(() => expect(card()?.text).toContain("snoozed by Ana until"), patience);
    expect((await talk.presses("ana", "End snooze")).text).toContain("No longer snoozed");
    await vi.waitFor(() => expect(card()?.text).not.toContain("snoozed by"), patience);
    expect((await talk.presses("boris", "Snooze for 1 h")).text).toContain("for Boris alone");
    expect((await talk.presses("ana", "Acknowledge")).text).toContain("Acknowledged by Ana");
    await vi.waitFor(() => expect(card()?.text).toContain("Ana has it"), patience);
    // One picture is drawn at a time, in a process of its own, and after whatever else is told.
    await vi.waitFor(() => expect(picturesOn(house, surface)).toBe(1), { ...patience, timeout: 90_000 });
    const asked = await (await talk.pressOpens("ana", "Ask: flatten…")).submit({
      reason: "the drawdown is past its limit",
    });
    expect(asked.text).toContain("waiting for approval");
    expect((await talk.presses("boris", "Approve")).text).toContain("Boris approved flatten alphapulse");
    await vi.waitFor(
      () => expect(talk.channel().some(({ text }) => text.includes("flatten AlphaPulse-RL: done"))).toBe(true),
      patience,
    );
    await post(postedAlert({ labels, annotations, ...over }));
    await vi.waitFor(() => expect(card()?.text).toContain("it lasted 12 min"), patience);
  }, 240_000);

  it("✅ under an alert's message acknowledges what fires on it, for who may, and approves nothing", async () => {
    const house = await openHouse({ only: surface, change: (config) => telling(config, () => [`${surface}-ops`]) });
    const talk = talkOf(house);
    const post = await alertmanagerOf(() => house.bot());
    const card = (): Heard | undefined => talk.channel().find(({ text }) => text.includes("DiskFull: 2 firing"));
    const summary = "The disk of db-2 is full";
    await post(postedAlert({}), postedAlert({ labels: { instance: "db-2" }, annotations: { summary } }));
    await vi.waitFor(() => expect(card()?.text).toContain(summary), patience);
    await talk.asks("ana", "flatten alphapulse reason:the exchange is halting");
    talk.reacts("boris", "waiting for approval");
    talk.reacts("boris", "DiskFull: 2 firing", "👀");
    talk.reacts("dana", "DiskFull: 2 firing");
    await vi.waitFor(() => expect(toldAlone(house, surface, "dana")).toContain("respond"), patience);
    expect(card()?.text).not.toContain("has it");
    talk.reacts("ana", "DiskFull: 2 firing");
    await vi.waitFor(() => expect(card()?.text.match(/Ana has it/g)).toHaveLength(2), patience);
    // What boris put under the request was long heard by then, and decided nothing.
    expect(talk.channel().find(({ text }) => text.includes("flatten"))?.text).toContain("waiting for approval");
  });
});

/** How many messages of the channel show a picture. */
function picturesOn(house: House, surface: "slack" | "discord"): number {
  const channel = house.ids[surface]["ops"] ?? "";
  const shown =
    surface === "slack"
      ? house.slack.messages(channel).map(({ blocks }) => JSON.stringify(blocks))
      : house.discord.messages(channel).map(({ embeds }) => JSON.stringify(embeds));
  return shown.filter((each) => /"slack_file"|attachment:/.test(each)).length;
}

/** What somebody was told that nobody else sees. */
function toldAlone(house: House, surface: "slack" | "discord", who: "dana"): string {
  const id = house.ids[surface][who] ?? "";
  if (surface === "slack") return textIn(house.slack.ephemerals(id).map(({ text, blocks }) => [text, blocks]));
  const direct = house.discord.messages(house.discord.world.directWith(id));
  return textIn(direct.map(({ embeds }) => embeds));
}

/** Everybody whom the platform has roused, once for each time; nothing else was parsed. */
function calledOn(house: House, surface: "slack" | "discord"): readonly string[] {
  const channel = house.ids[surface]["ops"] ?? "";
  if (surface === "discord") return house.discord.messages(channel).flatMap(({ mentions }) => mentions);
  const parsed = house.slack.messages(channel).flatMap((message) => message.parsed);
  return parsed.map((each) => /"user_id":"([^"]*)"/.exec(each)?.[1] ?? each);
}
