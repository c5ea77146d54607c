import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Config } from "../../src/config/load-config.ts";
import { AlertsInFile } from "../../src/domain/alerts/routing.ts";
import { type House, openHouse } from "./house/house.ts";
import { discordTalk, slackTalk, type Talk } from "./house/talk.ts";

const platforms: readonly (readonly ["slack" | "discord", (house: House) => Talk])[] = [
  ["slack", slackTalk],
  ["discord", discordTalk],
];

const bin = fileURLToPath(new URL("../../bin/wardroom.js", import.meta.url));

/** To the channels of one platform, by the ids that they have in the house. */
function routed(surface: string): (config: Config) => Config {
  const alerts = AlertsInFile.parse({
    routes: [
      {
        id: "money",
        match: 'system="alphapulse"',
        channels: [`${surface}-ops`],
        severities: { critical: { mention: ["chen"] } },
        mute: [{ from: "22:00", to: "06:00" }],
      },
    ],
    inhibit: [{ id: "trading", source: 'alertname="trading-down"', target: 'alertname="cpu-high"', equal: ["system"] }],
  });
  return (config) => ({ ...config, alerts });
}

describe.each(platforms)("on %s", (surface, talkOf) => {
  it("alerts route tells where an alert would be told, now and at night, and why", async () => {
    const house = await openHouse({ only: surface, change: routed(surface) });
    const talk = talkOf(house);
    const severe = await talk.asks("ana", 'alerts route {system="alphapulse", severity="critical"} at:03:00');
    expect(severe.text).toContain('It would be told in "Everything that runs"');
    expect(severe.text).toContain("because its severity is critical");
    expect(severe.text).toContain("Chen");

    const night = "at:2026-11-28T03:00Z system=alphapulse severity=warning alertname=cpu-high";
    const muted = await talk.asks("ana", `alerts route ${night}`);
    expect(muted.text).toContain("It would be muted: nothing would be posted");
    expect(muted.text).toContain("it is quiet every day from 22:00 to 06:00 in UTC");
    expect(muted.text).toContain("The rule trading would hide it while");

    const other = await talk.asks("dana", "alerts route system=weather");
    expect(other.text).toContain(`No route takes it: it would be told to the operators, in "The operators' desk"`);
    expect(other.text).toContain('money passes it by: system="alphapulse" does not hold');
    const hostile = await talk.asks("ana", 'alerts route team="<!channel>@everyone"');
    expect(hostile.text).toContain("everyone");
    expect(hostile.parsed).toEqual([]);

    const wrong = await talk.asks("ana", 'alerts route severity=~"crit.*"');
    expect(wrong.text).toContain("is a condition, and an alert has labels");
    expect((await talk.asks("ana", "alerts alphapulse")).text).toContain("firing");
    expect((await talk.asks("ana", "help alerts route")).text).toContain("alerts route");
  });
});

it.each<[string[], number, string]>([
  [['{system="logos", severity="warning"}', "--at", "2026-11-28T23:00Z"], 3, "muted: nothing would be posted"],
  [["system=logos severity=warning", "--at", "2026-11-28T12:00Z"], 0, 'told in "Everything that runs"'],
  [["system=weather"], 0, "No route takes it: it would be told to the operators"],
  [["system=~logos"], 1, "is a condition, and an alert has labels"],
  [["system=logos", "--at", "soon"], 1, "--at: does not understand soon."],
  [["system=logos", "severity=critical"], 1, "route takes the word test and the labels of an alert, in quotes"],
])("route test %j in the terminal ends with %i and says why", (words, code, told) => {
  const env = { PATH: process.env["PATH"], LOG_LEVEL: "error" };
  const ended = spawnSync(process.execPath, [bin, "route", "test", ...words], { env, encoding: "utf8" });
  expect(ended.status).toBe(code);
  expect(ended.stdout + ended.stderr).toContain(told);
});

it("route replay shows every route of the files on what came in, which is nothing where no bot ran", () => {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-replay-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const env = { PATH: process.env["PATH"], LOG_LEVEL: "error", WARDROOM_STATE: folder };
  const replay = (...words: string[]) =>
    spawnSync(process.execPath, [bin, "route", "replay", ...words], { env, encoding: "utf8" });
  const ended = replay("--since", "36h");
  expect(ended.stdout).toContain("0 alerts of the last 36 h");
  expect(ended.stdout).toContain("clusters");
  expect(ended.status).toBe(0);
  expect(replay("--since", "soon").stderr).toContain("--since: does not understand soon.");
});
