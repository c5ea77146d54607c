import { describe, expect, it, vi } from "vitest";
import { type House, openHouse } from "./house/house.ts";
import { discordTalk, slackTalk, type Talk } from "./house/talk.ts";

const platforms: readonly (readonly ["slack" | "discord", (house: House) => Talk])[] = [
  ["slack", slackTalk],
  ["discord", discordTalk],
];

const codeIn = (text: string): string => /Request ([0-9A-F]{6})/.exec(text)?.[1] ?? "";
const effects = (house: House): number => house.demo.alphapulse.effects("flatten_positions").length;

describe.each(platforms)("on %s", (surface, talkOf) => {
  it("answers status, a chart and logs where it was asked, and refuses privately (A1, A3, A5)", async () => {
    const house = await openHouse({ only: surface });
    const talk = talkOf(house);
    const status = await talk.asks("ana", "status");
    expect(status).toMatchObject({ private: false });
    expect(status.text).toContain("alphapulse");
    expect((await talk.asks("ana", "logs pulseguard since:1h level:error")).text).toContain("pulseguard");
    // There is a chart once something has been sampled, and it may come to an answer that stands already.
    await vi.waitFor(
      async () => {
        await talk.asks("ana", "metrics alphapulse daily_pnl");
        const files = (): readonly string[] | undefined => talk.channel().at(-1)?.files;
        await vi.waitFor(() => expect(files()).toHaveLength(1), { timeout: 5_000, interval: 50 });
      },
      { timeout: 120_000, interval: 1_000 },
    );
    const refused = await talk.asks("dana", "flatten alphapulse reason:because");
    expect(refused).toMatchObject({ private: true });
    expect(refused.text).toContain("Not allowed");
    expect(talk.channel("quiet")).toEqual([]);
  });

  it("asks for what is missing with a form, and says what is wrong in it", async () => {
    const house = await openHouse({ only: surface });
    const talk = talkOf(house);
    const form = await talk.opens("ana", "flatten alphapulse");
    expect(form.fields).toContain("reason");
    const card = await form.submit({ reason: "the exchange is halting" });
    expect(card.text).toContain("waiting for approval");
    expect(card.buttons).toEqual(expect.arrayContaining(["Approve", "Deny", "Cancel"]));
  });

  it("hears a mention and a direct message", async () => {
    const house = await openHouse({ only: surface });
    const talk = talkOf(house);
    expect((await talk.mentions("ana", "portfolio alphapulse")).text).toContain("AlphaPulse");
    expect((await talk.direct("ana", "status")).text).toContain("alphapulse");
    expect((await talk.direct("ana", "flatten alphapulse reason:because")).text).toContain(
      "Direct messages do not allow",
    );
  });
});

it("a flatten asked on Slack is approved on Discord by somebody else, runs once, and both cards follow", async () => {
  const house = await openHouse();
  const [slack, discord] = [slackTalk(house), discordTalk(house)];
  const asked = await slack.asks("ana", 'flatten alphapulse reason:"the exchange is halting"');
  const code = codeIn(asked.text);
  await vi.waitFor(() => expect(discord.channel().some((each) => each.text.includes(code))).toBe(true), 60_000);

  const own = await discord.presses("ana", "Approve");
  expect(own).toMatchObject({ private: true });
  expect(own.text).toContain("it takes somebody else");
  expect(effects(house)).toBe(0);

  expect((await discord.presses("boris", "Approve")).text).toContain("Boris approved flatten alphapulse");
  const copies = (talk: Talk) =>
    talk
      .channel()
      .filter((each) => each.text.includes(`Request ${code}`) && each.text.includes("flatten AlphaPulse-RL"));
  for (const talk of [slack, discord])
    await vi.waitFor(
      () => expect(copies(talk).map((each) => each.text.includes("flatten AlphaPulse-RL: done"))).toEqual([true]),
      60_000,
    );
  expect(effects(house)).toBe(1);
  expect([...slack.channel(), ...discord.channel()].flatMap((each) => each.parsed)).toEqual([]);
});

it("both cards follow a decision that is taken after a restart, with the buttons of before", async () => {
  const house = await openHouse();
  const asked = await discordTalk(house).asks("ana", 'flatten alphapulse reason:"the exchange is halting"');
  const code = codeIn(asked.text);
  await vi.waitFor(
    () =>
      expect(
        slackTalk(house)
          .channel()
          .some((each) => each.text.includes(code)),
      ).toBe(true),
    60_000,
  );
  await house.restart();
  expect((await slackTalk(house).presses("chen", "Deny")).text).toContain("Chen denied flatten alphapulse");
  for (const talk of [slackTalk(house), discordTalk(house)])
    await vi.waitFor(
      () => {
        const cards = talk.channel().filter((each) => each.text.includes("flatten AlphaPulse-RL"));
        expect(cards.map((each) => each.text.includes("flatten AlphaPulse-RL: denied"))).toEqual([true]);
        expect(cards.flatMap((each) => each.buttons)).toEqual([]);
      },
      { timeout: 60_000 },
    );
});
