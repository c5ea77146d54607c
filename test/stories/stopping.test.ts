import { expect, it, vi } from "vitest";
import { openHouse } from "./house/house.ts";
import { slackTalk } from "./house/talk.ts";

const patience = { timeout: 15_000, interval: 50 };

it("an emergency stop does not wait for a Slack that does not answer about people; what is not urgent does", async () => {
  const house = await openHouse({ only: "slack" });
  house.slack.fail({ kind: "slow", ms: 30_000, method: "users.info", times: 100 });
  const chen = house.slack.as(house.ids.slack["chen"] ?? "");
  const channel = house.ids.slack["ops"] ?? "";
  chen.slash('restart-service alphapulse service:data-feed reason:"it hangs since noon"', { channel });
  chen.slash('emergency-stop alphapulse reason:"it buys against the limit"', { channel });
  await vi.waitFor(() => expect(house.demo.alphapulse.effects("emergency_stop")).toHaveLength(1), patience);
  expect(house.demo.alphapulse.effects().map(({ operation }) => operation)).toEqual(["emergency_stop"]);
}, 60_000);

it("an emergency stop pressed while a restart hangs is latched at once, and says past what it went", async () => {
  const house = await openHouse({ only: "slack" });
  const talk = slackTalk(house);
  await house.demo.alphapulse.trading.fail({ kind: "hang", only: "changes", times: 1 });
  const restart = await talk.asks("ana", 'run alphapulse restart-service service:data-feed reason:"it hangs"');
  const code = /Request ([0-9A-F]{6})/.exec(restart.text)?.[1];
  await vi.waitFor(() => expect(house.demo.alphapulse.trading.fault).toBeUndefined(), patience);
  const stop = await talk.asks("chen", 'emergency-stop alphapulse reason:"it buys against the limit"');
  const stopCode = /Request ([0-9A-F]{6})/.exec(stop.text)?.[1];
  await vi.waitFor(() => expect(house.demo.alphapulse.effects("emergency_stop")).toHaveLength(1), patience);
  await vi.waitFor(async () => {
    const { text } = await talk.asks("chen", `confirm show ${stopCode}`);
    expect(text).toContain("emergency-stop AlphaPulse-RL: done");
    expect(text).toContain(`past the lock of request ${code} (restart-service, running)`);
  }, patience);
}, 60_000);
