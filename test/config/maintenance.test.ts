import { describe, expect, it } from "vitest";
import { goodConfig, linesOf, system, wardroom } from "./config-folder.ts";

const emergency =
  "maintenance:\n  windows: [{ id: weekly, times: [{ weekdays: [sunday] }] }]\n  emergency: { longest: 4h, ahead: 24h, rollback: true }\n";
const files = (alerts: string, more = emergency) => ({
  "wardroom.yaml": `${wardroom}alerts: ${alerts}\n`,
  "systems/radar.yaml": `${system}${more}`,
});
const once = (more: string) =>
  `{ maintenance: [{ id: move, match: 'system="radar"', from: 2026-12-02T10:00Z, to: 2026-12-02T12:00Z${more} }] }`;

it("windows of a system's file count where they are told", async () => {
  const { alerts, systems } = await goodConfig(files("{ announce: { radar: [ops] } }"));
  expect(alerts.announce).toEqual({ radar: ["ops"] });
  expect(systems[0]?.maintenance?.windows).toMatchObject([
    { id: "weekly", times: [{ from: "00:00", monthly: false }] },
  ]);
});

describe("a window is held to what its system's file says of one that comes once (LG11)", () => {
  it.each([
    ["longer than it may be", once(", announce: [ops], rollback: back").replace("12:00Z", "16:00Z"), "lasts 6 h"],
    ["told too late", once(", announce: [ops], rollback: back, ahead: 1h"), "is told 60 min ahead"],
    ["told nowhere", once(", rollback: back"), "the window is told nowhere"],
    ["without a way back", once(", announce: [ops]"), "does not say how what is done in it is taken back"],
    ["in a channel that is not there", once(", announce: [opps], rollback: back"), "there is no channel called `opps`"],
    ["of a system that is not there", "{ announce: { rader: [ops] } }", "there is no system called `rader`"],
  ])("%s", async (_what, alerts, message) => {
    const [line, ...others] = await linesOf(files(alerts));
    expect(others).toEqual([]);
    expect(line).toMatch(/^wardroom\.yaml:\d+:\d+: /);
    expect(line).toContain(message);
  });

  it("and nothing is said of one that keeps to it, or of a system that says nothing", async () => {
    expect(await linesOf(files(once(", announce: [ops], rollback: back")))).toEqual([]);
    expect(await linesOf(files(once(""), ""))).toEqual([]);
  });
});
