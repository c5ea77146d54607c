import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { workingMessage } from "../../../src/bot/pipeline/show-working.ts";
import { asker, connect, patience, reasonForm, says, titles } from "./connected.ts";

describe("an answer to a command", () => {
  it("stands where it was acknowledged, after signs that it is under way, and is one message", async () => {
    const { discord, bot } = await connect();
    const { user, channel } = asker(discord);
    bot.replies(async (delivery, accepted) => {
      accepted();
      const placed = await delivery.working?.(workingMessage(delivery.id, 1));
      const file = { name: "chart.png", mediaType: "image/png", bytes: new Uint8Array([1]) };
      expect(await delivery.respond(says("Done", { files: [file] }))).toEqual(placed);
      expect(await delivery.respond(says("Done", { files: [file] }))).toEqual(placed);
    });
    const delivery = discord.as(user).slash("status", {}, { channel });
    await vi.waitFor(() => expect(delivery.answers[0]?.edits).toBe(2), patience);
    expect(titles(discord.messages(channel))).toEqual(["Done"]);
    expect(delivery.answers[0]?.attachments.map((file) => file.name)).toEqual(["chart.png"]);
    expect(delivery.interaction.ack?.type).toBe(5);
  });

  it("for one person alone leaves nothing in the channel, also after signs that it is under way", async () => {
    const { discord, bot } = await connect();
    const { user, channel } = asker(discord);
    bot.replies(async (delivery, accepted) => {
      accepted();
      await delivery.working?.(workingMessage(delivery.id, 1));
      expect(await delivery.respond(says("Not allowed", { audience: delivery.account }))).toBeUndefined();
    });
    const delivery = discord.as(user).slash("status", {}, { channel });
    await vi.waitFor(() => expect(titles(discord.ephemerals(user))).toEqual(["Not allowed"]), patience);
    expect(discord.messages(channel)).toEqual([]);
    expect(delivery.answers).toHaveLength(1);
  });

  it("for one person alone ends the thinking also where that cannot be taken away, and tells nobody else", async () => {
    const { discord, bot } = await connect();
    const { user, channel } = asker(discord);
    bot.replies(async (delivery, accepted) => {
      accepted();
      await delivery.respond(says("Not allowed", { audience: delivery.account }));
    });
    const gone = { kind: "json-error", status: 404, code: 10_008, message: "Unknown Message" } as const;
    const fault = discord.fail({ method: "DELETE", route: /@original/, ...gone });
    discord.as(user).slash("status", {}, { channel });
    await vi.waitFor(() => expect(titles(discord.ephemerals(user))).toEqual(["Not allowed"]), patience);
    expect(fault.hits).toBe(1);
    expect(titles(discord.messages(channel))).toEqual(["Answered to one person alone"]);
    expect(discord.messages(channel).filter(({ thinking }) => thinking)).toEqual([]);
  });

  it("that was not accepted in time is said so to the one who asked, and then stands in the channel alone", async () => {
    const { discord, bot } = await connect();
    const { user, channel } = asker(discord);
    const commit = Promise.withResolvers<void>();
    bot.replies(async (delivery, accepted) => {
      await commit.promise;
      accepted();
      await delivery.working?.(workingMessage(delivery.id, 1));
      await delivery.respond(says("Done"));
    });
    const delivery = discord.as(user).slash("status", {}, { channel });
    await vi.waitFor(() => expect(titles(discord.ephemerals(user)).join()).toContain("Not accepted yet"), patience);
    // No acknowledgement is taken later than Discord takes one.
    expect(delivery.interaction.ack).toBeDefined();
    commit.resolve();
    await vi.waitFor(() => expect(discord.ephemerals(user)).toEqual([]), patience);
    expect(titles(discord.messages(channel))).toEqual(["Done"]);
  });

  it("that was not accepted in time and is for one person alone takes the place of what was said", async () => {
    const { discord, bot } = await connect();
    const { user, channel } = asker(discord);
    const commit = Promise.withResolvers<void>();
    bot.replies(async (delivery, accepted) => {
      await commit.promise;
      accepted();
      await delivery.respond(says("Not allowed", { audience: delivery.account }));
    });
    discord.as(user).slash("status", {}, { channel });
    await vi.waitFor(() => expect(titles(discord.ephemerals(user)).join()).toContain("Not accepted yet"), patience);
    commit.resolve();
    await vi.waitFor(() => expect(titles(discord.ephemerals(user))).toEqual(["Not allowed"]), patience);
    expect(discord.messages(channel)).toEqual([]);
  });

  it.each([
    ["the acknowledgement's", /callback/],
    ["the answer's", /@original/],
  ])("comes once when %s answer is lost on the way", async (_what, route) => {
    const { discord } = await connect();
    const { user, channel } = asker(discord);
    const fault = discord.fail({ route, kind: "reset-after" });
    const delivery = discord.as(user).slash("status", {}, { channel });
    await vi.waitFor(() => expect(titles(delivery.answers)).toEqual(["Done"]), patience);
    expect(fault.hits).toBe(1);
    expect(titles(discord.messages(channel))).toEqual(["Done"]);
  });

  it("that Discord no longer takes is left to delivery, no trouble is made of it, and no log holds its token", async () => {
    const { discord, bot, troubles, logged } = await connect();
    const { user, channel } = asker(discord);
    const refused: unknown[] = [];
    bot.replies(async (delivery, accepted) => {
      accepted();
      await delivery.respond(says("Done")).catch((error: unknown) => refused.push(error));
    });
    discord.fail({
      route: /@original/,
      kind: "json-error",
      status: 401,
      code: 50_027,
      message: "Invalid Webhook Token",
    });
    const delivery = discord.as(user).slash("status", {}, { channel });
    await vi.waitFor(() => expect(refused).toMatchObject([{ name: "BackendError", fault: "refused" }]), patience);
    expect(troubles.size).toBe(0);
    discord.fail({ route: /callback/, kind: "json-error", status: 404, code: 10_062, message: "Unknown interaction" });
    bot.replies(async (asked, accepted) => {
      accepted();
      await asked.respond(says("Done")).catch((error: unknown) => refused.push(error));
    });
    const late = discord.as(user).slash("status", {}, { channel });
    await vi.waitFor(() => expect(refused).toHaveLength(2), patience);
    await vi.waitFor(() => expect(logged.join()).toContain("an interaction could not be acknowledged"), patience);
    for (const { interaction } of [delivery, late]) expect(logged.join()).not.toContain(interaction.token);
    expect(logged.join()).not.toContain(discord.token);
    expect(JSON.stringify(refused)).not.toContain("interaction-");
  });

  it("whose form Discord refuses can still say what went wrong", async () => {
    const { discord, bot } = await connect();
    const { user, channel } = asker(discord);
    discord.fail({ route: /callback/, kind: "json-error", status: 400, code: 50_035, message: "Invalid Form Body" });
    bot.replies(async (delivery) => {
      await expect(delivery.form(reasonForm({}))).rejects.toThrow("50035");
      await delivery.respond(says("It broke", { audience: delivery.account }));
    });
    discord.as(user).slash("flatten", { system: "alphapulse" }, { channel });
    await vi.waitFor(() => expect(titles(discord.ephemerals(user))).toEqual(["It broke"]), patience);
  });
});

describe("an answer to a message", () => {
  it("replies to it where it was said, in place of the signs that it is under way", async () => {
    const { discord, bot } = await connect();
    const { user, channel } = asker(discord);
    bot.replies(async (delivery) => {
      const placed = await delivery.working?.(workingMessage(delivery.id, 1));
      await delivery.working?.(workingMessage(delivery.id, 6));
      expect(await delivery.respond(says("Done"))).toEqual(placed);
    });
    const said = discord.as(user).mention("status", { channel });
    const answers = () => discord.messages(channel).filter((each) => each.author === discord.world.botUser);
    await vi.waitFor(() => expect(titles(answers())).toEqual(["Done"]), patience);
    expect(answers()[0]?.reference).toBe(said.id);
  });

  it("for one person alone goes to a conversation of two, and the signs are taken back", async () => {
    const { discord, bot } = await connect();
    const { user, channel } = asker(discord);
    bot.replies(async (delivery) => {
      await delivery.working?.(workingMessage(delivery.id, 1));
      await delivery.respond(says("It failed", { audience: delivery.account }));
    });
    discord.as(user).mention("status", { channel });
    await vi.waitFor(
      () => expect(titles(discord.messages(discord.world.directWith(user)))).toEqual(["It failed"]),
      patience,
    );
    await vi.waitFor(
      () => expect(discord.messages(channel).filter((each) => each.author === discord.world.botUser)).toEqual([]),
      patience,
    );
  });

  it("for somebody who takes no direct messages says only that, in the channel", async () => {
    const { discord, bot } = await connect();
    const { user, channel } = asker(discord);
    const direct = discord.world.directWith(user);
    discord.fail({
      route: new RegExp(`/channels/${direct}/messages`),
      kind: "json-error",
      status: 403,
      code: 50_007,
      message: "Cannot send messages to this user",
    });
    bot.replies(async (delivery) => {
      await delivery.respond(says("A secret", { audience: delivery.account }));
    });
    discord.as(user).mention("status", { channel });
    await vi.waitFor(() => expect(titles(discord.messages(channel)).join()).toContain("for you alone"), patience);
    expect(JSON.stringify(discord.messages(channel).map((each) => each.embeds))).not.toContain("A secret");
  });
});

describe("at the end", () => {
  it("nothing new is heard, and what was taken is still answered", async () => {
    const { discord, bot, surface } = await connect();
    const { user, channel } = asker(discord);
    const work = Promise.withResolvers<void>();
    bot.replies(async (delivery, accepted) => {
      accepted();
      await work.promise;
      await delivery.respond(says("Done"));
    });
    const delivery = discord.as(user).slash("status", {}, { channel });
    await vi.waitFor(() => expect(delivery.interaction.ack).toBeDefined(), patience);
    const stopped = surface.stop();
    await vi.waitFor(() => expect(discord.gateway.connections).toBe(0), patience);
    discord.as(user).slash("status", {}, { channel });
    await sleep(0);
    work.resolve();
    await stopped;
    expect(titles(delivery.answers)).toEqual(["Done"]);
    expect(bot.heard).toHaveLength(1);
  });
});
