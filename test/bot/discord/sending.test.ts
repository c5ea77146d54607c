import { describe, expect, it, vi } from "vitest";
import type { Outgoing } from "../../../src/domain/messages/message.ts";
import { asker, connect, patience, says, titles } from "./connected.ts";

const notice = (title: string): Outgoing => ({ ...says(title), lane: "notice" });

describe("into a thread", () => {
  it("that is locked or gone: its channel gets the message, which says so", async () => {
    const { discord, surface } = await connect();
    const { channel } = asker(discord);
    const locked = discord.world.addChannel({ name: "old", type: 11, parent: channel, locked: true, archived: true });
    const ref = await surface.courier.post({ surface: "discord", channel, thread: locked }, notice("One"));
    expect(ref.channel).toBe(channel);
    await surface.courier.post({ surface: "discord", channel, thread: "1" }, notice("Two"));
    expect(titles(discord.messages(channel))).toEqual(["One", "Two"]);
    expect(discord.messages(channel).map((each) => each.content)).toEqual(
      Array.from({ length: 2 }, () => "Its thread takes no more messages."),
    );
  });

  it("that the bot may not see: nothing goes to its channel, which others read", async () => {
    const { discord, surface } = await connect();
    const { channel } = asker(discord);
    const thread = discord.world.addChannel({ name: "closed", type: 11, parent: channel, permissions: 0n });
    await expect(surface.courier.post({ surface: "discord", channel, thread }, notice("One"))).rejects.toMatchObject({
      fault: "refused",
    });
    expect(discord.messages(channel)).toEqual([]);
  });

  it("that sleeps: an edit wakes it; in one that is locked a new message in the channel links the old", async () => {
    const { discord, surface } = await connect();
    const { channel } = asker(discord);
    const thread = discord.world.addChannel({ name: "incident", type: 11, parent: channel });
    const ref = await surface.courier.post({ surface: "discord", channel, thread }, notice("One"));
    const asleep = discord.world.channels.get(thread);
    if (!asleep) throw new Error("no thread");
    asleep.archived = true;
    expect(await surface.courier.edit(ref, notice("One, newer"))).toEqual(ref);
    expect(titles(discord.messages(thread))).toEqual(["One, newer"]);
    asleep.archived = true;
    asleep.locked = true;
    const instead = await surface.courier.edit(ref, notice("One, newest"));
    expect(instead.channel).toBe(channel);
    expect(discord.messages(channel)[0]?.content).toContain(`/${thread}/${ref.id}`);
  });
});

describe("a line under a message that is sent again when Discord has forgotten its nonce", () => {
  const line = (title: string, rest: Partial<Outgoing> = {}): Outgoing => ({ ...notice(title), line: {}, ...rest });

  async function withLine() {
    const { discord, surface } = await connect();
    const { channel } = asker(discord);
    const root = await surface.courier.post({ surface: "discord", channel }, notice("Root"));
    const say = async (message: Outgoing) => {
      if (!surface.threads) throw new Error("it has no threads");
      return surface.threads.say(root, message);
    };
    const forget = () => {
      const later = discord.world.now() + 6 * 60_000;
      vi.spyOn(discord.world, "now").mockReturnValue(later);
    };
    return { discord, surface, channel, root, say, forget };
  }

  it("stands once, and says what is so now", async () => {
    const { discord, root, say, forget } = await withLine();
    const first = await say(line("1 new", { nonce: "0" }));
    const second = await say(line("1 resolved", { nonce: "1" }));
    forget();
    expect(await say(line("1 resolved", { nonce: "1", again: true, line: { after: first.id } }))).toEqual(second);
    expect(titles(discord.messages(root.id))).toEqual(["1 new", "1 resolved"]);
  });

  it("is never taken for an earlier one that reads alike", async () => {
    const { discord, root, say, forget } = await withLine();
    const first = await say(line("1 new", { nonce: "0" }));
    forget();
    await say(line("1 new", { nonce: "1", again: true, line: { after: first.id } }));
    expect(titles(discord.messages(root.id))).toEqual(["1 new", "1 new"]);
  });

  it("stands once as a reply where no thread may be made", async () => {
    const { discord, surface, channel, root, say, forget } = await withLine();
    discord.fail({
      method: "POST",
      route: /threads$/,
      times: 3,
      kind: "json-error",
      status: 403,
      code: 50_013,
      message: "No",
    });
    const first = await say(line("1 new", { nonce: "0" }));
    expect(first.channel).toBe(channel);
    const place = { surface: "discord", channel } as const;
    const other = await surface.courier.post(place, notice("Another root"));
    await surface.threads?.say(other, line("1 new", { nonce: "of another" }));
    forget();
    expect(await say(line("1 new", { nonce: "0", again: true }))).toEqual(first);
    expect(titles(discord.messages(channel))).toEqual(["Root", "1 new", "Another root", "1 new"]);
    expect(discord.messages(root.id)).toEqual([]);
  });
});

describe("what Discord answers", () => {
  it.each([
    [{ status: 404, code: 10_003 }, "missing", []],
    [{ status: 403, code: 50_001 }, "refused", ["discord/channel/"]],
    [{ status: 403, code: 50_013 }, "refused", ["discord/channel/"]],
    [{ status: 401, code: 50_014 }, "unauthorised", ["discord/token"]],
  ] as const)("%o is told in words, as what it is", async (refusal, fault, ids) => {
    const { discord, surface, troubles } = await connect();
    const { channel } = asker(discord);
    discord.fail({ method: "POST", route: /messages/, kind: "json-error", message: "No", ...refusal });
    await expect(surface.courier.post({ surface: "discord", channel }, notice("One"))).rejects.toMatchObject({ fault });
    expect([...troubles.keys()].map((id) => id.replace(channel, ""))).toEqual(ids);
    for (const trouble of troubles.values()) expect(trouble.remedy.length).toBeGreaterThan(20);
  });

  it("a trouble with a channel is over when it takes a message", async () => {
    const { discord, surface, troubles } = await connect();
    const { channel } = asker(discord);
    const place = { surface: "discord", channel } as const;
    discord.fail({ method: "POST", route: /messages/, kind: "json-error", status: 403, code: 50_013, message: "No" });
    await expect(surface.courier.post(place, notice("One"))).rejects.toThrow("Send Messages");
    expect(troubles.size).toBe(1);
    await surface.courier.post(place, notice("One"));
    expect(troubles.size).toBe(0);
  });

  it("one 401 is not the end: the next call is made with the token again", async () => {
    const { discord, surface, troubles } = await connect();
    const { channel } = asker(discord);
    const place = { surface: "discord", channel } as const;
    discord.fail({ method: "POST", route: /messages/, kind: "status", status: 401 });
    await expect(surface.courier.post(place, notice("One"))).rejects.toMatchObject({ fault: "unauthorised" });
    expect([...troubles.keys()]).toEqual(["discord/token"]);
    await surface.courier.post(place, notice("One"));
    expect(titles(discord.messages(channel))).toEqual(["One"]);
    expect([...troubles.keys()]).toEqual([]);
  });

  it.each([
    ["a message of somebody else's", 403, 50_005],
    ["a message that is gone", 404, 10_008],
    ["a message too old", 400, 30_046],
  ])("%s: a new one stands in its place, once", async (_what, status, code) => {
    const { discord, surface } = await connect();
    const { channel } = asker(discord);
    const ref = await surface.courier.post({ surface: "discord", channel }, notice("One"));
    discord.fail({ method: "PATCH", times: 2, kind: "json-error", status, code, message: "No" });
    const first = await surface.courier.edit(ref, notice("Two"));
    expect(first.id).not.toBe(ref.id);
    expect(await surface.courier.edit(ref, notice("Two"))).toEqual(first);
    expect(discord.messages(channel).find((each) => each.id === first.id)?.content).toContain("In place of");
  });
});

describe("many at once", () => {
  it("peer 8: a reply overtakes notices that wait for the channel's pace, and none is lost", async () => {
    const { discord, surface } = await connect();
    const { channel } = asker(discord);
    const place = { surface: "discord", channel } as const;
    const notices = Array.from({ length: 7 }, (_, index) => surface.courier.post(place, notice(`Notice ${index}`)));
    const reply = surface.courier.post(place, says("Reply"));
    await reply;
    expect(discord.messages(channel).length).toBeLessThan(7);
    await Promise.all(notices);
    expect(discord.messages(channel)).toHaveLength(8);
    // Its client learns of a bucket from the first answer, while more are under way: what a channel takes is kept to without it.
    expect(discord.calls.filter((call) => call.status === 429)).toEqual([]);
  });
});

describe("the members of the server", () => {
  it("are read with their roles, anew when that is asked for, and a silence is never no roles", async () => {
    const { discord, surface } = await connect();
    const { user } = asker(discord);
    const account = { surface: "discord", id: user, tenant: discord.world.guild } as const;
    expect(await surface.directory.standing(account, { maxAgeMs: 60_000 })).toEqual({ ok: true, groups: [] });
    discord.world.members.set(user, ["77"]);
    expect(await surface.directory.standing(account, { maxAgeMs: 60_000 })).toEqual({ ok: true, groups: [] });
    expect(await surface.directory.standing(account, { maxAgeMs: 0 })).toEqual({ ok: true, groups: ["77"] });
    discord.world.members.delete(user);
    expect(await surface.directory.standing(account, { maxAgeMs: 0 })).toMatchObject({ ok: false });
    discord.fail({ route: /members/, kind: "json-error", status: 404, code: 10_013, message: "Unknown User" });
    expect(await surface.directory.standing(account, { maxAgeMs: 0 })).toMatchObject({ ok: false });
    discord.fail({ route: /members/, kind: "json-error", status: 403, code: 50_001, message: "Missing Access" });
    await expect(surface.directory.standing(account, { maxAgeMs: 0 })).rejects.toMatchObject({ name: "BackendError" });
    expect(await surface.directory.standing({ ...account, tenant: "1" }, { maxAgeMs: 0 })).toMatchObject({ ok: false });
    expect(
      await surface.directory.standing({ surface: "discord", id: discord.world.botUser }, { maxAgeMs: 0 }),
    ).toMatchObject({ ok: false, why: expect.stringContaining("Bots") });
    await vi.waitFor(() => expect(surface.deaf()).toBeUndefined(), patience);
  });
});
