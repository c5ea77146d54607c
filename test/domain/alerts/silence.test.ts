import { expect, it } from "vitest";
import { readMatchers } from "../../../src/domain/alerts/read-matchers.ts";
import {
  type Silence,
  SilencesInFile,
  silenceFor,
  systemsNamed,
  whyTwoSilence,
} from "../../../src/domain/alerts/silence.ts";

const hour = 3_600_000;
const rules = SilencesInFile.parse({ mostAlone: 10, longestAlone: "8h" });

it.each<[string, string, { ms?: number; count?: number; untouchable?: string }, string | undefined]>([
  ["one alert by its name", '{alertname="CpuHigh"}', {}, undefined],
  ["a whole system", '{system="logos"}', {}, undefined],
  ["as many and as long as one may", '{system="logos"}', { ms: 8 * hour, count: 10 }, undefined],
  ["one more", '{system="logos"}', { count: 11 }, "it would silence 11 alerts at once"],
  ["longer", '{alertname="CpuHigh"}', { ms: 9 * hour }, "it would last longer than 8 h"],
  ["a pattern alone", '{alertname=~".+"}', {}, "it names neither an alertname nor a system by its value"],
  ["another label", '{team="db"}', {}, "it names neither an alertname nor a system by its value"],
  ["no value", '{system=""}', {}, "it names neither an alertname nor a system by its value"],
  ["a P0", '{alertname="Drawdown"}', { untouchable: "Drawdown of 12 %" }, "Drawdown of 12 % is never muted"],
])("whether a silence takes two people: %s", (_what, match, more, why) => {
  const asked = { matchers: readMatchers(match).matchers, ms: hour, count: 1, untouchable: undefined, ...more };
  expect(whyTwoSilence(asked, rules)).toBe(why);
});

it("what is never muted is held back by nothing but what two people agreed on", () => {
  const match = '{system="logos"}';
  const by = { person: "ana", name: "Ana" };
  const of = { match, matchers: readMatchers(match).matchers, by, comment: "known", codes: [] };
  const alone: Silence = { id: "a", ...of, from: 0, until: 3 * hour };
  const agreed: Silence = { id: "b", ...of, from: 0, until: 2 * hour, worst: true };
  const labels = { system: "logos" };
  expect(silenceFor([alone, agreed], { labels, isNeverMuted: false }, hour)?.id).toBe("a");
  expect(silenceFor([alone, agreed], { labels, isNeverMuted: true }, hour)?.id).toBe("b");
  expect(silenceFor([alone], { labels, isNeverMuted: true }, hour)).toBeUndefined();
});

it.each([
  ["alertname=cpu-high", ["*"]],
  ["system=logos", ["logos"]],
  ['{system=~"logos|prsm"}', ["logos", "prsm"]],
  ['{system=~"logos|prsm|logos"}', ["logos", "prsm"]],
  ['{system=~"logos|prsm", system="prsm"}', ["prsm"]],
  ['{system=~"logos|prsm", alertname="cpu-high"}', ["logos", "prsm"]],
  ['{system=~"logos|.+"}', ["*"]],
  ['{system=~"logos|"}', ["*"]],
  ['{system=~"log.s"}', ["*"]],
  ['{system!="logos"}', ["*"]],
  ['{system!~"logos|prsm"}', ["*"]],
])("%s is about these systems: %j", (match, systems) => {
  expect(systemsNamed(readMatchers(match).matchers)).toEqual(systems);
});
