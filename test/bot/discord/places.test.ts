import { expect, it, vi } from "vitest";
import { asker, connect, patience } from "./connected.ts";

it("a conversation with the bot is between two; one of others, to which somebody brought the bot along, is a channel", async () => {
  const { discord, bot } = await connect();
  const { user, channel } = asker(discord);
  const alone = discord.world.directWith(user);
  const others = discord.world.addChannel({ name: "others", type: 3, recipient: user });
  // As if they had been registered for everywhere.
  discord.world.globalCommands = discord.world.commands;
  for (const at of [channel, alone, others]) discord.as(user).slash("status", {}, { channel: at });
  await vi.waitFor(() => expect(bot.heard).toHaveLength(3), patience);
  const direct = new Map(bot.heard.map(({ place }) => [place.channel, place.direct ?? false]));
  expect(direct).toEqual(
    new Map([
      [channel, false],
      [alone, true],
      [others, false],
    ]),
  );
});
