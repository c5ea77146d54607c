import { describe, expect, it } from "vitest";
import { edited, linesOf, people, system, wardroom } from "./config-folder.ts";

/** One edit of a good file and everything that must then be said, whole. */
interface Case {
  readonly part: string;
  readonly by: string;
  readonly says: readonly string[];
}

const inWardroom: Case[] = [
  {
    part: "surface: console",
    by: "surface: consol",
    says: [
      "wardroom.yaml:9:14: channels[0].surface: one of `console`, `terminal`, `slack`, `discord` is expected, not the text `consol`. Did you mean `console`?",
    ],
  },
  {
    part: "    channel: ops\n",
    by: "    chanel: ops\n",
    says: ["wardroom.yaml:10:5: channels[0].chanel: `chanel` is not a key that is known here. Did you mean `channel`?"],
  },
  {
    part: "    channel: ops\n",
    by: "",
    says: ["wardroom.yaml:8:5: channels[0].channel: this key is missing. Add `channel:` with a text."],
  },
  {
    part: "    channel: ops\n",
    by: "    channel: 1093012345678901234567\n",
    says: [
      'wardroom.yaml:10:14: channels[0].channel: a text is expected, not the number `1093012345678901234567`. Put it in quotes: "1093012345678901234567".',
    ],
  },
  {
    part: 'systems: "*"',
    by: "systems: radar",
    says: [
      'wardroom.yaml:11:14: channels[0].systems: "*" or a list is expected, not the text `radar`. Write a list, even of one: [ … ].',
    ],
  },
  {
    part: "version: 1",
    by: "version: 2",
    says: ["wardroom.yaml:1:10: version: 1 is expected, not the number `2`. Did you mean `1`?"],
  },
  {
    part: "- { id: notice, alternatives: [] }",
    by: "- { id: notice, alternatives: [], decideBy: 15 }",
    says: [
      "wardroom.yaml:15:49: policy.tiers[0].decideBy: a text is expected, not the number `15`. A duration is a whole number with ms, s, m, h or d, for example 30s.",
    ],
  },
  {
    part: "- { id: notice, alternatives: [] }",
    by: "- { id: notice, alternatives: [], window: 40d }",
    says: [
      "wardroom.yaml:15:47: policy.tiers[0].window: a duration here is from 1s to 1d. Choose a value within these bounds.",
    ],
  },
  {
    part: "alternatives: []",
    by: "alternatives: [[]]",
    says: [
      "wardroom.yaml:15:36: policy.tiers[0].alternatives[0]: the list is empty. Empty means nobody and nothing: name at least one.",
    ],
  },
  {
    part: "[{ role: lead }]",
    by: "[{ role: lead, count: 9 }]",
    says: [
      "wardroom.yaml:16:82: policy.tiers[1].alternatives[1][0].count: the number must be at most 5. Choose a number within these bounds.",
    ],
  },
  {
    part: "version: 1",
    by: "version: 1\nhistroy: { every: 5s }",
    says: ["wardroom.yaml:2:1: histroy: `histroy` is not a key that is known here. Did you mean `history`?"],
  },
  {
    part: "version: 1",
    by: "version: 1\nzebra: 1",
    says: [
      "wardroom.yaml:2:1: zebra: `zebra` is not a key that is known here. Remove it; what may stand here: version, roles, groups, channels, direct, policy, alerts, oncall, digests, incidents, history, slack, discord, demoSystems.",
    ],
  },
];

const inPeople: Case[] = [
  {
    part: "name: Ana",
    by: "name:",
    says: ["people.yaml:3:5: people[0].name: a text is expected, not nothing. Give it a value, or remove the key."],
  },
  {
    part: "{ console: [boris] }",
    by: "{ consle: [boris] }",
    says: [
      "people.yaml:8:17: people[1].accounts.consle: `consle` is not a key that is known here. Did you mean `console`?",
    ],
  },
  {
    part: "{ console: [boris] }",
    by: "{ console: boris }",
    says: [
      "people.yaml:8:26: people[1].accounts.console: a list is expected, not the text `boris`. Write a list: items in [ ], or each on a line that begins with a dash.",
    ],
  },
  {
    part: "{ console: [boris] }",
    by: "{}",
    says: [
      "people.yaml:8:15: people[1].accounts: boris has no account, so nobody could speak as them. Name at least one account.",
      "systems/radar.yaml:14:3: operations.wipe: when chen asks, nobody else can fill the tier critical. It takes 1 × approver, or 1 × lead besides the person who asks, with radar among their systems and a channel that allows approve.",
    ],
  },
  {
    part: "name: Boris",
    by: "name: Boris\n    timezone: Europe/Atlantis",
    says: [
      "people.yaml:8:15: people[1].timezone: this time zone does not exist. Write an IANA name, for example Europe/Berlin.",
    ],
  },
  {
    part: "- id: boris",
    by: "- id: Boris",
    says: [
      "people.yaml:6:9: people[1].id: an id is 1 to 39 of a-z, 0-9 and -, starting with a letter. Write it in that format.",
    ],
  },
  {
    part: "name: Boris",
    by: 'name: "[NAME]"',
    says: [
      "people.yaml:7:11: people[1].name: `[NAME]` is a placeholder nobody has filled in. Write the real value, or remove the key.",
    ],
  },
];

const inSystem: Case[] = [
  {
    part: "operations:\n",
    by: "alerts: [{ id: a, metric: load, above: 1000 }]\noperations:\n",
    says: [
      "systems/radar.yaml:9:10: alerts[0]: a limit of this system's own is no source of alerts. Write `warn:` or `critical:` at the metric, which is an alert by itself, or `rules: [{ id: …, metric: …, above: …, severity: …, summary: … }]` beside `alerts`.",
    ],
  },
  {
    part: "source: { json: {",
    by: "source: { jsn: {",
    says: [
      "systems/radar.yaml:6:62: metrics[0].source.jsn: `jsn` is not a key that is known here. Did you mean `json`?",
    ],
  },
  {
    part: '{ json: { url: "${RADAR_URL}/m", path: /load } }',
    by: "{}",
    says: [
      "systems/radar.yaml:6:60: metrics[0].source: one of `json`, … is needed here. Add one of them, and only one.",
    ],
  },
  {
    part: '{ json: { url: "${RADAR_URL}/m", path: /load } }',
    by: "text",
    says: ["systems/radar.yaml:6:60: metrics[0].source: a map is expected, not the text `text`. Write a map."],
  },
  {
    part: "path: /load",
    by: "path: load",
    says: [
      "systems/radar.yaml:6:99: metrics[0].source.json.path: a JSON pointer starts with /. Write it in that format.",
    ],
  },
  {
    part: "note: Done by hand",
    by: "remark: Done by hand",
    says: [
      "systems/radar.yaml:13:13: operations.restart.steps[0]: one of `http`, … is needed here. Add one of them, and only one.",
      "systems/radar.yaml:13:38: operations.restart.steps[0].remark: `remark` is not a key that is known here. Remove it; what may stand here: id, title, as, once, reaches, http, ….",
    ],
  },
  {
    part: "method: POST",
    by: "method: GET",
    says: [
      "systems/radar.yaml:18:54: operations.wipe.steps[0].http.method: one of `POST`, `PUT`, `PATCH`, `DELETE` is expected, not the text `GET`. Write one that is allowed.",
    ],
  },
  {
    part: "short: true",
    by: 'short: "true"',
    says: [
      "systems/radar.yaml:17:12: operations.wipe.short: true or false is expected, not the text `true`. Write true or false, without quotes.",
    ],
  },
  {
    part: "warn: 1,",
    by: "warn: 01,",
    says: [
      'systems/radar.yaml:6:36: metrics[0].warn: `01` is written, and reads as the number 1. Put it in quotes, "01", or write 1.',
    ],
  },
  {
    part: "warn: 1,",
    by: "warn: 1 %,",
    says: [
      "systems/radar.yaml:6:36: metrics[0].warn: a number is expected, not the text `1 %`. Write the number alone, without quotes and unit.",
    ],
  },
  {
    part: "  wipe:\n",
    by: "  Wipe_It:\n",
    says: [
      "systems/radar.yaml:14:3: operations.Wipe_It: this key is not allowed: an id is 1 to 39 of a-z, 0-9 and -, starting with a letter. Rename it.",
    ],
  },
  {
    part: '"${RADAR_URL}/health"',
    by: "radar.internal/health",
    says: [
      "systems/radar.yaml:4:22: health[0].http: `radar.internal/health` is not an http or https address. Write it whole, for example http://127.0.0.1:8080/health.",
    ],
  },
  {
    part: '"${RADAR_URL}/health"',
    by: "http://your-server:8081/health",
    says: [
      "systems/radar.yaml:4:22: health[0].http: `your-server` is a placeholder nobody has filled in. Write the real value, or remove the key.",
    ],
  },
];

/** The first that are named suffice: another backend adds its own. */
function withoutBackends(line: string): string {
  return line
    .replace(/one of (`http`|`json`), .* is needed/, "one of $1, … is needed")
    .replace(/(what may stand here: id, title, as, once, reaches, http, ).*\.$/, "$1….");
}

describe.each([
  { file: "wardroom.yaml", text: wardroom, cases: inWardroom },
  { file: "people.yaml", text: people, cases: inPeople },
  { file: "systems/radar.yaml", text: system, cases: inSystem },
])("what is said about $file", ({ file, text, cases }) => {
  it.each(cases)("with $by for $part", async ({ part, by, says }) => {
    const said = await linesOf({ [file]: edited(text, part, by) });
    expect(said.map(withoutBackends)).toEqual(says);
  });
});

it("says everything that is wrong in all files at once, in reading order", async () => {
  const lines = await linesOf({
    "wardroom.yaml": edited(
      edited(wardroom, "surface: console", "surface: irc"),
      "version: 1",
      "version: one\nzebra: 1",
    ),
    "people.yaml": edited(people, "name: Chen", "nam: Chen"),
    "systems/radar.yaml": edited(system, "severity: warning", "severity: warn"),
  });
  expect(lines.map((line) => line.split(": ")[0])).toEqual([
    "people.yaml:11:5",
    "systems/radar.yaml:7:55",
    "wardroom.yaml:1:10",
    "wardroom.yaml:2:1",
    "wardroom.yaml:10:14",
  ]);
});

it("says of a key that files had once what is written now", async () => {
  const wait = `    verify: [{ id: w, title: W, waitUntil: { url: "http://127.0.0.1:1/x", path: /a, is: empty-array } }]\n`;
  const lines = await linesOf({
    "systems/radar.yaml": edited(system, "    risk: change\n", `    risk: change\n${wait}`),
  });
  expect(lines.join("\n")).toContain(
    'operations.restart.verify[0].waitUntil: `waitUntil` is no longer a key. Write `watch: { json: { url: "…", path: … }, is: value == …, every: 1s, within: 30s }` in its place.',
  );
});
