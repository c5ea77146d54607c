import { describe, expect, it, vi } from "vitest";
import { type House, openHouse } from "./house/house.ts";
import { discordTalk, slackTalk, type Talk } from "./house/talk.ts";

const platforms: readonly (readonly ["slack" | "discord", (house: House) => Talk])[] = [
  ["slack", slackTalk],
  ["discord", discordTalk],
];
const patience = { timeout: 60_000, interval: 500 };

/** Until the answer to `alerts` lists so many; where it stands is on record a moment after it does. */
async function listed(talk: Talk, count: number): Promise<void> {
  await vi.waitFor(async () => expect((await talk.asks("dana", "alerts")).text).toContain(`${count} firing`), patience);
}

describe.each(platforms)("on %s", (surface, talkOf) => {
  it("an alert is acknowledged at the message that shows it, and everybody sees who has it (A6)", async () => {
    const house = await openHouse({ only: surface });
    const talk = talkOf(house);
    // Told by one source alone: the others all watch the daily loss.
    house.demo.alphapulse.pinFigures({ disk_percent: 85 });
    await listed(talk, 1);
    const acked = await vi.waitFor(async () => {
      const answer = await talk.menu("ana", "Acknowledge", "1 firing");
      expect(answer.text).toContain("Acknowledged by Ana");
      return answer;
    }, patience);
    expect(acked.private).toBe(false);
    expect((await talk.asks("boris", "alerts")).text).toContain("Ana has it");
    const refused = await talk.menu("dana", "Acknowledge", "Acknowledged by Ana");
    expect(refused).toMatchObject({ private: true });
    const nothing = await talk.asks("ana", "status");
    expect(nothing.private).toBe(false);
    const none = await talk.menu("ana", "Acknowledge", nothing.text.split("\n")[0] ?? "");
    expect(none).toMatchObject({ private: true });
    expect(none.text).toContain("shows no alert");
  });

  it("of several alerts a form asks which, filled in with all of them", async () => {
    const house = await openHouse({ only: surface });
    const talk = talkOf(house);
    house.demo.alphapulse.setResult({ dailyPnlPercent: -3.5, drawdownPercent: 12.5 });
    await listed(talk, 6);
    const form = await vi.waitFor(() => talk.menuOpens("boris", "Acknowledge", "6 firing"), patience);
    expect(form.fields).toEqual(["alerts"]);
    const answer = await form.submit({});
    expect(answer.text).toContain("Acknowledged by Boris");
    expect((await talk.asks("ana", "alerts")).text.match(/Boris has it/g)).toHaveLength(6);
  });

  it("an incident is opened from what somebody said, noted and closed", async () => {
    const house = await openHouse({ only: surface });
    const talk = talkOf(house);
    talk.says("dana", "orders hang since the deploy");
    const form = await talk.menuOpens("ana", "Declare incident", "orders hang");
    expect(form.fields).toEqual(["severity", "title", "system", "kind", "separate"]);
    expect(form.choices["system"]).toEqual(["alphapulse", "logos", "prsm", "pulseguard"]);
    const opened = await form.submit({ severity: "P1", system: "alphapulse" });
    expect(opened.text).toContain("Incident 1: orders hang since the deploy");
    expect(opened.buttons).toEqual(["Note…", "Update…", "Phase…", "Task…", "Resolve…"]);
    const noted = await talk.asks("boris", "incident note 1 text:rolled back");
    expect(noted.text).toContain("Boris: rolled back");
    expect((await talk.asks("dana", "home")).text).toContain("orders hang since the deploy");
    const closed = await talk.asks("ana", "incident resolve 1 cause:a bad release impact:orders hung for 4 min");
    expect(closed.buttons).toEqual(["Post-mortem", "Learned…", "Reopen…"]);
    expect((await talk.asks("dana", "incident list")).text).toContain("No incident is open");
  });
});

it("open incidents are offered while their number is typed", async () => {
  const house = await openHouse({ only: "discord" });
  await discordTalk(house).asks("ana", "incident declare P2 orders hang");
  const ana = house.discord.as(house.ids.discord["ana"] ?? "");
  const at = { channel: house.ids.discord["ops"] ?? "" };
  await expect(ana.autocomplete("incident show", { option: "incident", typed: "1" }, at)).resolves.toHaveLength(1);
});
