import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { type House, openHouse } from "./house/house.ts";
import { discordTalk, slackTalk, type Talk } from "./house/talk.ts";

const platforms: readonly (readonly ["slack" | "discord", (house: House) => Talk])[] = [
  ["slack", slackTalk],
  ["discord", discordTalk],
];
const patience = { timeout: 60_000, interval: 50 };

/** The newest weekly backup that the system tells of. */
async function newestWeekly(talk: Talk): Promise<string> {
  return /weekly-[\d-]+/.exec((await talk.asks("ana", "backups alphapulse")).text)?.[0] ?? "none";
}

describe.each(platforms)("on %s", (surface, talkOf) => {
  it("a restore names a backup that there is, is approved for exactly that one, and is done with it (AP13)", async () => {
    const house = await openHouse({ only: surface });
    const talk = talkOf(house);
    const backup = await newestWeekly(talk);
    const trading = await talk.asks("ana", `restore alphapulse backup:${backup} reason:data is broken`);
    expect(trading.text).toContain("it trades, and would go on with what is restored");
    house.demo.alphapulse.setPositions([]);
    await talk.asks("ana", "run alphapulse maintenance-on reason:the data is broken");
    const isPaused = async (): Promise<string> => (await talk.asks("ana", "why restore alphapulse")).text;
    await vi.waitFor(async () => expect(await isPaused()).not.toContain("it trades"), patience);
    const wrong = await talk.asks("ana", `restore alphapulse backup:${backup.slice(0, -1)} reason:data is broken`);
    expect(wrong.private).toBe(true);
    expect(wrong.text).toContain("AlphaPulse-RL has no backup");
    expect(wrong.text).toContain("Did you mean");
    const card = await talk.asks("ana", `restore alphapulse backup:${backup} reason:data is broken`);
    expect(card.text).toContain(backup);
    const form = await talk.pressOpens("boris", "Approve");
    expect(form.fields).toEqual(["name"]);
    const slip = await form.submit({ name: "prsm" });
    expect(slip.text).toContain('"prsm" is not what it is done to. Nothing was decided.');
    expect(slip.text).toMatch(/confirm approve [0-9A-F]{6} name:alphapulse/);
    expect(
      talk
        .channel()
        .map((each) => each.text)
        .join(),
    ).not.toContain("Approved by Boris");
    await (await talk.pressOpens("boris", "Approve")).submit({ name: "AlphaPulse" });
    await vi.waitFor(
      () =>
        expect(
          talk
            .channel()
            .map((each) => each.text)
            .join(),
        ).toContain("restore AlphaPulse-RL: done"),
      patience,
    );
    const kept = readFileSync(join(house.demo.alphapulse.home, "state", "backups.json"), "utf8");
    expect(JSON.parse(kept)).toMatchObject({ restored: backup });
    // What is restored may say live: it is made anew on paper, and whoever agreed was told.
    const metrics = await fetch(`${house.demo.alphapulse.trading.url}/metrics`);
    expect(await metrics.json()).toMatchObject({ mode: "paper", trading: { active: false } });
  });

  it("a list that cannot be read lets nothing be asked for", async () => {
    const house = await openHouse({ only: surface });
    await house.demo.alphapulse.trading.fail({ kind: "down" });
    const answer = await talkOf(house).asks("ana", "run alphapulse restart-service service:redis reason:it is stuck");
    expect(answer.private).toBe(true);
    expect(await house.bot().store.list("request", "openedAt")).toEqual([]);
  });
});

it("what an operation takes is offered from the system's own lists while typing", async () => {
  const house = await openHouse({ only: "discord" });
  const ana = house.discord.as(house.ids.discord["ana"] ?? "");
  const at = { channel: house.ids.discord["ops"] ?? "", others: { system: "alphapulse" } };
  const backup = await newestWeekly(discordTalk(house));
  expect(await ana.autocomplete("restore", { option: "backup", typed: "weekly" }, at)).toContain(backup);
  const run = { ...at, others: { system: "alphapulse", operation: "restart-service" } };
  expect(await ana.autocomplete("run", { option: "service", typed: "re" }, run)).toEqual(["redis"]);
  const stranger = house.discord.as(house.discord.world.addUser({ name: "stranger" }));
  expect(await stranger.autocomplete("restore", { option: "backup", typed: "" }, at)).toEqual([]);
});
