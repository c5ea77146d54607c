import { describe, expect, it, vi } from "vitest";
import type { Config } from "../../src/config/load-config.ts";
import type { Person } from "../../src/domain/people/person.ts";
import { type House, type HouseOptions, openHouse } from "./house/house.ts";
import { discordTalk, slackTalk, textIn } from "./house/talk.ts";

const patience = { timeout: 75_000, interval: 50 };
const six = ["one", "two", "three", "four", "five", "six"] as const;
type Platform = "slack" | "discord";

/** An account of one of the six, the same on both platforms' fakes. */
const accountOn = (platform: Platform, at: number): string =>
  platform === "slack" ? `U0LEAD${at}` : `77000000000000000${at}`;

/** Six more people, each of whom may approve, on both platforms. */
function withSix(config: Config): Config {
  const lead = config.policy.people.find(({ id }) => id === "chen");
  if (!lead) throw new Error("the demo has no lead");
  const more = six.map(
    (name, at): Person => ({
      ...lead,
      id: name,
      name: `Lead ${name}`,
      accounts: { slack: [accountOn("slack", at)], discord: [accountOn("discord", at)] },
    }),
  );
  return { ...config, policy: { ...config.policy, revision: "six", people: [...config.policy.people, ...more] } };
}

/** The whole bot with a request that Ana asked for on a platform, whose card stands on every platform that runs. */
async function asked(options: HouseOptions = {}, on: Platform = options.only ?? "slack") {
  const house = await openHouse({
    ...options,
    change: withSix,
    before: ({ slack, discord }) => {
      for (const [at, name] of six.entries()) {
        slack.world.addUser({ id: accountOn("slack", at), name });
        discord.world.addUser({ id: accountOn("discord", at), name });
      }
    },
  });
  const talk = on === "slack" ? slackTalk(house) : discordTalk(house);
  await talk.asks("ana", "flatten alphapulse reason:drill");
  return house;
}

/** Presses Approve on the card that stands on a platform, as one of the six; what the person alone is told comes later. */
function approve(house: House, platform: Platform, at: number): void {
  const channel = house.ids[platform]["ops"] ?? "";
  const account = accountOn(platform, at);
  if (platform === "slack") {
    const card = house.slack.messages(channel).find((each) => JSON.stringify(each.blocks).includes('"Approve"'));
    if (!card) throw new Error("no card to approve stands on Slack");
    return void house.slack.as(account).press(card, "Approve");
  }
  const card = house.discord.messages(channel).find((each) => JSON.stringify(each.components).includes('"Approve"'));
  if (!card) throw new Error("no card to approve stands on Discord");
  house.discord.as(account).press(card, "Approve");
}

/** Everything that was said to somebody, in channels or to them alone. */
function said(house: House): readonly string[] {
  const { slack, discord } = house;
  return [
    ...slack.world.messages.filter((each) => !each.deleted).map((each) => textIn([each.text, each.blocks])),
    ...slack.world.ephemerals.map((each) => textIn([each.text, each.blocks])),
    ...discord.world.messages
      .filter((each) => !each.deleted)
      .map((each) => textIn([each.content, each.embeds]).replaceAll("\\", "")),
  ];
}

const once = { effects: 1, nonsense: [] };
/** What somebody reads whose account a platform says nothing of in time: true where it is slow, and nothing was decided. */
const unasked = /could not be asked about the accounts of those who decide, so nothing was decided/;

/**
 * Waits until every press is answered and every copy of the card says how it ended: what it did, and what was said amiss.
 * Where the platform is `slow` about people, a press may be answered that nothing was decided by it.
 */
async function ending(
  house: House,
  { slow = false }: { readonly slow?: boolean } = {},
): Promise<{ readonly effects: number; readonly nonsense: readonly string[] }> {
  const cards = () => said(house).filter((each) => each.includes("The full plan: confirm show"));
  await vi.waitFor(() => {
    for (const card of cards()) expect(card).toContain("flatten AlphaPulse-RL: done");
    expect(cards().length).toBeGreaterThan(0);
  }, patience);
  const answers = () =>
    said(house).filter(
      (each) =>
        (/approved flatten alphapulse|That no longer applies|You have approved this already/i.test(each) &&
          !each.includes("The full plan")) ||
        (slow && unasked.test(each)),
    );
  await vi.waitFor(() => expect(answers(), said(house).join("\n")).toHaveLength(six.length), patience);
  const nonsense = /went wrong|could not be|broke|not accepted|unknown|not known|expired/i;
  return {
    effects: house.demo.alphapulse.effects("flatten_positions").length,
    nonsense: said(house).filter((each) => nonsense.test(slow ? each.replace(unasked, "") : each)),
  };
}

describe.each(["slack", "discord"] as const)("six presses at once on %s", (platform) => {
  it.concurrent("by six people have one effect", async ({ onTestFinished: atEnd }) => {
    const house = await asked({ only: platform, atEnd });
    for (const at of six.keys()) approve(house, platform, at);
    expect(await ending(house)).toEqual(once);
  });

  it.concurrent("by one person have one effect", async ({ onTestFinished: atEnd }) => {
    const house = await asked({ only: platform, atEnd });
    for (const _ of six) approve(house, platform, 0);
    expect(await ending(house)).toEqual(once);
  });

  it.concurrent("have one effect while the platform answers slowly about people, and refuses every third asking", async ({
    onTestFinished: atEnd,
  }) => {
    const house = await asked({ only: platform, atEnd });
    if (platform === "slack") {
      house.slack.limitOneIn("users.info", 3);
      house.slack.fail({ method: "users.info", kind: "slow", ms: 2_500, times: 4 });
    } else {
      const route = /\/members\//;
      house.discord.fail({ route, kind: "rate-limited", retryAfter: 1, times: 2 });
      house.discord.fail({ route, kind: "slow", ms: 2_500, times: 4 });
    }
    for (const at of six.keys()) approve(house, platform, at);
    expect(await ending(house, { slow: true })).toEqual(once);
  });
});

describe("six presses at once on both platforms", () => {
  it.concurrent("by three people on each have one effect", async ({ onTestFinished: atEnd }) => {
    const house = await asked({ atEnd });
    await vi.waitFor(() => expect(house.discord.messages(house.ids.discord["ops"] ?? "")).not.toEqual([]), patience);
    for (const at of six.keys()) approve(house, at % 2 === 0 ? "slack" : "discord", at);
    expect(await ending(house)).toEqual(once);
  });

  it.concurrent("by the same three people on both have one effect", async ({ onTestFinished: atEnd }) => {
    const house = await asked({ atEnd }, "discord");
    await vi.waitFor(() => expect(house.slack.messages(house.ids.slack["ops"] ?? "")).not.toEqual([]), patience);
    for (const at of [0, 1, 2]) for (const platform of ["slack", "discord"] as const) approve(house, platform, at);
    expect(await ending(house)).toEqual(once);
  });
});
