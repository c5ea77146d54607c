import { describe, expect, it, vi } from "vitest";
import type { FakeMessage } from "../../fakes/discord/world.ts";
import { asker, connect, patience, reasonForm, says, titles } from "./connected.ts";

describe("an asking", () => {
  it("by a native command says who, where and what, with the command's own names", async () => {
    const { discord, bot } = await connect();
    const { user, channel } = asker(discord);
    const delivery = discord.as(user).slash("status", { system: "alphapulse", maxage: 5 }, { channel });
    await vi.waitFor(() => expect(titles(delivery.answers)).toEqual(["Done"]), patience);
    expect(bot.heard[0]).toMatchObject({
      id: delivery.interaction.id,
      account: { surface: "discord", id: user, tenant: discord.world.guild },
      place: { surface: "discord", channel },
      content: { kind: "form", command: "status", values: { system: "alphapulse", maxAge: 5 } },
    });
  });

  it("in a thread is of its channel, and is answered in the thread", async () => {
    let thread = "";
    let channel = "";
    const { discord, bot } = await connect({
      before: ({ world }) => {
        channel = world.addChannel({ name: "ops" });
        thread = world.addChannel({ name: "incident", type: 11, parent: channel });
      },
    });
    const { user } = asker(discord);
    discord.as(user).slash("status", {}, { channel: thread });
    discord.as(user).mention("status", { channel: thread });
    await vi.waitFor(() => expect(bot.heard).toHaveLength(2), patience);
    for (const { place } of bot.heard) expect(place).toEqual({ surface: "discord", channel, thread });
    await vi.waitFor(
      () => expect(titles(discord.messages(thread)).filter((title) => title === "Done")).toHaveLength(2),
      patience,
    );
    expect(discord.messages(channel)).toEqual([]);
  });

  it("in a thread that slept since before the client came is of its channel too", async () => {
    const { discord, bot } = await connect();
    const { user, channel } = asker(discord);
    const thread = discord.world.addChannel({ name: "old incident", type: 11, parent: channel, archived: true });
    discord.as(user).mention("status", { channel: thread });
    await vi.waitFor(() => expect(bot.heard[0]?.place).toEqual({ surface: "discord", channel, thread }), patience);
    discord.as(user).slash("status", {}, { channel: thread });
    await vi.waitFor(() => expect(bot.heard[1]?.place).toEqual({ surface: "discord", channel, thread }), patience);
  });

  it("in a message: the bot's name is left out, and alone it asks for help", async () => {
    const { discord, bot } = await connect();
    const { user, channel } = asker(discord);
    const ana = discord.as(user);
    const said = ana.mention("status alphapulse", { channel });
    ana.mention("", { channel });
    ana.dm("status");
    await vi.waitFor(() => expect(bot.heard).toHaveLength(3), patience);
    expect(bot.heard.map((each) => each.content)).toEqual([
      { kind: "text", text: "status alphapulse" },
      { kind: "text", text: "help" },
      { kind: "text", text: "status" },
    ]);
    expect(bot.heard[0]?.id).toBe(said.id);
    expect(bot.heard[2]).toMatchObject({ place: { direct: true }, account: { surface: "discord", id: user } });
    expect(bot.heard[2]?.account.tenant).toBeUndefined();
  });

  it("peer 6: is none by an edit, by a bot, by the bot itself, or by talk that does not name it", async () => {
    const { discord, bot } = await connect();
    const { user, channel } = asker(discord);
    const machine = discord.world.addUser({ name: "machine", bot: true });
    const said = discord.as(user).say("hello", { channel });
    discord.as(user).edit(said, `<@${discord.world.botUser}> flatten alphapulse`);
    discord.as(machine).mention("flatten alphapulse", { channel });
    discord.as(discord.world.botUser).mention("flatten alphapulse", { channel });
    discord.as(user).mention("status", { channel });
    await vi.waitFor(() => expect(bot.heard).not.toEqual([]), patience);
    expect(bot.heard.map((each) => each.content)).toEqual([{ kind: "text", text: "status" }]);
  });

  it("by a message's menu and by a button carries the message, and the button's id", async () => {
    const { discord, bot } = await connect();
    const { user, channel } = asker(discord);
    bot.reply = async (delivery, accepted) => {
      accepted();
      const actions = [{ id: "b1", label: "Again", style: "default" as const, command: "status", args: {} }];
      await delivery.respond(says("Pick", { card: { tone: "neutral", title: "Pick", blocks: [], actions } }));
    };
    discord.as(user).mention("status", { channel });
    const card = await vi.waitFor(() => {
      const found = discord.messages(channel).find((each) => each.author === discord.world.botUser);
      if (!found) throw new Error("no answer yet");
      return found;
    }, patience);
    discord.as(user).press(card, "Again");
    discord.as(user).menu("Show the plan", card);
    await vi.waitFor(() => expect(bot.heard).toHaveLength(3), patience);
    expect(bot.heard[1]?.content).toEqual({
      kind: "press",
      action: "b1",
      message: { surface: "discord", channel, id: card.id },
    });
    expect(bot.heard[2]?.content).toEqual({
      kind: "message",
      command: "flatten",
      message: { surface: "discord", channel, id: card.id },
      text: "Pick",
    });
  });
});

describe("while somebody types", () => {
  it("what fits is offered; a failure and a backend that does not answer offer nothing, in time", async () => {
    const { discord, bot } = await connect();
    const { user, channel } = asker(discord);
    const offered = () => discord.as(user).autocomplete("status", { option: "system", typed: "al" }, { channel });
    bot.offer = async (asked) => [{ value: asked.typed + asked.field, label: "x".repeat(200) }];
    expect(await offered()).toEqual(["alsystem"]);
    bot.offer = () => Promise.reject(new Error("broken"));
    expect(await offered()).toEqual([]);
    bot.offer = () => new Promise(() => {});
    expect(await offered()).toEqual([]);
  });
});

describe("a form", () => {
  it("acknowledges, and comes back as a new delivery with what was known", async () => {
    const { discord, bot } = await connect();
    const { user, channel } = asker(discord);
    bot.replies(async (delivery) => delivery.form(reasonForm({ system: "alphapulse" })));
    const shown = discord.as(user).slash("flatten", { system: "alphapulse" }, { channel });
    await vi.waitFor(() => expect(shown.modal).toBeDefined(), patience);
    const sent = discord.as(user).submit(shown, { reason: "halting" });
    await vi.waitFor(() => expect(titles(sent.answers)).toEqual(["Done"]), patience);
    expect(bot.heard[1]).toMatchObject({
      id: sent.interaction.id,
      content: { kind: "form", command: "flatten", values: { system: "alphapulse", reason: "halting" } },
    });
  });

  it("that came back wrong is offered behind a button, which opens it with what was typed", async () => {
    const { discord, bot } = await connect();
    const { user, channel } = asker(discord);
    bot.replies(
      async (delivery) => delivery.form(reasonForm({ system: "alphapulse" })),
      async (delivery) => delivery.form(reasonForm({ system: "alphapulse", reason: "no" }, { reason: "too short" })),
    );
    const shown = discord.as(user).slash("flatten", { system: "alphapulse" }, { channel });
    await vi.waitFor(() => expect(shown.modal).toBeDefined(), patience);
    const wrong = discord.as(user).submit(shown, { reason: "no" });
    const card = await vi.waitFor(() => firstOf(wrong.answers), patience);
    expect(card.ephemeralFor).toBe(user);
    const again = discord.as(user).press(card, "Fill it in again");
    await vi.waitFor(() => expect(JSON.stringify(again.modal)).toContain('"value":"no"'), patience);
    const right = discord.as(user).submit(again, { reason: "halting" });
    await vi.waitFor(() => expect(titles(right.answers)).toEqual(["Done"]), patience);
    expect(bot.heard[2]?.content).toMatchObject({ values: { system: "alphapulse", reason: "halting" } });
  });

  it("holds nothing any more in a field that was emptied", async () => {
    const { bot, discord } = await connect();
    const { user, channel } = asker(discord);
    const form = reasonForm({ system: "alphapulse", reason: "no" });
    const fields = form.fields.map((field) => ({ ...field, required: field.name === "system" }));
    bot.replies(async (delivery) => delivery.form({ ...form, fields }));
    const shown = discord.as(user).slash("flatten", { system: "alphapulse" }, { channel });
    await vi.waitFor(() => expect(shown.modal).toBeDefined(), patience);
    discord.as(user).submit(shown, { reason: "" });
    await vi.waitFor(() => expect(bot.heard).toHaveLength(2), patience);
    expect(bot.heard[1]?.content).toEqual({ kind: "form", command: "flatten", values: { system: "alphapulse" } });
  });

  it("of a process that is gone is read from the modal when that held all of it, and never by halves", async () => {
    const { discord, bot, surface } = await connect();
    const { user, channel } = asker(discord);
    bot.replies(
      async (delivery) => delivery.form(reasonForm({ system: "alphapulse" })),
      async (delivery) => delivery.form(reasonForm({ system: "alphapulse", hidden: "yes" })),
      async (delivery) => delivery.form(reasonForm({ system: "alphapulse", reason: "no" }, { reason: "too short" })),
    );
    const ana = discord.as(user);
    const whole = ana.slash("flatten", { system: "alphapulse" }, { channel });
    await vi.waitFor(() => expect(whole.modal).toBeDefined(), patience);
    const half = ana.slash("flatten", { system: "alphapulse" }, { channel });
    await vi.waitFor(() => expect(half.modal).toBeDefined(), patience);
    const wrong = ana.submit(whole, { reason: "no" });
    const offer = await vi.waitFor(() => firstOf(wrong.answers), patience);
    await surface.stop();

    const next = await connect({ discord });
    const sent = ana.submit(whole, { reason: "halting" });
    await vi.waitFor(() => expect(titles(sent.answers)).toEqual(["Done"]), patience);
    expect(next.bot.heard[0]?.content).toEqual({
      kind: "form",
      command: "flatten",
      values: { system: "alphapulse", reason: "halting" },
    });
    ana.submit(half, { reason: "halting" });
    await vi.waitFor(
      () => expect(next.bot.heard[1]?.content).toEqual({ kind: "form", command: "", values: {} }),
      patience,
    );
    const gone = ana.press(offer, "Fill it in again");
    await vi.waitFor(() => expect(titles(gone.answers).join()).toContain("no longer kept"), patience);
    expect(gone.answers[0]?.ephemeralFor).toBe(user);
  });
});

function firstOf(messages: readonly FakeMessage[]): FakeMessage {
  const [message] = messages;
  if (!message) throw new Error("nothing was answered yet");
  return message;
}
