import { describe, expect, it } from "vitest";
import type { Config } from "../../src/config/load-config.ts";
import type { Card } from "../../src/domain/messages/card.ts";
import { askingKey } from "../../src/records/asking.ts";
import { lockKey } from "../../src/records/lock.ts";
import { openHouse } from "./house/house.ts";
import { slackTalk } from "./house/talk.ts";
import { cardOf, codeOf, openRoom, type Room } from "./room.ts";

const reason = 'reason:"the exchange is halting"';
const dry = "flatten alphapulse --dry-run";

function fieldsOf(card: Card): Readonly<Record<string, string>> {
  const block = card.blocks.find(({ kind }) => kind === "fields");
  const fields = block?.kind === "fields" ? block.fields : [];
  return Object.fromEntries(fields.map(({ name, value }) => [name, value]));
}

function linesOf(card: Card): string[] {
  return card.blocks.flatMap((block) => {
    if (block.kind === "list") return block.items.map(({ text }) => text);
    return block.kind === "text" ? [block.text] : [];
  });
}

/** All that asking for something in earnest leaves in the store, and what was journalled but the questions themselves. */
async function traces(room: Room) {
  const { store } = room.bot();
  const entries = (await store.journal({ limit: 1_000 })).flatMap((link) => link.entries);
  return {
    requests: await store.list("request", "openedAt"),
    lock: await store.read([lockKey("alphapulse"), askingKey("ana")]),
    journal: entries.flatMap(({ kind }) => (kind.startsWith("request") ? [kind] : [])),
    elsewhere: room.chat.messages.filter(({ ref }) => ref.channel !== "ops").length,
    effects: room.demo.alphapulse.effects("flatten_positions").length,
  };
}

const nothing = { requests: [], lock: [undefined, undefined], journal: [], elsewhere: 0, effects: 0 };

describe("a dry run", () => {
  it("shows the plan, what was read for it and who would have to agree, and asks nobody", async () => {
    const room = await openRoom();
    for (const typed of [dry, "run alphapulse flatten dry-run:true", `run alphapulse flatten dry_run:yes ${reason}`]) {
      const given = await room.says("ana", typed);
      const card = cardOf(given);
      expect(given.message?.content.audience).toBeUndefined();
      expect(card).toMatchObject({ tone: "neutral", title: "flatten AlphaPulse-RL: dry run" });
      expect(card.summary).toContain("Nobody was asked and nothing was changed.");
      expect(fieldsOf(card)).toMatchObject({
        Operation: "Cancel open orders and close every position",
        Risk: "destructive; reduces what can be lost",
        Concerns: "all of AlphaPulse-RL",
        Notional: "120,000 USD",
        "Read for it": expect.stringContaining("open positions"),
      });
      expect(card.blocks.find(({ kind }) => kind === "table")).toMatchObject({
        rows: [
          ["BTCUSDT", "long", "90,000 USD", "1.5", "60,000"],
          ["ETHUSDT", "short", "30,000 USD", "10", "3,000"],
        ],
      });
      expect(linesOf(card)).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/^Cancel open orders and close every position \(POST .*\/flatten_positions\)$/),
          expect.stringMatching(/^It would wait for 1 approver or 1 lead \(tier critical\)\. Who could agree: .*Boris/),
        ]),
      );
    }
    expect(await traces(room)).toEqual(nothing);
  });

  it("is on record as the question that it is", async () => {
    const room = await openRoom();
    await room.says("ana", dry);
    const links = await room.bot().store.journal({ limit: 100 });
    expect(links.flatMap(({ entries }) => entries)).toContainEqual(
      expect.objectContaining({
        kind: "invocation",
        command: "flatten",
        arguments: { system: "alphapulse", "dry-run": "true" },
        outcome: "answered",
      }),
    );
  });

  it("tells the same that is open, and what holds the system", async () => {
    const room = await openRoom();
    const code = codeOf(cardOf(await room.says("ana", `flatten alphapulse ${reason}`)));
    const card = cardOf(await room.says("chen", dry));
    expect(card.tone).toBe("warning");
    expect(linesOf(card)).toContain(
      `${code} of Ana is waiting for approval already: the same again would only show that one.`,
    );
    const other = cardOf(await room.says("ana", "run alphapulse restart-service service:redis --dry-run"));
    expect(linesOf(other).join("\n")).not.toContain(code);
    expect(fieldsOf(other)["Read for it"]).toContain("redis in services");
  });

  it("tells when the person may not ask just now, and offers no button then", async () => {
    const room = await openRoom();
    for (let n = 0; n < 3; n += 1) {
      const code = codeOf(cardOf(await room.says("ana", `flatten alphapulse ${reason}`)));
      await room.says("boris", `confirm deny ${code}`);
    }
    const card = cardOf(await room.says("ana", dry));
    expect(card.tone).toBe("bad");
    expect(linesOf(card).join("\n")).toMatch(/It would be refused until .*: it was denied too often\./);
    expect(card.actions).toBeUndefined();
    expect(cardOf(await room.says("chen", dry)).tone).toBe("neutral");
  });

  it("tells when no rule says who must approve", async () => {
    const change = (config: Config): Config => ({
      ...config,
      policy: { ...config.policy, revision: "no rules", rules: [] },
    });
    const room = await openRoom({ change });
    const card = cardOf(await room.says("ana", dry));
    expect(card.tone).toBe("bad");
    expect(linesOf(card).join("\n")).toContain("It would be refused: No rule says who must approve flatten");
  });

  it("refuses who may not ask, and what asking would be refused for before it is planned", async () => {
    const room = await openRoom();
    expect(cardOf(await room.says("dana", dry)).summary).toContain("Dana may not ask on alphapulse");
    expect(cardOf(await room.says("ana", "run alphapulse emergency-stop --dry-run")).summary).toContain("may not stop");
    const unlisted = await room.says("ana", "run alphapulse restart-service service:radis --dry-run");
    expect(cardOf(unlisted).summary).toContain("AlphaPulse-RL has no service radis");
    await room.demo.alphapulse.trading.fail({ kind: "down" });
    const unread = await room.says("ana", dry);
    expect(unread.message?.content.audience?.id).toBe("ana");
    expect(await traces(room)).toEqual(nothing);
  });

  it("of what one person may do at once stops nothing", async () => {
    const room = await openRoom();
    const card = cardOf(await room.says("chen", "emergency-stop alphapulse --dry-run"));
    expect(linesOf(card)).toContain("Nobody else has to agree: it would start at once.");
    expect(linesOf(card).join("\n")).toContain("run alphapulse close-out is asked for by itself");
    expect(room.demo.alphapulse.effects("emergency_stop")).toEqual([]);
    expect(await traces(room)).toEqual(nothing);
  });

  it("is not done in earnest where the flag was lost in the reason or mistyped", async () => {
    const room = await openRoom();
    for (const typed of [
      'flatten alphapulse reason:"halting --dry-run"',
      "flatten alphapulse reason:halting —dryrun",
      "flatten alphapulse reason:halting dry run: true",
    ]) {
      const { form } = await room.says("ana", typed);
      expect(form?.errors).toEqual({ reason: expect.stringContaining("--dry-run before the reason") });
    }
    expect(cardOf(await room.says("ana", `flatten alphapulse --dryrun ${reason}`)).summary).toContain("--dry-run");
    expect((await room.says("ana", `flatten alphapulse dry-run:perhaps ${reason}`)).form?.errors).toMatchObject({
      "dry-run": expect.stringContaining("yes or no"),
    });
    expect(await traces(room)).toEqual(nothing);
  });

  it("is a field of a form only where it was typed, and its form asks for no reason", async () => {
    const room = await openRoom();
    const plain = await room.says("ana", "run alphapulse restart-service");
    expect(plain.form?.fields.map(({ name }) => name)).toEqual(["system", "operation", "service", "reason"]);
    const { form } = await room.says("ana", "run alphapulse restart-service --dry-run");
    expect(form).toMatchObject({ submit: "Show", danger: false, values: { "dry-run": true } });
    expect(form?.fields.map(({ name }) => name)).toEqual(["system", "operation", "service", "dry-run"]);
  });

  it("leads on to asking in earnest, once it is said why", async () => {
    const room = await openRoom();
    const card = cardOf(await room.says("ana", "run alphapulse restart-service service:redis --dry-run"));
    const { form } = await room.press("ana", card, "Ask for it…");
    expect(form).toMatchObject({
      command: "run",
      values: { system: "alphapulse", operation: "restart-service", service: "redis" },
    });
    expect(form?.fields.find(({ name }) => name === "reason")?.required).toBe(true);
  });
});

it("on Slack a dry run is answered in the channel, with no button to approve (flatten)", async () => {
  const house = await openHouse({ only: "slack" });
  const talk = slackTalk(house);
  const card = await talk.asks("ana", dry);
  expect(card.private).toBe(false);
  expect(card.text).toContain("dry run");
  expect(card.text).toContain("Nobody was asked");
  expect(card.buttons.filter((each) => /Approve|Deny/.test(each))).toEqual([]);
  expect(await house.bot().store.list("request", "openedAt")).toEqual([]);
});
