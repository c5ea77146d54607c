import { describe, expect, it, vi } from "vitest";
import type { Config } from "../../src/config/load-config.ts";
import { postedAlert } from "../fakes/posted-alerts.ts";
import { alertmanagerOf, telling } from "./alert-house.ts";
import { type House, hearing, openHouse } from "./house/house.ts";
import { discordTalk, type Heard, slackTalk, type Talk } from "./house/talk.ts";

const patience = { timeout: 60_000, interval: 50 };
const minute = 60_000;
const platforms: readonly (readonly ["slack" | "discord", (house: House) => Talk])[] = [
  ["slack", slackTalk],
  ["discord", discordTalk],
];

/** Alerts of PRSM reach people, and who is called second is written to alone besides. */
function escalating(surface: string): (config: Config) => Config {
  return (config) => {
    const told = telling(config, () => [`${surface}-ops`]);
    const { contacts } = told.oncall;
    const prsm = { ...contacts["prsm"], devops: { people: ["boris"], by: ["direct" as const] } };
    return {
      ...told,
      alerts: { ...told.alerts, onCall: {} },
      oncall: { ...told.oncall, contacts: { ...contacts, prsm } },
      policy: { ...told.policy, direct: { allow: [...told.policy.direct.allow, "respond"] } },
    };
  };
}

describe.each(platforms)("on %s", (surface, talkOf) => {
  it("what nobody acknowledges calls level 2, over a restart once, and who has it ends that (A10, PR15)", async () => {
    const house = await openHouse({ only: surface, escalates: true, change: escalating(surface) });
    const talk = talkOf(house);
    const post = await alertmanagerOf(() => house.bot());
    const labels = { alertname: "ApiDown", system: "prsm", severity: "critical" };
    await post(postedAlert({ labels, annotations: { summary: "The API is down" } }));
    const paged = (level: number): Heard[] =>
      talk.channel().filter(({ text }) => text.includes(`nobody has “The API is down”: level ${level}`));
    await vi.waitFor(() => expect(paged(1)).toHaveLength(1), patience);
    expect(paged(1)[0]?.buttons).toContain("I have it");
    const matrix = (await talk.asks("ana", "escalation prsm")).text;
    for (const words of ["emergency level 2, after 15 min", "DevOps Engineer: Boris", "nobody has 1 alert"])
      expect(matrix).toContain(words);

    // Its time comes while no process runs: the one that starts makes up for it once.
    await house.stop();
    house.clock.aheadMs += 16 * minute;
    await house.restart();
    await hearing(house.surfaces());
    const alone = (): string => {
      const { world, messages } = {
        world: house[surface].world,
        messages: house[surface].messages.bind(house[surface]),
      };
      return JSON.stringify(messages(world.directWith(house.ids[surface]["boris"] ?? "")));
    };
    await vi.waitFor(() => expect(alone()).toContain("level 2"), patience);
    const card = (): Heard | undefined => talk.channel().find(({ text }) => text.includes("1 alert firing since"));
    await vi.waitFor(() => expect(card()?.text).toMatch(/level 1 told .*level 2 told .*level 3 due/), patience);

    expect((await talk.presses("ana", "I have it")).text).toContain("Acknowledged by Ana");
    await vi.waitFor(() => expect(alone()).toContain("Ana has “The API is down”"), patience);
    house.clock.aheadMs += 120 * minute;
    const another = await alertmanagerOf(() => house.bot());
    await another(postedAlert({ labels: { ...labels, instance: "db-2" }, annotations: { summary: "Another" } }));
    await vi.waitFor(
      () => expect(talk.channel().some(({ text }) => text.includes("nobody has “Another”: level 1"))).toBe(true),
      patience,
    );
    expect(paged(3)).toEqual([]);
    expect((await talk.asks("ana", "escalation prsm")).text).toContain("Ana has it");
  }, 240_000);
});
