/* oxlint-disable vitest/no-conditional-expect -- one story, two platforms */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, vi } from "vitest";
import type { Store } from "../../src/domain/store.ts";
import { boundStore } from "../../src/store/bound-store.ts";
import { type House, openHouse } from "./house/house.ts";
import { discordTalk, slackTalk, type Talk } from "./house/talk.ts";

/** Defects of bots people could use instead, by their numbers in our survey of them. 6 to 9 and 13 stand with the platforms. */
const both: readonly (readonly ["slack" | "discord", (house: House) => Talk])[] = [
  ["slack", slackTalk],
  ["discord", discordTalk],
];

describe.each(both)("on %s", (surface, talkOf) => {
  it("peer 1: typed fields, forms and rights work there as anywhere", async () => {
    const house = await openHouse({ only: surface });
    const talk = talkOf(house);
    expect((await talk.asks("ana", "logs pulseguard since:1h limit:3 level:error")).text).toContain("pulseguard");
    expect((await talk.asks("dana", "audit")).private).toBe(true);
  });

  it("peer 2: values with a colon arrive as typed", async () => {
    const house = await openHouse({ only: surface });
    const talk = talkOf(house);
    const card = await talk.asks("ana", "flatten alphapulse reason:see https://r.example/x at 10:30, image api:1.2.3");
    expect(card.text).toContain("Reason: see https://r.example/x at 10:30, image api:1.2.3");
  });

  it("peer 3: without a role nothing is asked for, and the refusal comes before any form", async () => {
    const house = await openHouse({ only: surface });
    const refused = await talkOf(house).asks("dana", "flatten alphapulse");
    expect(refused).toMatchObject({ private: true });
    expect(refused.text).toContain("Not allowed");
  });

  it("peer 4: the end of an older request ends no newer one", async () => {
    const house = await openHouse({ only: surface });
    const talk = talkOf(house);
    await talk.asks("ana", "flatten alphapulse reason:the first of two");
    await talk.presses("ana", "Cancel");
    const second = await talk.asks("ana", "flatten alphapulse reason:the second of two");
    house.clock.aheadMs = 14 * 60_000;
    await vi.waitFor(
      async () => expect((await talk.asks("ana", "confirm list")).text).toContain("1 open request"),
      60_000,
    );
    expect(second.text).toContain("the second of two");
  });

  it("peer 5: who asked, what, from where, and how it ended is on record", async () => {
    const house = await openHouse({ only: surface });
    await talkOf(house).asks("ana", "portfolio alphapulse");
    const links = await house.bot().store.journal({ limit: 50, reverse: true });
    const entry = links.flatMap((link) => link.entries).find((each) => each.kind === "invocation");
    expect(entry).toMatchObject({
      command: "portfolio",
      arguments: { system: "alphapulse" },
      who: { person: "ana", name: "Ana", account: `${surface}:${house.ids[surface]["ana"]}` },
      place: `${surface}:${house.ids[surface]["ops"]}`,
      outcome: "answered",
    });
  });

  it("peer 10: a hundred and twenty commands that wait for a backend hold up no acknowledgement", async () => {
    const house = await openHouse({ only: surface });
    await house.demo.alphapulse.trading.fail({ kind: "slow", ms: 3_000 });
    // How fast they are taken is for bench/, on a machine that does nothing else.
    house.discord.world.ackWithinMs = 60_000;
    house.slack.retryAfterMs = 60_000;
    const ops = house.ids[surface]["ops"] ?? "";
    const ana = house.ids[surface]["ana"] ?? "";
    for (let index = 0; index < 120; index += 1) {
      if (surface === "slack") house.slack.as(ana).slash("portfolio alphapulse", { channel: ops });
      else house.discord.as(ana).slash("portfolio", { system: "alphapulse" }, { channel: ops });
    }
    // Each is taken with nothing said, and so before there is an answer.
    const taken = async (): Promise<readonly unknown[]> => {
      if (surface === "slack") {
        const asked = house.slack.deliveries.filter(({ type }) => type === "slash_commands");
        return (await Promise.all(asked.map(({ acked }) => acked))).map(({ payload }) => payload ?? {});
      }
      const deferred = 5;
      return vi.waitFor(
        () => {
          const acks = [...house.discord.world.interactions.values()].map(({ ack }) => ack);
          expect(acks).not.toContain(undefined);
          return acks.map((ack) => (ack?.type === deferred ? {} : ack));
        },
        { timeout: 60_000 },
      );
    };
    expect(await taken()).toEqual(Array.from({ length: 120 }, () => ({})));
  });

  it("peer 19: nothing is answered with silence", async () => {
    const house = await openHouse({ only: surface });
    const talk = talkOf(house);
    for (const text of ["nonsense", "", "status nowhere", "portfolio"]) {
      const heard = await talk.mentions("ana", text);
      expect(heard.text.length).toBeGreaterThan(10);
    }
    const elsewhere =
      surface === "slack"
        ? house.slack.world.addChannel({ name: "elsewhere" })
        : house.discord.world.addChannel({ name: "elsewhere" });
    expect((await talk.asks("ana", "status", elsewhere)).text).toContain("does not work in this channel");
  });

  it("says that it works on it when a backend is slow, in the place where the answer then stands", async () => {
    const house = await openHouse({ only: surface });
    await house.demo.alphapulse.trading.fail({ kind: "slow", ms: 1_800, times: 1 });
    const talk = talkOf(house);
    const answer = talk.asks("ana", "portfolio alphapulse");
    if (surface === "slack")
      await vi.waitFor(
        () => expect(house.slack.messages(house.ids.slack["ops"] ?? "").map((each) => each.text)).toEqual(["Working…"]),
        { timeout: 60_000, interval: 10 },
      );
    expect((await answer).text).toContain("AlphaPulse");
    expect(talk.channel()).toHaveLength(1);
  });

  it("a store too slow to accept in time: acknowledged in words, and answered when it is back", async () => {
    let slowMs = 0;
    const slow = (store: Store): Store => ({
      ...boundStore(store),
      commit: async (commit) => {
        if (slowMs > 0 && commit.once?.key.startsWith("in:"))
          await new Promise((resolve) => setTimeout(resolve, slowMs));
        return store.commit(commit);
      },
    });
    const house = await openHouse({ only: surface, store: slow });
    slowMs = 3_500;
    const ops = house.ids[surface]["ops"] ?? "";
    const ana = house.ids[surface]["ana"] ?? "";
    if (surface === "slack") {
      const delivery = house.slack.as(ana).slash("portfolio alphapulse", { channel: ops });
      expect(JSON.stringify((await delivery.acked).payload)).toContain("Not accepted yet");
      expect(delivery.late).toBe(0);
    } else {
      const delivery = house.discord.as(ana).slash("portfolio", { system: "alphapulse" }, { channel: ops });
      await vi.waitFor(() => expect(JSON.stringify(delivery.answers[0]?.embeds)).toContain("Not accepted yet"), 60_000);
      // No acknowledgement is taken later than Discord takes one.
      expect(delivery.interaction.ack).toBeDefined();
    }
    await vi.waitFor(
      () =>
        expect(
          talkOf(house)
            .channel()
            .some((each) => each.text.includes("AlphaPulse")),
        ).toBe(true),
      60_000,
    );
  });
});

describe("in the sources", () => {
  const src = fileURLToPath(new URL("../../src", import.meta.url));
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((name) => /\.[jt]s$/.test(name));
  const found = (pattern: RegExp): string[] =>
    files.filter((name) => pattern.test(readFileSync(join(src, name), "utf8")));

  it("peer 12: no certificate goes unchecked", () => {
    expect(found(/rejectUnauthorized|NODE_TLS_REJECT/)).toEqual([]);
  });

  it("peer 14: nothing uses the upload that Slack has retired", () => {
    expect(found(/files\.upload\b|filesUpload\(/)).toEqual([]);
    expect(found(/getUploadURLExternal/)).toHaveLength(2);
  });

  it("peer 16: the names of variables in the README are those that are read", () => {
    const readme = readFileSync(join(src, "../README.md"), "utf8");
    const example = readFileSync(join(src, "../.env.example"), "utf8");
    const named = [...readme.matchAll(/\b(?:SLACK|DISCORD|WARDROOM|REDIS)_[A-Z_]+\b/g)].map(([name]) => name);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !example.includes(`${name}=`))).toEqual([]);
  });

  it("peer 18: nothing is told to anybody else", () => {
    expect(found(/sentry|segment\.com|posthog|mixpanel|telemetry/i)).toEqual([]);
  });
});
