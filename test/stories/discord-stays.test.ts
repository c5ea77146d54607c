import { describe, expect, it, vi } from "vitest";
import { hearing, openHouse } from "./house/house.ts";
import { discordTalk } from "./house/talk.ts";

const patience = { timeout: 60_000, interval: 20 };

describe("what Discord delivers", () => {
  it("peer 7: twice is answered once, a message as well as an interaction, also after a restart", async () => {
    const house = await openHouse({ only: "discord" });
    const ops = house.ids.discord["ops"] ?? "";
    const ana = house.discord.as(house.ids.discord["ana"] ?? "");
    const delivery = ana.slash("portfolio", { system: "alphapulse" }, { channel: ops });
    await vi.waitFor(() => expect(delivery.answers).toHaveLength(1), patience);
    const said = ana.mention("portfolio alphapulse", { channel: ops });
    const answers = () => house.discord.messages(ops).filter((each) => each.author === house.discord.world.botUser);
    await vi.waitFor(() => expect(answers()).toHaveLength(2), patience);
    delivery.redeliver();
    ana.retell(said);
    await house.restart();
    delivery.redeliver();
    ana.retell(said);
    await discordTalk(house).asks("ana", "alerts");
    expect(answers()).toHaveLength(3);
  });

  it("peer 6: an edited message runs nothing", async () => {
    const house = await openHouse({ only: "discord" });
    const ops = house.ids.discord["ops"] ?? "";
    const ana = house.discord.as(house.ids.discord["ana"] ?? "");
    const said = ana.say("hello", { channel: ops });
    ana.edit(said, `<@${house.discord.world.botUser}> portfolio alphapulse`);
    await discordTalk(house).asks("ana", "alerts");
    expect(
      discordTalk(house)
        .channel()
        .some((each) => each.text.includes("AlphaPulse-RL:")),
    ).toBe(false);
  });

  it("from another server, from a bot and from somebody who left is refused privately, whoever owns the account", async () => {
    const house = await openHouse({ only: "discord" });
    const { world } = house.discord;
    const ops = house.ids.discord["ops"] ?? "";
    const anaId = house.ids.discord["ana"] ?? "";
    const refused = async (act: () => ReturnType<ReturnType<typeof house.discord.as>["slash"]>): Promise<string> => {
      const delivery = act();
      await vi.waitFor(() => expect(delivery.answers).toHaveLength(1), patience);
      expect(delivery.answers[0]?.ephemeralFor).toBe(delivery.interaction.user);
      return JSON.stringify(delivery.answers[0]?.embeds);
    };
    const ask = (user: string, guild?: string) => () =>
      house.discord.as(user).slash("status", {}, { channel: ops, ...(guild !== undefined && { guild }) });
    expect(await refused(ask(anaId, "900000000000000009"))).toContain("not a member of the server");
    expect(await refused(ask(world.addUser({ name: "machine", bot: true })))).toContain("Bots may not");
    expect(await refused(ask(world.addUser({ name: "stranger" })))).toContain("link claim");
    world.members.delete(anaId);
    await house.restart();
    expect(await refused(ask(anaId))).toContain("not a member of the server");
    expect(house.discord.messages(ops)).toEqual([]);
  });

  it("offers what fits from live data, and nothing to a stranger", async () => {
    const house = await openHouse({ only: "discord" });
    const ops = house.ids.discord["ops"] ?? "";
    const ana = house.discord.as(house.ids.discord["ana"] ?? "");
    expect(await ana.autocomplete("status", { option: "system", typed: "al" }, { channel: ops })).toEqual([
      "alphapulse",
    ]);
    const metrics = await ana.autocomplete(
      "metrics",
      { option: "metric", typed: "daily" },
      { channel: ops, others: { system: "alphapulse" } },
    );
    expect(metrics).toContain("daily_pnl");
    const stranger = house.discord.as(house.discord.world.addUser({ name: "stranger" }));
    expect(await stranger.autocomplete("status", { option: "system", typed: "" }, { channel: ops })).toEqual([]);
  });
});

describe("the way in", () => {
  it.each(["close-4000", "op7", "terminate", "invalid-session"] as const)(
    "a gateway lost by %s comes back and hears",
    async (how) => {
      const house = await openHouse({ only: "discord" });
      const { gateway } = house.discord;
      const before = gateway.resumes + gateway.identifies;
      gateway.drop(how);
      await vi.waitFor(() => expect(gateway.resumes + gateway.identifies).toBeGreaterThan(before), patience);
      await hearing(house.surfaces());
      expect((await discordTalk(house).asks("ana", "portfolio alphapulse")).text).toContain("AlphaPulse");
    },
  );

  it("peer 9: Discord down at the start is waited for, said, and heard once it is there", async () => {
    const house = await openHouse({
      only: "discord",
      deaf: true,
      before: ({ discord }) => void discord.fail({ kind: "status", status: 500, times: 4 }),
    });
    // At once: what has not heard yet is not a short loss.
    expect(house.surfaces().deafness()[0]?.deaf()).toBeDefined();
    await hearing(house.surfaces());
    await vi.waitFor(() => expect(house.surfaces().deafness()[0]?.deaf()).toBeUndefined(), patience);
    await vi.waitFor(() => expect(house.discord.world.commands).not.toEqual([]), patience);
    expect((await discordTalk(house).asks("ana", "portfolio alphapulse")).text).toContain("AlphaPulse");
  });

  it("a token that was reset is told to the operators of the other platform, once, with the next step", async () => {
    const house = await openHouse();
    house.discord.revoke();
    const desk = house.ids.slack["desk"] ?? "";
    await vi.waitFor(() => {
      const told = house.slack.messages(desk).map((each) => JSON.stringify(each.blocks));
      expect(told.filter((each) => each.includes("Discord does not take the bot's token"))).toHaveLength(1);
      expect(told.join()).toContain("set DISCORD_TOKEN to the new one");
    }, patience);
  });
});
