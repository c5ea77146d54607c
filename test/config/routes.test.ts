import { describe, expect, it } from "vitest";
import { formatProblem } from "../../src/config/problem.ts";
import { edited, goodConfig, linesOf, problemsOf, wardroom } from "./config-folder.ts";

const channels = `    allow: [read, ask, approve, stop]
    operator: true
  - { id: desk, surface: console, channel: desk, systems: [radar], allow: [read] }
  - { id: terminal, surface: terminal, channel: terminal, systems: "*", allow: [read] }
`;
const based = edited(wardroom, "    allow: [read, ask, approve, stop]\n", channels);

function routed(alerts: string): { readonly "wardroom.yaml": string } {
  return { "wardroom.yaml": `${based}alerts:\n${alerts}` };
}

/** What is said of the file, from the place on. */
async function said(alerts: string): Promise<string[]> {
  const lines = await linesOf(routed(alerts));
  return lines.map((line) => line.replace("wardroom.yaml:", ""));
}

const whole = `  routes:
    - id: severe
      match: 'severity=~"critical|P0|P1"'
      channels: [ops, desk]
      severities: { critical: { mention: [boris], tone: bad } }
      continue: true
    - id: radar
      match: ['system="radar"', 'team!="web"']
      channels: [desk]
      owners: [ana]
      groupBy: [system]
      mute: [{ zone: Europe/Berlin, weekdays: [saturday, sunday], from: "20:00", to: "08:00" }]
      verbosity: { resolved: quiet }
    - { id: next, channels: [desk], shadow: true }
  inhibit:
    - { id: down, source: 'alertname="down"', target: 'alertname!="down"', equal: [system] }
  maintenance:
    - { id: move, match: 'system="radar"', from: 2026-12-01T22:00Z, to: 2026-12-02T02:00+01:00 }
    - { id: nightly, match: 'system="radar"', times: [{ from: "03:00", to: "04:00" }] }
  neverMuted: ['alertname="fuse"']
  tests:
    - { labels: { system: radar, severity: warning }, channels: [desk] }
    - { labels: { system: radar, severity: warning }, at: 2026-11-28T23:00+01:00, channels: [] }
    - { labels: { system: radar, severity: critical }, at: 2026-11-28T23:00+01:00, channels: [ops, desk] }
    - { labels: { system: radar, alertname: fuse }, at: 2026-12-01T23:00Z, channels: [desk] }
    - { labels: { system: radar, alertname: hot }, firing: [{ system: radar, alertname: down }], channels: [] }
    - { labels: { system: other }, channels: [ops] }
`;

it("routes that fit are taken, and their own tests hold", async () => {
  const { alerts } = await goodConfig(routed(whole));
  expect(alerts.routes.map(({ id }) => id)).toEqual(["severe", "radar", "next"]);
  expect(await linesOf(routed(whole))).toEqual([]);
});

it("a config says nothing of alerts and works as before", async () => {
  expect((await goodConfig()).alerts).toEqual({
    senders: [],
    silences: { mostAlone: 50, longestAlone: 86_400_000 },
    heartbeats: [],
    expected: [],
    watch: 15_000,
    reconcile: 60_000,
    onCall: {},
    routes: [],
    inhibit: [],
    maintenance: [],
    announce: {},
    neverMuted: [],
    tests: [],
  });
});

describe("what cannot work is told where it stands", () => {
  it.each<[string, string, string]>([
    [
      "a channel that is not there",
      "  routes: [{ id: a, channels: [dest] }]\n",
      "24:32: alerts.routes[0].channels[0]: there is no channel called `dest`. Did you mean `desk`?",
    ],
    [
      "another for a severity",
      "  routes: [{ id: a, channels: [desk], severities: { critical: { channels: [opps] } } }]\n",
      "24:76: alerts.routes[0].severities.critical.channels[0]: there is no channel called `opps`. Did you mean `ops`?",
    ],
    [
      "a channel where nothing stays",
      "  routes: [{ id: a, channels: [terminal] }]\n",
      "24:32: alerts.routes[0].channels[0]: `terminal` is on the surface `terminal`, where nothing that is posted stays. Name a channel of another surface.",
    ],
    [
      "an owner who is not there",
      "  routes: [{ id: a, channels: [desk], owners: [anna] }]\n",
      "24:48: alerts.routes[0].owners[0]: there is no person called `anna`. Did you mean `ana`?",
    ],
    [
      "somebody to call who is not there",
      "  routes: [{ id: a, channels: [desk], severities: { info: { mention: [bors] } } }]\n",
      "24:71: alerts.routes[0].severities.info.mention[0]: there is no person or rotation called `bors`. Did you mean `boris`?",
    ],
    [
      "no channel",
      "  routes: [{ id: a, channels: [] }]\n",
      "24:31: alerts.routes[0].channels: the list is empty. Empty means nobody and nothing: name at least one.",
    ],
    [
      "a condition that is none",
      "  routes: [{ id: a, channels: [desk], match: 'severity critical' }]\n",
      "24:46: alerts.routes[0].match: at character 10: =, !=, =~ or !~ is expected, not critical.",
    ],
    [
      "a pattern that is none, in a list",
      `  routes:\n    - id: a\n      channels: [desk]\n      match: ['a="b"', 'c=~"("']\n`,
      "27:24: alerts.routes[0].match[1]: the pattern is wrong",
    ],
    [
      "a condition that YAML takes for a map",
      `  routes: [{ id: a, channels: [desk], match: {severity="critical"} }]\n`,
      "24:46: alerts.routes[0].match: a text or a list is expected, not a map.",
    ],
    [
      "a severity that is not known",
      "  routes: [{ id: a, channels: [desk], severities: { P0: {} } }]\n",
      "24:53: alerts.routes[0].severities.P0: `P0` is not a key that is known here.",
    ],
    [
      "a verbosity that is not known",
      "  routes: [{ id: a, channels: [desk], verbosity: { firing: loud } }]\n",
      "24:60: alerts.routes[0].verbosity.firing: one of `post`, `quiet`, `off` is expected, not the text `loud`.",
    ],
    [
      "a misspelt key",
      "  routes: [{ id: a, channels: [desk], group_by: [a] }]\n",
      "24:39: alerts.routes[0].group_by: `group_by` is not a key that is known here. Did you mean `groupBy`?",
    ],
    [
      "a zone that is not there",
      "  routes: [{ id: a, channels: [desk], mute: [{ zone: Europe/Berln }] }]\n",
      "24:54: alerts.routes[0].mute[0].zone: a zone has a name as in Europe/Berlin or UTC. Did you mean `Europe/Berlin`?",
    ],
    [
      "a label that is almost the system's",
      "  routes: [{ id: a, channels: [desk], match: 'systm=~\"shop|jobs\"' }]\n",
      "24:46: warning: alerts.routes[0].match: `systm` is no label that the bot gives. Did you mean `system`?",
    ],
    [
      "a zone that is like none",
      "  routes: [{ id: a, channels: [desk], mute: [{ zone: Downtown }] }]\n",
      "24:54: alerts.routes[0].mute[0].zone: a zone has a name as in Europe/Berlin or UTC. Correct `Downtown`.",
    ],
    [
      "hours that are none",
      '  routes: [{ id: a, channels: [desk], mute: [{ from: "10:00", to: "10:00" }] }]\n',
      "24:46: alerts.routes[0].mute[0]: from and to are the same, which is no time at all.",
    ],
    [
      "a window without an end",
      "  maintenance: [{ id: w, match: 'a=\"b\"', from: 2026-12-01T22:00Z }]\n",
      "24:17: alerts.maintenance[0]: a window has from and to, or times that come back.",
    ],
    [
      "a window that ends before it begins",
      "  maintenance: [{ id: w, match: 'a=\"b\"', from: 2026-12-01T22:00Z, to: 2026-12-01T22:30+01:00 }]\n",
      "24:17: alerts.maintenance[0]: a window ends after it began.",
    ],
    [
      "a time that is none",
      "  maintenance: [{ id: w, match: 'a=\"b\"', from: 90m, to: 2026-12-01 }]\n",
      "24:48: alerts.maintenance[0].from: a point in time is written 2026-11-21T22:00Z",
    ],
    [
      "a window over everything",
      "  maintenance: [{ id: w, match: '{}', times: [{}] }]\n",
      '24:33: alerts.maintenance[0].match: this would be every alert. Say which alerts, for example system="…".',
    ],
    [
      "what would hide everything",
      "  inhibit: [{ id: i, source: 'a=\"b\"', target: '{}' }]\n",
      "24:47: alerts.inhibit[0].target: this would be every alert.",
    ],
    [
      "two routes of one name",
      "  routes: [{ id: a, match: 'a=\"b\"', channels: [desk] }, { id: a, channels: [ops] }]\n",
      "24:63: alerts.routes[1].id: a route called `a` already stands at wardroom.yaml:24.",
    ],
    [
      "a route that nothing gets to",
      "  routes: [{ id: a, channels: [desk] }, { id: b, match: 'a=\"b\"', channels: [ops] }]\n",
      "24:41: warning: alerts.routes[1]: no alert gets to `b`, because `a` takes every one.",
    ],
    [
      "a system that is meant",
      "  routes: [{ id: a, match: 'system=\"rader\"', channels: [desk] }]\n",
      "24:28: warning: alerts.routes[0].match: no system is called `rader`. Did you mean `radar`?",
    ],
    [
      "what the old syntax alone reads",
      "  routes: [{ id: a, match: 'a=b c=d', channels: [desk] }]\n",
      '24:28: warning: alerts.routes[0].match: only Alertmanager\'s old syntax reads this. Write what it means there: a="b c=d".',
    ],
    [
      "a test that fails",
      "  routes: [{ id: a, match: 'system=\"radar\"', channels: [desk] }]\n  tests: [{ labels: { system: radar }, channels: [ops] }]\n",
      "25:50: alerts.tests[0].channels: this alert goes to desk, not to ops: a takes it for desk. Correct the routes",
    ],
    [
      "a test of what no route takes",
      "  routes: [{ id: a, match: 'system=\"radar\"', channels: [desk] }]\n  tests: [{ labels: { system: tv }, channels: [] }]\n",
      "25:47: alerts.tests[0].channels: this alert goes to ops, not to no channel: no route takes it.",
    ],
    [
      "a test that names a channel that is not there",
      "  tests: [{ labels: { system: tv }, channels: [ups] }]\n",
      "24:48: alerts.tests[0].channels[0]: there is no channel called `ups`. Did you mean `ops`?",
    ],
    [
      "a test whose label is a number",
      "  tests: [{ labels: { code: 500 }, channels: [ops] }]\n",
      '24:29: alerts.tests[0].labels.code: a text is expected, not the number `500`. Put it in quotes: "500".',
    ],
  ])("%s", async (_what, alerts, wanted) => {
    const lines = await said(alerts);
    expect(lines[0]).toContain(wanted);
    expect(lines).toHaveLength(1);
  });

  it("an alert that no route takes, where no channel is the operators'", async () => {
    const text = `${wardroom}alerts: { routes: [{ id: a, match: 'a="b"', channels: [ops] }] }\n`;
    expect(await linesOf({ "wardroom.yaml": text })).toEqual([
      "wardroom.yaml:20:11: alerts.routes: an alert that no route takes would be told nowhere. Mark a channel `operator: true`, or end with a route without `match`.",
    ]);
  });

  it("one mistake shows as one: tests are not run on routes that are wrong", async () => {
    const problems = await problemsOf(
      routed("  routes: [{ id: a, channels: [dest] }]\n  tests: [{ labels: {}, channels: [ops] }]\n"),
    );
    expect(problems.map(formatProblem)).toHaveLength(1);
  });
});
