import { describe, expect, it, vi } from "vitest";
import { postedAlert } from "../fakes/posted-alerts.ts";
import { alertmanagerOf, telling } from "./alert-house.ts";
import { openHouse } from "./house/house.ts";
import { discordTalk, slackTalk } from "./house/talk.ts";

const patience = { timeout: 150_000, interval: 200 };
const began = Date.UTC(2026, 0, 1);
const over = { status: "resolved", endsAt: new Date(began + 720_000).toISOString() };
const platforms = [
  ["slack", slackTalk],
  ["discord", discordTalk],
] as const;

/** So many alerts of one severity, each of a kind of its own. */
function alerts(count: number, severity: string, more: object = {}): object[] {
  return [...Array(count).keys()].map((at) =>
    postedAlert({
      labels: { alertname: `${severity}-${at}`, severity },
      annotations: { summary: `The ${severity} trouble number ${at}` },
      ...more,
    }),
  );
}

describe.each(platforms)("on %s", (surface, talkOf) => {
  it("a storm is one summary that tells the truth, what is critical comes through up to its cap, people take and snooze what they see, and each alert is accounted for", async () => {
    const house = await openHouse({ only: surface, change: (config) => telling(config, () => [`${surface}-ops`]) });
    const talk = talkOf(house);
    const post = await alertmanagerOf(() => house.bot());
    const texts = (): readonly string[] => talk.channel().map(({ text }) => text);
    const saying = (words: string | RegExp): number => texts().filter((text) => text.search(words) >= 0).length;

    // Of sixty that warn fifteen have messages of their own, of thirteen that are critical ten: the rest is folded.
    const trace = await post(...alerts(60, "warning"), ...alerts(13, "critical"));
    await vi.waitFor(() => expect(saying("Storm: 48 alerts folded, 48 of them firing")).toBe(1), patience);
    await vi.waitFor(() => expect(saying("1 alert firing since")).toBe(25), patience);
    expect(saying(/The critical trouble number \d+ \(critical/)).toBe(10);
    expect(texts().find((text) => text.includes("Storm:"))).toContain("3 that fire are critical");
    // The people on call are roused by the messages of their own, and not by each of those that are folded.
    await vi.waitFor(async () => {
      expect((await talk.asks("ana", `alerts why ${trace}`)).text).toContain("25 shown, 48 folded into the summary");
    }, patience);

    // What they are answered with may stand between other messages: what becomes of the alert's own message counts.
    await talk.presses("boris", "Snooze for 1 h");
    await vi.waitFor(() => expect(saying("for Boris alone")).toBeGreaterThan(0), patience);
    await talk.presses("ana", "Acknowledge");
    await vi.waitFor(() => expect(saying("Ana has it")).toBeGreaterThan(0), patience);

    await post(...alerts(60, "warning", over), ...alerts(13, "critical", over));
    await vi.waitFor(() => expect(saying(/trouble number \d+: resolved/)).toBe(25), patience);
    house.clock.aheadMs += 130_000;
    await vi.waitFor(() => expect(saying("Storm over: 48 alerts folded")).toBe(1), patience);
    await vi.waitFor(async () => {
      const account = (await talk.asks("ana", `alerts why ${trace}`)).text;
      expect(account).toContain("73 alerts in the batch");
      expect(account).not.toContain("yet to be shown");
    }, patience);
  }, 400_000);
});
