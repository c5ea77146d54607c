import { expect, it, vi } from "vitest";
import { openHouse } from "./house/house.ts";
import { textIn } from "./house/talk.ts";

const patience = { timeout: 60_000, interval: 50 };

it("a slash command in a conversation of two others is answered to the one who asked", async () => {
  const house = await openHouse({ only: "slack" });
  const ana = house.ids.slack["ana"] ?? "";
  house.slack.as(ana).slash("portfolio alphapulse", { channel: "D0OTHERS" });
  const shown = (): string => textIn(house.slack.ephemerals(ana).map((each) => each.blocks));
  await vi.waitFor(() => expect(shown()).toContain("AlphaPulse"), patience);
});

it.each(["directmessage", "privategroup"])(
  "a channel that somebody calls %s is one that is not listed",
  async (name) => {
    const house = await openHouse({ only: "slack" });
    const { world } = house.slack;
    const ana = house.ids.slack["ana"] ?? "";
    const channel = world.addChannel({ name, bot: true });
    house.slack.as(ana).slash("portfolio alphapulse", { channel });
    const shown = (): string => textIn(house.slack.ephemerals(ana).map((each) => each.blocks));
    await vi.waitFor(() => expect(shown()).toContain("does not work in this channel"), patience);
    expect(world.messages.filter((each) => each.channel === channel)).toEqual([]);
  },
);

it("where it does not work the bot shows nothing and joins nothing, however slow it is", async () => {
  const house = await openHouse({ only: "slack" });
  const { world } = house.slack;
  const stranger = world.addUser({ name: "stranger" });
  const channel = world.addChannel({ name: "random", bot: false });
  house.slack.fail({ kind: "slow", ms: 2_500, method: "users.info" });
  house.slack.as(stranger).slash("status", { channel });
  await vi.waitFor(() => expect(house.slack.ephemerals(stranger)).toHaveLength(1), patience);
  expect(world.channels.get(channel)?.members.has(world.botUser)).toBe(false);
  expect(world.messages.filter((each) => each.channel === channel)).toEqual([]);
});
