import { describe, expect, it, vi } from "vitest";
import type { Outgoing } from "../../src/domain/messages/message.ts";
import { type House, openHouse } from "./house/house.ts";
import { slackTalk, textIn } from "./house/talk.ts";

const patience = { timeout: 60_000, interval: 20 };

const message = (nonce: string, rest: Partial<Outgoing["card"]> = {}): Outgoing => ({
  card: { tone: "neutral", title: `Message ${nonce}`, blocks: [], ...rest },
  files: [],
  nonce,
});

function slackOf(house: House) {
  const channel = house.ids.slack["ops"] ?? "";
  const courier = house.surfaces().all[0]?.courier;
  if (!courier) throw new Error("Slack is not connected");
  return {
    channel,
    courier,
    place: { surface: "slack", channel } as const,
    shown: () => house.slack.messages(channel),
  };
}

function discordOf(house: House) {
  const channel = house.ids.discord["ops"] ?? "";
  const courier = house.surfaces().all.at(-1)?.courier;
  if (!courier) throw new Error("Discord is not connected");
  return {
    channel,
    courier,
    place: { surface: "discord", channel } as const,
    shown: () => house.discord.messages(channel),
  };
}

describe("to Slack", () => {
  it.each([
    ["429", { kind: "rate-limited", retryAfter: 1 }],
    ["a 503", { kind: "status", status: 503, times: 2 }],
    ["ratelimited in a 200", { kind: "ok-false", error: "ratelimited" }],
    ["a connection that breaks before", { kind: "reset-before" }],
    ["a connection that breaks after it was done", { kind: "reset-after" }],
    ["a 500 after it was done", { kind: "status", status: 500, after: true }],
  ] as const)("peer 8: %s: it arrives, once", async (_what, fault) => {
    const house = await openHouse({ only: "slack" });
    const { courier, place, shown } = slackOf(house);
    house.slack.fail({ method: "chat.postMessage", ...fault });
    const ref = await courier.post(place, message("n1"));
    expect(shown().map((each) => each.ts)).toEqual([ref.id]);
  });

  it.each([
    ["found", []],
    ["sent again", [{ kind: "status", status: 503 }]],
    ["sent blindly", [{ kind: "reset-after" }, { method: "conversations.history", kind: "status", status: 500 }]],
  ] as const)("peer 8: what became of a lost answer is counted: %s", async (outcome, faults) => {
    const house = await openHouse({ only: "slack" });
    const { courier, place } = slackOf(house);
    const all = faults.length === 0 ? [{ kind: "reset-after" as const }] : faults;
    for (const fault of all) house.slack.fail({ method: "chat.postMessage", ...fault });
    await courier.post(place, message("n1"));
    expect(await house.measured()).toContain(`wardroom_sends_ambiguous_total{surface="slack",outcome="${outcome}"} 1`);
  });

  it("the lost answer of a process that died: its successor finds the message by its nonce", async () => {
    const house = await openHouse({ only: "slack" });
    const { courier, place, shown } = slackOf(house);
    const ref = await courier.post(place, message("n1"));
    expect(await courier.post(place, { ...message("n1"), again: true })).toEqual(ref);
    await courier.post(place, { ...message("n2"), again: true });
    expect(shown()).toHaveLength(2);
  });

  it.each(["message_not_found", "cant_update_message", "edit_window_closed"])(
    "an edit refused with %s: a new message stands in its place",
    async (error) => {
      const house = await openHouse({ only: "slack" });
      const { courier, place, shown } = slackOf(house);
      const ref = await courier.post(place, message("n1"));
      house.slack.fail({ method: "chat.update", kind: "ok-false", error });
      const instead = await courier.edit(ref, message("n1", { title: "Newer" }));
      expect(instead.id).not.toBe(ref.id);
      const found = shown().find((each) => each.ts === instead.id);
      expect(textIn(found?.blocks)).toContain("In place of");
      expect(await courier.edit(instead, message("n1", { title: "Newest" }))).toEqual(instead);
    },
  );

  it("blocks that are refused go as text, in which nothing is parsed", async () => {
    const house = await openHouse({ only: "slack" });
    const { courier, place, shown } = slackOf(house);
    house.slack.fail({ method: "chat.postMessage", kind: "ok-false", error: "invalid_blocks" });
    await courier.post(place, message("n1", { summary: "<!channel> *now* https://evil.test" }));
    expect(shown()).toMatchObject([{ blocks: [], parsed: [] }]);
    expect(shown()[0]?.text).toContain("&lt;!channel&gt; *now*");
    house.slack.fail({ method: "chat.postMessage", kind: "ok-false", error: "invalid_blocks" });
    await courier.post(place, message("n2", { blocks: [{ kind: "code", text: "line\n".repeat(800) }] }));
    const files = shown().flatMap((each) => each.files.map((file) => file.name));
    expect(files).toEqual(["answer.txt"]);
  });

  it("a channel the bot is not in is joined; one that is archived is told as gone", async () => {
    const house = await openHouse({ only: "slack" });
    const { courier } = slackOf(house);
    const out = house.slack.world.addChannel({ name: "out", bot: false });
    await courier.post({ surface: "slack", channel: out }, message("n1"));
    expect(house.slack.messages(out)).toHaveLength(1);
    const shut = house.slack.world.addChannel({ name: "private-shut", bot: false });
    await expect(courier.post({ surface: "slack", channel: shut }, message("n2"))).rejects.toMatchObject({
      fault: "refused",
      message: expect.stringContaining("invite it there with /invite"),
    });
    const old = house.slack.world.addChannel({ name: "old", archived: true });
    await expect(courier.post({ surface: "slack", channel: old }, message("n3"))).rejects.toMatchObject({
      fault: "missing",
    });
  });

  it("an answer where the bot may not write reaches the one who asked, alone, with the next step", async () => {
    const house = await openHouse({
      only: "slack",
      change: (config) => ({
        ...config,
        policy: {
          ...config.policy,
          channels: config.policy.channels.map((each) =>
            each.id === "slack-quiet" ? { ...each, channel: "CSHUT" } : each,
          ),
        },
      }),
    });
    house.slack.world.addChannel({ id: "CSHUT", name: "private-shut", bot: false });
    const answer = await slackTalk(house).asks("ana", "portfolio alphapulse", "CSHUT");
    expect(answer).toMatchObject({ private: true });
    expect(answer.text).toContain("invite it there with /invite");
    expect(answer.text).toContain("AlphaPulse-RL");
  });

  it("a mention where the bot may not post is answered in the conversation of the two, with its file, and told to the operators", async () => {
    const house = await openHouse({ only: "slack" });
    const talk = slackTalk(house);
    // There is a chart once something has been sampled.
    await vi.waitFor(
      async () => {
        await talk.asks("ana", "metrics alphapulse daily_pnl");
        await vi.waitFor(() => expect(talk.channel().at(-1)?.files).toHaveLength(1), { timeout: 5_000, interval: 50 });
      },
      { timeout: 120_000, interval: 1_000 },
    );
    const channel = house.slack.world.channels.get(house.ids.slack["ops"] ?? "");
    if (channel) channel.readOnly = true;
    const ana = house.ids.slack["ana"] ?? "";
    house.slack.as(ana).mention("metrics alphapulse daily_pnl", { channel: channel?.id ?? "" });
    const direct = house.slack.world.directWith(ana);
    await vi.waitFor(
      () => expect(textIn(house.slack.messages(direct).map((each) => each.blocks))).toContain("Daily P&L"),
      patience,
    );
    const [said] = house.slack.messages(direct);
    expect(textIn(said?.blocks)).toContain("only some may post in the channel");
    await vi.waitFor(() => expect(JSON.stringify(said?.blocks)).toContain("slack_file"), patience);
    const told = () => textIn(house.slack.messages(house.ids.slack["desk"] ?? "").map((each) => each.blocks));
    await vi.waitFor(() => expect(told()).toContain("let the app, in the channel's posting permissions"), patience);
  });

  it("a token that was revoked is told on Discord, once, with the next step", async () => {
    const house = await openHouse();
    const { courier, place } = slackOf(house);
    house.slack.revoke(house.slack.botToken);
    for (const nonce of ["n1", "n2"])
      await expect(courier.post(place, message(nonce))).rejects.toMatchObject({ fault: "unauthorised" });
    const desk = house.ids.discord["desk"] ?? "";
    await vi.waitFor(() => {
      const told = house.discord.messages(desk).map((each) => textIn(each.embeds));
      expect(told.filter((each) => each.includes("does not take the bot's token"))).toHaveLength(1);
      expect(told.join()).toContain("Install the app to the workspace");
    }, patience);
    expect(house.surfaces().all[0]?.deaf()).toBe("Slack does not take the bot's token");
  });

  it("a scope that is missing is named, with where to get it", async () => {
    const house = await openHouse({ only: "slack" });
    house.slack.scopes.delete("files:write");
    const { courier, place } = slackOf(house);
    const file = { name: "log.txt", mediaType: "text/plain", bytes: new Uint8Array([1]) };
    await courier.post(place, { ...message("n1"), files: [file] });
    const desk = house.ids.slack["desk"] ?? "";
    await vi.waitFor(
      () =>
        expect(
          house.slack
            .messages(desk)
            .map((each) => textIn(each.blocks))
            .join(),
        ).toContain("lacks the scope files:write"),
      patience,
    );
  });

  it("a long card that is edited brings its file once", async () => {
    const house = await openHouse({ only: "slack" });
    const { courier, place, shown } = slackOf(house);
    const long = message("n1", { blocks: [{ kind: "code", text: "line\n".repeat(5_000) }] });
    const ref = await courier.post(place, long);
    for (let edit = 0; edit < 3; edit += 1) await courier.edit(ref, long);
    expect(shown().flatMap((each) => each.files)).toHaveLength(1);
  });

  it("a table of ten thousand rows arrives, the rest of it as a file", async () => {
    const house = await openHouse({ only: "slack" });
    const { courier, place, shown } = slackOf(house);
    const rows = Array.from({ length: 10_000 }, (_, index) => [`row ${index}`, "x".repeat(20)]);
    await courier.post(
      place,
      message("n1", { blocks: [{ kind: "table", columns: [{ title: "Row" }, { title: "X" }], rows }] }),
    );
    const file = shown()
      .flatMap((each) => each.files)
      .find((each) => each.name === "answer.txt");
    expect(new TextDecoder().decode(file?.bytes)).toContain("row 9999");
  });
});

describe("to Discord", () => {
  it.each([
    ["429", { kind: "rate-limited", retryAfter: 1 }],
    ["a 503", { kind: "status", status: 503, times: 2 }],
    ["a connection that breaks before", { kind: "reset-before" }],
    ["a connection that breaks after it was done", { kind: "reset-after" }],
    ["a 500 after it was done", { kind: "status", status: 500, after: true }],
  ] as const)("peer 8: %s: it arrives, once", async (_what, fault) => {
    const house = await openHouse({ only: "discord" });
    const { channel, courier, place, shown } = discordOf(house);
    house.discord.fail({ method: "POST", route: new RegExp(`/channels/${channel}/messages`), ...fault });
    const ref = await courier.post(place, message("n1"));
    expect(shown().map((each) => each.id)).toEqual([ref.id]);
    expect(await courier.post(place, { ...message("n1"), again: true })).toEqual(ref);
  });

  it("a message too old to edit, or gone, is replaced by one that links it", async () => {
    const house = await openHouse({ only: "discord" });
    const { channel, courier, place, shown } = discordOf(house);
    const ref = await courier.post(place, message("n1"));
    const old = shown()[0];
    if (!old) throw new Error("nothing was posted");
    old.createdAt -= 2 * 3_600_000;
    const instead = await courier.edit(ref, message("n1", { title: "Newer" }));
    expect(shown().find((each) => each.id === instead.id)?.content).toContain(`/${channel}/${ref.id}`);
    house.discord.world.messages.forEach((each) => (each.deleted = true));
    expect((await courier.edit(instead, message("n1", { title: "Newest" }))).id).not.toBe(instead.id);
  });

  it("a channel the bot may not write to is named, with the rights it needs", async () => {
    const house = await openHouse({ only: "discord" });
    const { channel, courier, place } = discordOf(house);
    const found = house.discord.world.channels.get(channel);
    if (!found) throw new Error("no channel");
    found.permissions = 1n << 10n;
    await expect(courier.post(place, message("n1"))).rejects.toMatchObject({
      fault: "refused",
      message: expect.stringContaining("Send Messages, Embed Links"),
    });
    const desk = house.ids.discord["desk"] ?? "";
    await vi.waitFor(
      () =>
        expect(
          house.discord
            .messages(desk)
            .map((each) => textIn(each.embeds))
            .join(),
        ).toContain("Edit the channel's permissions"),
      patience,
    );
  });

  it("an edit's files stand in place of those before", async () => {
    const house = await openHouse({ only: "discord" });
    const { courier, place, shown } = discordOf(house);
    const long = (nonce: string) => message(nonce, { blocks: [{ kind: "code", text: "line\n".repeat(3_000) }] });
    const ref = await courier.post(place, long("n1"));
    expect(shown()[0]?.attachments.map((file) => file.name)).toEqual(["answer.txt"]);
    for (let edit = 0; edit < 3; edit += 1) await courier.edit(ref, long("n1"));
    expect(shown()[0]?.attachments.map((file) => file.name)).toEqual(["answer.txt"]);
    await courier.edit(ref, message("n1"));
    expect(shown()[0]?.attachments).toEqual([]);
  });

  it("an embed that is refused goes as text", async () => {
    const house = await openHouse({ only: "discord" });
    const { courier, place, shown } = discordOf(house);
    house.discord.fail({
      method: "POST",
      route: /messages/,
      kind: "json-error",
      status: 400,
      code: 50_035,
      message: "Invalid Form Body",
    });
    await courier.post(place, message("n1", { summary: "@everyone" }));
    expect(shown()[0]?.content).toContain("```");
  });
});
