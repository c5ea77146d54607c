import { describe, expect, it, vi } from "vitest";
import { workingMessage } from "../../../src/bot/pipeline/show-working.ts";
import type { FakeDiscord } from "../../fakes/discord/discord.ts";
import { asker, connect, patience, reasonForm, says, titles } from "./connected.ts";

const action = { id: "b1", label: "Approve", command: "confirm approve", args: {} };

/** A card with a button in a channel, and what else everybody sees there, what is thinking included. */
async function card(options: Parameters<typeof connect>[0] = {}) {
  const connected = await connect(options);
  const { discord, surface } = connected;
  const { user, channel } = asker(discord);
  const place = { surface: "discord", channel } as const;
  const { card: shown, ...rest } = says("A request");
  const ref = await surface.courier.post(place, { ...rest, card: { ...shown, actions: [action] } });
  const message = discord.world.message(ref.id);
  if (!message) throw new Error("no card stands");
  return { ...connected, user, channel, message, press: () => discord.as(user).press(message, "Approve") };
}

function everybodySees({ world }: FakeDiscord, channel: string) {
  return world.messages.filter((each) => each.channel === channel && !each.deleted && each.ephemeralFor === undefined);
}

describe("a press", () => {
  it("that is refused shows nobody else anything, however long it takes", async () => {
    const { discord, bot, user, channel, press } = await card();
    const seen: number[] = [];
    bot.replies(async (delivery, accepted) => {
      accepted();
      seen.push(everybodySees(discord, channel).length);
      expect(await delivery.working?.(workingMessage(delivery.id, 1))).toBeUndefined();
      await delivery.working?.(workingMessage(delivery.id, 6));
      seen.push(everybodySees(discord, channel).length);
      expect(titles(discord.ephemerals(user))).toEqual(["Working… 6 s"]);
      expect(await delivery.respond(says("Not allowed", { audience: delivery.account }))).toBeUndefined();
    });
    const delivery = press();
    expect((await delivery.acked).type).toBe(6);
    await vi.waitFor(() => expect(titles(discord.ephemerals(user))).toEqual(["Not allowed"]), patience);
    expect(seen).toEqual([1, 1]);
    expect(titles(everybodySees(discord, channel))).toEqual(["A request"]);
  });

  it("that counts is answered for everybody beside its card, once, and what was said meanwhile goes", async () => {
    const { discord, bot, user, channel, press } = await card();
    bot.replies(async (delivery, accepted) => {
      accepted();
      await delivery.working?.(workingMessage(delivery.id, 1));
      const ref = await delivery.respond(says("Approved"));
      expect(await delivery.respond(says("Approved, and more"))).toEqual(ref);
    });
    press();
    await vi.waitFor(
      () => expect(titles(everybodySees(discord, channel))).toEqual(["A request", "Approved, and more"]),
      patience,
    );
    expect(discord.ephemerals(user)).toEqual([]);
  });

  it.each(["reset-after", "status"] as const)("whose answer's answer is lost by %s stands once", async (kind) => {
    const { discord, channel, press } = await card();
    const route = /^\/webhooks\/\d+\/[^/]+$/;
    const fault = discord.fail(
      kind === "status" ? { route, kind, status: 502, after: true } : { route, kind: "reset-after" },
    );
    const delivery = press();
    await vi.waitFor(() => expect(titles(delivery.answers)).toEqual(["Done"]), patience);
    expect(fault.hits).toBe(1);
    expect(titles(everybodySees(discord, channel))).toEqual(["A request", "Done"]);
  });

  it("in a conversation of two is answered there for good", async () => {
    const { discord, bot, surface } = await card();
    const { user } = asker(discord);
    const channel = discord.world.directWith(user);
    const { card: shown, ...rest } = says("A request");
    const place = { surface: "discord", channel, direct: true } as const;
    const ref = await surface.courier.post(place, { ...rest, card: { ...shown, actions: [action] } });
    const message = discord.world.message(ref.id);
    bot.replies(async (delivery, accepted) => {
      accepted();
      await delivery.respond(says("Done", { audience: delivery.account }));
    });
    if (message) discord.as(user).press(message, "Approve");
    await vi.waitFor(() => expect(titles(everybodySees(discord, channel))).toEqual(["A request", "Done"]), patience);
  });

  it("that opens a form is acknowledged by the form, and sending it shows nobody else anything", async () => {
    const { discord, bot, user, channel, press } = await card();
    bot.replies(
      async (delivery) => delivery.form(reasonForm({})),
      async (delivery, accepted) => {
        accepted();
        await delivery.respond(says("Not allowed", { audience: delivery.account }));
      },
    );
    const delivery = press();
    expect((await delivery.acked).type).toBe(9);
    const sent = discord.as(user).submit(delivery, { system: "alphapulse", reason: "drill" });
    expect((await sent.acked).type).toBe(6);
    await vi.waitFor(() => expect(titles(discord.ephemerals(user))).toEqual(["Not allowed"]), patience);
    expect(titles(everybodySees(discord, channel))).toEqual(["A request"]);
  });
});

describe("what is sent once more by another process", () => {
  it("is found by the interaction or the message that it answers, or by its buttons, and brought up to date", async () => {
    const { discord, bot, surface, user, channel, message, press } = await card();
    const answered: string[] = [];
    bot.reply = async (delivery, accepted) => {
      accepted();
      answered.push(delivery.id);
      await delivery.respond(says("Old"));
    };
    press();
    await vi.waitFor(() => expect(titles(everybodySees(discord, channel))).toHaveLength(2), patience);
    discord.as(user).slash("status", {}, { channel });
    await vi.waitFor(() => expect(titles(everybodySees(discord, channel))).toHaveLength(3), patience);
    discord.as(user).mention("status", { channel });
    await vi.waitFor(() => expect(titles(everybodySees(discord, channel)).at(-1)).toBe("Old"), patience);
    await vi.waitFor(() => expect(answered).toHaveLength(3), patience);
    const before = everybodySees(discord, channel).length;
    const place = { surface: "discord", channel } as const;
    for (const [at, answers] of answered.entries())
      await surface.courier.post(place, says(`New ${at}`, { answers, again: true }));
    const { card: shown, ...rest } = says("Newer");
    const ref = await surface.courier.post(place, {
      ...rest,
      nonce: "another",
      card: { ...shown, actions: [action] },
      again: true,
    });
    expect(ref.id).toBe(message.id);
    const seen = titles(everybodySees(discord, channel).filter((each) => each.author === discord.world.botUser));
    expect(seen).toEqual(["Newer", "New 0", "New 1", "New 2"]);
    expect(everybodySees(discord, channel)).toHaveLength(before);
  });

  it("takes the place of what got no further than thinking", async () => {
    const { discord, bot, surface, user, channel } = await card();
    const never = Promise.withResolvers<void>();
    let id = "";
    bot.replies(async (delivery, accepted) => {
      id = delivery.id;
      accepted();
      await never.promise;
    });
    await discord.as(user).slash("status", {}, { channel }).acked;
    await surface.courier.post({ surface: "discord", channel }, says("Done", { answers: id }));
    expect(titles(everybodySees(discord, channel))).toEqual(["A request", "Done"]);
    never.resolve();
  });

  it("to one person alone leaves nobody thinking in the channel, and what was answered there stands", async () => {
    const { discord, bot, surface, user, channel } = await card();
    const never = Promise.withResolvers<void>();
    const ids: string[] = [];
    const begun: typeof bot.reply = async (delivery, accepted) => {
      ids.push(delivery.id);
      accepted();
      await never.promise;
    };
    bot.replies(begun, async (delivery, accepted) => {
      ids.push(delivery.id);
      accepted();
      await delivery.respond(says("Done"));
    });
    await discord.as(user).slash("status", {}, { channel }).acked;
    discord.as(user).slash("status", {}, { channel });
    await vi.waitFor(() => expect(titles(discord.messages(channel)).at(-1)).toBe("Done"), patience);
    const audience = { surface: "discord", id: user };
    for (const answers of ids)
      await surface.courier.post({ surface: "discord", channel }, says("Not allowed", { audience, answers }));
    expect(titles(everybodySees(discord, channel))).toEqual(["A request", "Done"]);
    never.resolve();
  });

  it("where the bot may not look back is sent all the same", async () => {
    const { discord, surface, channel } = await card();
    const denied = { kind: "json-error", status: 403, code: 50_001, message: "Missing Access" } as const;
    discord.fail({ method: "GET", route: /messages$/, ...denied });
    await surface.courier.post({ surface: "discord", channel }, says("Done", { answers: "7", again: true }));
    expect(titles(everybodySees(discord, channel))).toEqual(["A request", "Done"]);
  });
});
