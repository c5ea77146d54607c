import { expect, it, vi } from "vitest";
import { openHouse } from "./house/house.ts";
import { discordTalk, slackTalk } from "./house/talk.ts";

const patience = { timeout: 60_000, interval: 50 };

it.each([
  ["slack", slackTalk],
  ["discord", discordTalk],
] as const)(
  "on %s others are told how an incident stands, and whoever owes an update is reminded until it is over",
  async (surface, talkOf) => {
    const house = await openHouse({
      only: surface,
      change: (config) => ({
        ...config,
        incidents: {
          ...config.incidents,
          updates: { channels: [`${surface}-desk`], every: { P1: 600_000 }, systems: {} },
        },
      }),
    });
    const talk = talkOf(house);
    const said = (channel: string): string =>
      talk
        .channel(channel)
        .map(({ text }) => text)
        .join("\n");
    await talk.asks("ana", "incident declare P1 logos orders hang");
    const told = await talk.asks(
      "ana",
      'incident update known:"no orders go out" since:14:05 checking:"the release of noon"',
    );
    expect(told.text).toContain("Update 1 of incident 1");
    await vi.waitFor(() => expect(said("desk")).toContain("Confirmed, since 14:05"), patience);
    expect(said("desk")).toContain("the release of noon");
    // Put off once, it comes later, and the one after that at its usual time.
    expect((await talk.asks("boris", "incident snooze")).text).toContain("may wait until");
    expect((await talk.asks("boris", "incident snooze")).text).toContain("It was put off before.");
    house.clock.aheadMs += 16 * 60_000;
    await vi.waitFor(() => expect(said("ops")).toContain("Incident 1 owes an update"), patience);
    house.clock.aheadMs += 10 * 60_000;
    await vi.waitFor(() => expect(said("ops")).toContain("2 updates were missed. Others are called"), patience);
    await talk.asks("ana", "incident update known:orders go out again");
    await vi.waitFor(() => expect(said("desk")).toContain("Update 2 of incident 1"), patience);
    await talk.asks("ana", 'incident resolve cause:"a release" impact:"no orders"');
    const before = talk.channel("ops").length;
    house.clock.aheadMs += 60 * 60_000;
    // What comes after it shows that a round has passed.
    await talk.asks("ana", "incident declare P1 alphapulse another");
    house.clock.aheadMs += 11 * 60_000;
    await vi.waitFor(() => expect(said("ops")).toContain("Incident 2 owes an update"), patience);
    expect(talk.channel("ops").filter(({ text }) => text.includes("Incident 1 owes"))).toHaveLength(2);
    expect(talk.channel("ops").length).toBeGreaterThan(before);
  },
  300_000,
);
