import { describe, expect, it } from "vitest";
import { edited, linesOf, people, problemsOf, system, wardroom } from "./config-folder.ts";

const restartRisk = "    risk: change\n";

const withGroup = (group: string): string => edited(wardroom, "policy:\n", `groups:\n  - ${group}\npolicy:\n`);

describe("names", () => {
  it.each([
    {
      file: "people.yaml",
      text: edited(people, "role: operator", "role: operater"),
      at: "5:22",
      says: "there is no role called `operater`. Did you mean `operator`?",
    },
    {
      file: "people.yaml",
      text: edited(people, "role: operator, systems: [radar]", "role: operator, systems: [rader]"),
      at: "5:42",
      says: "there is no system called `rader`. Did you mean `radar`?",
    },
    {
      file: "people.yaml",
      text: edited(people, 'systems: "*"', 'systems: "*", channels: [opps]'),
      at: "9:57",
      says: "there is no channel called `opps`. Did you mean `ops`?",
    },
    {
      file: "people.yaml",
      text: edited(people, "- id: boris", "- id: ana"),
      at: "6:9",
      says: "a person called `ana` already stands at people.yaml:2",
    },
    {
      file: "people.yaml",
      text: edited(people, "name: Boris", "name: ana"),
      at: "7:11",
      says: "a person called `ana` already stands at people.yaml:3",
    },
    {
      file: "people.yaml",
      text: edited(people, "name: Boris", 'name: " \u200bA\u0301na  "').replace("name: Ana", 'name: "Ána"'),
      at: "7:11",
      says: "already stands at people.yaml:3",
    },
    {
      file: "wardroom.yaml",
      text: withGroup("{ surface: slack, group: S1, role: aproverr, systems: [radar] }"),
      at: "14:40",
      says: "there is no role called `aproverr`. Did you mean `approver`?",
    },
    {
      file: "wardroom.yaml",
      text: withGroup("{ surface: slack, group: S1, role: lead, systems: [radr] }"),
      at: "14:56",
      says: "there is no system called `radr`. Did you mean `radar`?",
    },
    {
      file: "wardroom.yaml",
      text: withGroup('{ surface: slack, group: S1, role: lead, systems: "*", channels: [oops] }'),
      at: "14:71",
      says: "there is no channel called `oops`. Did you mean `ops`?",
    },
    {
      file: "wardroom.yaml",
      text: withGroup('{ surface: slak, group: S1, role: lead, systems: "*" }'),
      at: "14:16",
      says: "slack",
    },
    {
      file: "people.yaml",
      text: edited(people, "[boris]", "[boris, ana-phone]"),
      at: "8:34",
      says: "an account called `console ana-phone` already stands at people.yaml:4",
    },
    {
      file: "wardroom.yaml",
      text: edited(wardroom, "- { id: viewer, may: [read] }", "- { id: operator, may: [read] }"),
      at: "4:11",
      says: "a role called `operator` already stands at wardroom.yaml:3",
    },
    {
      file: "wardroom.yaml",
      text: edited(
        wardroom,
        "policy:",
        "  - { id: ops2, surface: console, channel: ops, systems: [radar], allow: [read] }\npolicy:",
      ),
      at: "13:44",
      says: "a channel called `console ops` already stands at wardroom.yaml:10",
    },
    {
      file: "wardroom.yaml",
      text: edited(wardroom, "id: notice,", "id: critical,"),
      at: "16:13",
      says: "a tier called `critical` already stands at wardroom.yaml:15",
    },
    {
      file: "wardroom.yaml",
      text: edited(wardroom, "risk: destructive, tier: critical", "risk: destructive, tier: critcal"),
      at: "18:34",
      says: "there is no tier called `critcal`. Did you mean `critical`?",
    },
    {
      file: "wardroom.yaml",
      text: edited(wardroom, "{ role: approver }", "{ role: aprover }"),
      at: "16:47",
      says: "there is no role called `aprover`. Did you mean `approver`?",
    },
    {
      file: "wardroom.yaml",
      text: edited(wardroom, "risk: destructive,", "risk: destructive, operation: wip,"),
      at: "18:39",
      says: "there is no operation called `wip`. Did you mean `wipe`?",
    },
    {
      file: "wardroom.yaml",
      text: edited(wardroom, "risk: destructive,", "risk: destructive, system: sonar,"),
      at: "18:36",
      says: "there is no system called `sonar`. Known: radar, wardroom.",
    },
    {
      file: "wardroom.yaml",
      text: edited(wardroom, 'systems: "*"', "systems: [radar, sonar]"),
      at: "11:22",
      says: "there is no system called `sonar`. Known: radar, wardroom.",
    },
    {
      file: "systems/radar.yaml",
      text: edited(system, "metric: load", "metric: laod"),
      at: "7:29",
      says: "there is no metric called `laod`. Did you mean `load`?",
    },
    {
      file: "systems/radar.yaml",
      text: edited(system, "above: 2, ", ""),
      at: "7:9",
      says: "the rule says neither above nor below what",
    },
    {
      file: "systems/radar.yaml",
      text: edited(system, "warn: 1, critical: 2", "warn: 3, critical: 2"),
      at: "6:49",
      says: "critical (2) is reached before warn (3), as above is bad",
    },
    {
      file: "systems/radar.yaml",
      text: edited(system, "title: Radar", "title: Radar\naliases: [radar]"),
      at: "3:11",
      says: "a system called `radar` already stands at systems/radar.yaml:1",
    },
    {
      file: "systems/radar.yaml",
      text: edited(system, "    short: true", "    short: true\n    precondition: { positions: { growth: 0.1 } }"),
      at: "18:32",
      says: "positions are a precondition, but the system has no portfolio",
    },
    {
      file: "systems/radar.yaml",
      text: edited(system, "    short: true", "    arguments: { dry_run: { type: text, title: Dry } }"),
      at: "17:18",
      says: "every operation is asked with `dry-run`, so no argument can have this name",
    },
    {
      file: "systems/radar.yaml",
      text: edited(system, "    short: true", "    arguments: { how: { type: choice, title: How } }"),
      at: "17:23",
      says: "an argument of type choice has nothing to choose from",
    },
    {
      file: "systems/radar.yaml",
      text: edited(system, "    short: true", "    arguments: { n: { type: integer, title: N, min: 5, max: 2 } }"),
      at: "17:53",
      says: "min (5) is more than max (2)",
    },
    {
      file: "systems/radar.yaml",
      text: edited(system, "    short: true", "    arguments: { b: { type: text, title: B, from: backups } }"),
      at: "17:51",
      says: "there is no list called `backups`",
    },
    {
      file: "systems/radar.yaml",
      text: edited(system, "    short: true", "    arguments: { b: { type: text, title: B, offers: backups } }"),
      at: "17:53",
      says: "what is offered stands here, and not which list it has to be from",
    },
    {
      file: "systems/radar.yaml",
      text: edited(
        system,
        "operations:\n",
        'lists: { tags: { title: Tags, git: { folder: "/srv", tags: {} }, after: releas } }\noperations:\n',
      ),
      at: "9:73",
      says: "there is no fact called `releas`",
    },
    {
      file: "systems/radar.yaml",
      text: edited(system, "    short: true", "    arguments: { b: { type: integer, title: B, from: backups } }"),
      at: "17:54",
      says: "an argument of type integer cannot be one of a list",
    },
    {
      file: "systems/radar.yaml",
      text: edited(system, "/wipe", "/wipe/{disk}"),
      at: "18:65",
      says: "{disk} is referred to, which is no argument of this operation",
    },
    {
      file: "systems/radar.yaml",
      text: edited(
        edited(system, "/wipe", "/wipe/{disk}"),
        "    short: true",
        "    arguments: { disk: { type: text, title: Disk, required: false } }",
      ),
      at: "17:24",
      says: "the address of a step holds {disk}, which may be left out",
    },
  ])("are held together: $says", async ({ file, text, at, says }) => {
    const lines = await linesOf({ [file]: text });
    expect(lines.filter((line) => line.startsWith(`${file}:${at}: `)).join("\n"), lines.join("\n")).toContain(says);
  });

  it.each(["status", "confirm"])("of a short operation may not be that of the command %s", async (name) => {
    const lines = await linesOf({ "systems/radar.yaml": edited(system, "  wipe:\n", `  ${name}:\n`) });
    expect(lines).toEqual([
      `systems/radar.yaml:17:12: operations.${name}.short: \`${name}\` is the name of a command, so this operation cannot be short. Rename it, or remove \`short\`: it can still be asked for as \`run radar ${name}\`.`,
    ]);
  });

  it("of an operation that is not short may be any", async () => {
    const text = edited(edited(system, "  wipe:\n", "  status:\n"), "    short: true\n", "");
    expect(await linesOf({ "systems/radar.yaml": text })).toEqual([]);
  });

  it("of a rule's operation are looked for in the rule's system alone", async () => {
    const sonar = edited(edited(system, "id: radar", "id: sonar"), "  wipe:\n", "  erase:\n");
    const rule = "    - { risk: destructive, system: radar, operation: erase, tier: critical }\n";
    const text = edited(wardroom, "  rules:\n", `  rules:\n${rule}`);
    expect(await linesOf({ "systems/sonar.yaml": sonar, "wardroom.yaml": text })).toEqual([
      "wardroom.yaml:18:54: policy.rules[0].operation: there is no operation called `erase`. Known: restart, wipe.",
    ]);
  });

  it("are not missed while the file that holds them cannot be read", async () => {
    const broken = { "systems/radar.yaml": "id: [" };
    expect((await problemsOf(broken)).map((problem) => problem.file)).toEqual(["systems/radar.yaml"]);
    expect((await problemsOf({ "wardroom.yaml": "version: [" })).map((problem) => problem.file)).toEqual([
      "wardroom.yaml",
    ]);
    expect((await problemsOf({ "people.yaml": "people: [" })).map((problem) => problem.file)).toEqual(["people.yaml"]);
  });
});

it.each([
  "\\n",
  "\\r",
  "\\e",
  "\\0",
  "\\u202e",
  "\\u2066",
  "\\u200b",
  "\\u200c",
  "\\u200d",
  "\\u2028",
  "\\u00ad",
  "\\u00a0",
  "\\u061c",
  "\\u034f",
  "\\u3164",
  "\\u2061",
  "\\ufeff",
  "\\u180e",
  "\\U000E0041",
])("a name with %s in it is refused, and not as a secret", async (mark) => {
  const lines = await linesOf({ "people.yaml": edited(people, "name: Boris", `name: "Bo${mark}ris"`) });
  expect(lines).toContainEqual(expect.stringMatching(/this is not one line of printable characters: it holds ⟨U\+/));
  expect(lines.join("\n")).not.toContain("a token, a password");
});

it.each(["👩\u200D💻 Boris", "❤\uFE0F Boris", "1\uFE0F\u20E3 Boris", "José Ñandú", "田中"])(
  "a name may be %s",
  async (name) => {
    expect(await linesOf({ "people.yaml": edited(people, "name: Boris", `name: "${name}"`) })).toEqual([]);
  },
);

it("the id of a group is one line too", async () => {
  const group = '{ surface: slack, group: "S1\\u200b", role: viewer, systems: "*" }';
  const lines = await linesOf({ "wardroom.yaml": `${wardroom}\ngroups: [${group}]\n` });
  expect(lines.join("\n")).toContain(
    "groups[0].group: this is not one line of printable characters: it holds ⟨U+200B⟩",
  );
});

it("what people do next has to be an operation that is there", async () => {
  const next = `${restartRisk}    next: [{ operation: restrat, text: when it hangs again }]\n`;
  const lines = await linesOf({ "systems/radar.yaml": edited(system, restartRisk, next) });
  expect(lines.join("\n")).toMatch(
    /operations\.restart\.next\[0\]\.operation: there is no operation called `restrat`\. Did you mean `restart`\?/,
  );
  const withMode = "    arguments: { mode: { type: text, title: Mode } }\n";
  const named = async (given: string) =>
    linesOf({
      "systems/radar.yaml": edited(
        system,
        restartRisk,
        `${restartRisk}${withMode}    next: [{ operation: restart${given} }]\n`,
      ),
    });
  expect((await named("")).join("\n")).toContain("restart cannot be asked for without its argument mode");
  expect((await named(", arguments: { mod: live, mode: live }")).join("\n")).toContain(
    "restart takes no argument mod.",
  );
  expect(await named(", arguments: { mode: live }")).toEqual([]);
});
