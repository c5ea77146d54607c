import { describe, expect, it } from "vitest";
import { edited, linesOf, people, system, variables, wardroom } from "./config-folder.ts";

const file = "systems/radar.yaml";
const note = "{ id: note, title: Note, note: Done by hand }";

/** One edit after the other. */
function written(text: string, edits: readonly (readonly [string, string])[]): string {
  return edits.reduce((so, [part, replacement]) => edited(so, part, replacement), text);
}

describe("a mistake against the schema hides no other mistake of its file", () => {
  it("in a system: a misspelt key, a backend that is not there, a condition of the wrong type and a deadline too short", async () => {
    const text = written(system, [
      [
        '  - { id: api, http: "${RADAR_URL}/health" }',
        '  - { id: api, http: "${RADAR_URL}/health" }\n  - { id: web, htp: "${RADAR_URL}" }',
      ],
      [
        "metrics:\n",
        'metrics:\n  - { id: noise, title: 7, source: { json: { url: "${RADAR_URL}/n", path: /n } } }\n  - { id: rate, title: Rate, source: { prometheus: { backend: prom, query: up } } }\n',
      ],
      ["warn: 1, critical: 2", "warn: 3, critical: 2"],
      [
        `risk: change\n    steps: [${note}]`,
        `arguments: { n: { type: integer, title: N } }\n    risk: { default: change, destructive: "n == service" }\n    direction: neutral\n    steps: [${note}]`,
      ],
      ["    short: true\n", "    shrt: true\n    hardDeadlineMs: 1000\n"],
    ]);
    expect(await linesOf({ [file]: text })).toEqual([
      expect.stringMatching(/^systems\/radar\.yaml:5:16: health\[1\]\.htp: `htp` is not a key/),
      expect.stringMatching(/^systems\/radar\.yaml:7:25: metrics\[0\]\.title: a text is expected/),
      expect.stringMatching(
        /^systems\/radar\.yaml:8:\d+: metrics\[1\]\.source\.prometheus\.backend: there is no backend `prom`/,
      ),
      expect.stringMatching(
        /^systems\/radar\.yaml:9:\d+: metrics\[2\]\.critical: critical \(2\) is reached before warn/,
      ),
      expect.stringMatching(
        /^systems\/radar\.yaml:\d+:\d+: operations\.restart\.risk\.destructive: Unknown variable: service/,
      ),
      expect.stringMatching(/^systems\/radar\.yaml:\d+:\d+: operations\.wipe\.shrt: `shrt` is not a key/),
      expect.stringMatching(/^systems\/radar\.yaml:\d+:\d+: operations\.wipe\.hardDeadlineMs: the deadline of/),
    ]);
  });

  it("in people and in rules: names that nothing carries", async () => {
    const lines = await linesOf({
      "people.yaml": written(people, [
        ["name: Boris", "nme: Boris"],
        ["role: operator", "role: operatr"],
      ]),
      "wardroom.yaml": written(wardroom, [
        ["    channel: ops\n", "    channel: ops\n    titel: Ops\n"],
        ["risk: change, tier: notice", "risk: change, tier: notce"],
      ]),
    });
    expect(lines).toEqual([
      expect.stringMatching(/^people\.yaml:5:\d+: people\[0\]\.grants\[0\]\.role: there is no role called `operatr`/),
      expect.stringMatching(/^people\.yaml:7:5: people\[1\]\.nme: `nme` is not a key/),
      expect.stringMatching(/^wardroom\.yaml:11:5: channels\[0\]\.titel: `titel` is not a key/),
      expect.stringMatching(/^wardroom\.yaml:20:\d+: policy\.rules\[1\]\.tier: there is no tier called `notce`/),
    ]);
  });

  it("where what every system has to have is wrong itself", async () => {
    const text = written(system, [
      ["id: radar", "id: Radar!"],
      ["title: Radar\n", "titel: Radar\n"],
      ['{ id: api, http: "${RADAR_URL}/health" }', '{ id: api, htp: "${RADAR_URL}/health" }'],
      ["metric: load", "metric: lood"],
    ]);
    const lines = await linesOf({ [file]: text });
    expect(lines.join("\n")).toMatch(/rules\[0\]\.metric: there is no metric called `lood`/);
    expect(lines).toHaveLength(4);
  });
});

describe("what may only seem wrong because of a mistake elsewhere is not told", () => {
  it.each<readonly [string, readonly (readonly [string, string])[]]>([
    ["a metric with a mistake that a rule names", [["title: Load", "title: 7"]]],
    ["the only proof of identity with a mistake", [['"${RADAR_URL}/id"', "7"]]],
    [
      "an operation with a mistake that another names as what comes next",
      [
        ["    summary: Restart it\n", "    summary: Restart it\n    next: [{ operation: wipe }]\n"],
        ["risk: destructive", "risk: terrible"],
      ],
    ],
    [
      "an argument with a mistake that a condition names",
      [
        [
          "risk: change\n",
          'risk: { default: change, destructive: "n == 0" }\n    direction: neutral\n    arguments: { n: { type: integr, title: N } }\n',
        ],
      ],
    ],
    [
      "a backend with a mistake that steps name",
      [
        [
          "health:\n",
          'backends:\n  api: { http: { bse: "${RADAR_URL}" }, identity: { path: /id, expect: { /name: radar } } }\nhealth:\n',
        ],
        [
          'http: { method: POST, url: "${RADAR_URL}/wipe", probe: "${RADAR_URL}/operations" }',
          "http: { method: POST, url: { backend: api, path: /wipe }, probe: { backend: api, path: /operations } }",
        ],
        ['identity: { http: "${RADAR_URL}/id", expect: { /name: radar } }\n', ""],
      ],
    ],
    [
      "a section that is a list where it should be a map",
      [["operations:\n  restart:\n", "operations:\n  - restart:\n"]],
    ],
    ["the steps of an operation", [[`    steps: [${note}]`, "    steps: none"]]],
  ])("%s", async (_, edits) => {
    const lines = await linesOf({ [file]: written(system, edits) }, { variables });
    expect([lines.length, ...lines]).toEqual([1, expect.any(String)]);
  });

  it.each([
    ["the id of a person", "- { id: all, channels: [ops], owners: [ana] }", "id: ana", "idd: ana"],
    ["that a channel takes what no other does", '- { id: all, match: "a=b", channels: [ops] }', "", ""],
  ])("%s, as far as routes rest on it", async (_, route, from, to) => {
    const alerts = `alerts:\n  routes:\n    ${route}\n`;
    const lines = await linesOf({
      "people.yaml": from === "" ? people : edited(people, from, to),
      "wardroom.yaml": written(wardroom, [
        ["    channel: ops\n", "    channel: ops\n    operator: yes please\n"],
        ["policy:\n", `${alerts}policy:\n`],
      ]),
    });
    expect(lines.filter((line) => /route|owners/.test(line))).toEqual([]);
    expect(lines).not.toEqual([]);
  });

  it("roles, channels and people with mistakes that others name", async () => {
    const alerts = "alerts:\n  routes: [{ id: all, channels: [ops], owners: [ana] }]\n";
    const lines = await linesOf({
      "people.yaml": edited(people, "name: Ana", "name: 7"),
      "wardroom.yaml": written(wardroom, [
        ["id: approver, may: [read, approve]", "id: approver, may: [read, aprove]"],
        ['systems: "*"', "systems: 7"],
        ["policy:\n", `${alerts}policy:\n`],
      ]),
    });
    expect(lines.filter((line) => !/name: a text|may\[1\]|channels\[0\]\.systems/.test(line))).toEqual([]);
    expect(lines).toHaveLength(3);
  });

  it("what stands behind an alias of which something has to go", async () => {
    const text = written(system, [
      ["  restart:\n    summary: Restart it\n", "  restart: &one\n    summary: Restart it\n    sumary: Twice\n"],
      ["  wipe:\n", "  again: *one\n  wipe:\n"],
      ["metric: load", "metric: lood"],
    ]);
    const lines = await linesOf({ [file]: text });
    expect(lines.filter((line) => /`sumary` is not a key/.test(line)).length).toBeGreaterThan(0);
    expect(lines.filter((line) => !/`sumary` is not a key|lood/.test(line))).toEqual([]);
  });
});
