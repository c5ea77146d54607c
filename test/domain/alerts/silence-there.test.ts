import { expect, it } from "vitest";
import type { FiringAlert } from "../../../src/domain/alerts/firing.ts";
import { matcherOf } from "../../../src/domain/alerts/matcher.ts";
import { neverMutedBy } from "../../../src/domain/alerts/never-muted.ts";
import { readMatchers } from "../../../src/domain/alerts/read-matchers.ts";
import { silenceThere } from "../../../src/domain/alerts/silence-there.ts";

const routing = {
  alertmanagers: [
    { id: "am", system: "logos" },
    { id: "other", system: "radar" },
  ],
  neverMuted: [neverMutedBy([matcherOf("alertname", "=", "Siren")])],
};
const there = (text: string, met: readonly FiringAlert[] = []) =>
  silenceThere(readMatchers(text).matchers, met, routing).map(({ sender, match }) => `${sender} ${match}`);

it("a silence of one alert by its name goes to whoever sends such alerts, without what is never muted", () => {
  expect(there('{system="logos", alertname="CpuHigh"}')).toEqual([
    'am {system=~"(?:logos)?", alertname="CpuHigh", severity!~"(?i:p0|p1|critical)"}',
  ]);
  expect(there('{alertname="CpuHigh", severity="warning"}')).toEqual([
    'am {alertname="CpuHigh", severity="warning"}',
    'other {alertname="CpuHigh", severity="warning"}',
  ]);
  const met: FiringAlert = {
    system: "logos",
    source: "posted by other",
    id: "f",
    code: "c",
    severity: "warning",
    ownSeverity: "warning",
    summary: "CPU",
  };
  expect(there('{system="logos", alertname="a.b", severity="P2"}', [met])).toEqual([
    'other {system="logos", alertname="a.b", severity="P2"}',
  ]);
});

it("what is never muted by one more label is left out of it", () => {
  const neverMuted = [neverMutedBy([matcherOf("team", "=~", "trading|risk"), matcherOf("alertname", "=", "Lag")])];
  const { matchers } = readMatchers('{system="logos", alertname="Lag", severity="P2"}');
  expect(silenceThere(matchers, [], { ...routing, neverMuted })).toEqual([
    { sender: "am", match: '{system=~"(?:logos)?", alertname="Lag", severity="P2", team!~"trading|risk"}' },
  ]);
  const bySystem = [neverMutedBy([matcherOf("system", "=", "logos")])];
  expect(silenceThere(readMatchers('{alertname="Lag"}').matchers, [], { ...routing, neverMuted: bySystem })).toEqual(
    [],
  );
});

it.each([
  ["no name", '{system="logos", severity="warning"}'],
  ["a pattern for a name", '{system="logos", alertname=~"Cpu.*"}'],
  ["the worst severity", '{alertname="CpuHigh", severity="P1"}'],
  ["a name that nobody may sleep through", '{alertname="BackupMissed"}'],
  ["a name that is never muted here", '{alertname="Siren"}'],
])("one with %s stays the bot's own", (_what, text) => {
  expect(there(text)).toEqual([]);
});
