import { expect, it } from "vitest";
import { type House, openHouse } from "./house/house.ts";
import { discordTalk, slackTalk } from "./house/talk.ts";

const patience = { timeout: 60_000, interval: 100 };
const codeIn = (text: string): string => /Request ([0-9A-F]{6})/.exec(text)?.[1] ?? "";

/** What the trader did, once so many requests have ended, and how they ended. */
async function ended(house: House, count: number): Promise<{ states: string[]; effects: string[] }> {
  const states = async (): Promise<string[]> => {
    const requests = await house.bot().store.list("request", "openedAt");
    return requests.map(({ value }) => /"state":"(\w+)"/.exec(JSON.stringify(value))?.[1] ?? "");
  };
  const over = (all: readonly string[]): boolean =>
    all.length === count && all.every((state) => !["PENDING", "APPROVED", "EXECUTING"].includes(state));
  await expect.poll(async () => over(await states()), patience).toBe(true);
  const effects = house.demo.alphapulse.effects().map(({ operation }) => operation);
  return { states: await states(), effects: effects.toSorted() };
}

it.concurrent("what was approved is done, once, although Slack takes longer to say who people are than a claim may be silent", async ({
  onTestFinished: atEnd,
}) => {
  const house = await openHouse({ only: "slack", atEnd });
  const talk = slackTalk(house);
  const { text } = await talk.asks("ana", "flatten alphapulse reason:the exchange is halting");
  house.slack.fail({ kind: "slow", ms: 5_500, method: "users.info", times: 100 });
  house.slack
    .as(house.ids.slack["boris"] ?? "")
    .slash(`confirm approve ${codeIn(text)}`, { channel: house.ids.slack["ops"] ?? "" });
  expect(await ended(house, 1)).toEqual({ states: ["SUCCEEDED"], effects: ["flatten_positions"] });
});

it.concurrent("four presses at once on a Slack that is at its limit: what they approved is done, each once", async ({
  onTestFinished: atEnd,
}) => {
  const house = await openHouse({ only: "slack", atEnd });
  const talk = slackTalk(house);
  const codes: string[] = [];
  for (const operation of ["flatten", "run"]) {
    const typed = operation === "run" ? "run alphapulse maintenance-on" : "flatten alphapulse";
    codes.push(codeIn((await talk.asks("ana", `${typed} reason:the exchange is halting`)).text));
  }
  house.slack.fail({ kind: "rate-limited", retryAfter: 3, method: "users.info", times: 2 });
  const channel = house.ids.slack["ops"] ?? "";
  for (const code of codes)
    for (const who of ["boris", "chen"])
      house.slack.as(house.ids.slack[who] ?? "").slash(`confirm approve ${code}`, { channel });
  expect(await ended(house, 2)).toEqual({
    states: ["SUCCEEDED", "SUCCEEDED"],
    effects: ["flatten_positions", "maintenance_mode"],
  });
});

it.concurrent("asked on Slack and approved on Discord while Slack answers 503: what Slack has just said of who asked still counts", async ({
  onTestFinished: atEnd,
}) => {
  const house = await openHouse({ atEnd });
  const asked = await slackTalk(house).asks("ana", "flatten alphapulse reason:the exchange is halting");
  const code = codeIn(asked.text);
  house.slack.fail({ kind: "status", status: 503, method: "users.info", times: 10_000 });
  await discordTalk(house).asks("boris", `confirm approve ${code}`);
  expect(await ended(house, 1)).toEqual({ states: ["SUCCEEDED"], effects: ["flatten_positions"] });
});
