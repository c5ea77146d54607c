import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { edited, linesOf, load, people, problemsOf, system, wardroom } from "./config-folder.ts";

describe("a policy that lets something through or that nobody can satisfy", () => {
  it.each([
    {
      name: "an operation no rule covers",
      text: edited(wardroom, "    - { risk: change, tier: notice }\n", ""),
      says: [
        "systems/radar.yaml:10:3: operations.restart: no rule of the policy gives this operation a tier (risk change, direction neutral). Add a rule for it to policy.rules in wardroom.yaml; without one nobody may ask for it.",
      ],
    },
    {
      name: "something destructive that asks nobody",
      text: edited(wardroom, "risk: destructive, tier: critical", "risk: destructive, tier: notice"),
      says: [
        "wardroom.yaml:18:34: policy.rules[0].tier: wipe of radar is destructive, and this rule gives it the tier notice, which asks nobody. Name a tier with approvals: whatever destroys something needs two people.",
      ],
    },
    {
      name: "several operations that one person alone could approve",
      text: edited(wardroom, "risk: change, tier: notice", "risk: change, tier: critical").replace(
        "[[{ role: approver }], [{ role: lead }]]",
        "[[{ role: lead }]]",
      ),
      says: [
        "systems/radar.yaml:10:3: operations.restart: when chen asks, nobody else can fill the tier critical (wipe too). It takes 1 × lead besides the person who asks, with radar among their systems and a channel that allows approve.",
      ],
    },
    {
      name: "a slot whose role does not approve",
      text: edited(
        wardroom,
        "[[{ role: approver }], [{ role: lead }]]",
        "[[{ role: operator }], [{ role: lead }], [{ role: approver }]]",
      ),
      says: [
        "wardroom.yaml:16:47: policy.tiers[1].alternatives[0][0].role: nobody holds `approve` through the role operator, and 1 must. Give the role `approve` in wardroom.yaml, or give it to more people in people.yaml.",
      ],
    },
    {
      name: "more people of a role than there are",
      text: edited(wardroom, "[{ role: approver }]", "[{ role: approver, count: 2 }]"),
      says: [
        "systems/radar.yaml:14:3: operations.wipe: when chen asks, nobody else can fill the tier critical. It takes 2 × approver, or 1 × lead besides the person who asks, with radar among their systems and a channel that allows approve.",
        "wardroom.yaml:16:47: policy.tiers[1].alternatives[0][0].role: only boris holds `approve` through the role approver, and 2 must. Give the role `approve` in wardroom.yaml, or give it to more people in people.yaml.",
      ],
    },
    {
      name: "a person who could only approve their own request",
      text: edited(wardroom, "[[{ role: approver }], [{ role: lead }]]", "[[{ role: lead }]]"),
      says: [
        "systems/radar.yaml:14:3: operations.wipe: when chen asks, nobody else can fill the tier critical. It takes 1 × lead besides the person who asks, with radar among their systems and a channel that allows approve.",
      ],
    },
    {
      name: "no channel in which anyone could approve",
      text: edited(wardroom, "allow: [read, ask, approve, stop]", "allow: [read, ask, stop]"),
      says: [
        "systems/radar.yaml:14:3: operations.wipe: when ana or chen asks, nobody else can fill the tier critical. It takes 1 × approver, or 1 × lead besides the person who asks, with radar among their systems and a channel that allows approve.",
      ],
    },
    {
      name: "a rule behind one that takes all its cases",
      text: edited(
        wardroom,
        "    - { risk: change, tier: notice }\n",
        "    - { risk: change, tier: notice }\n    - { risk: change, system: radar, tier: critical }\n",
      ),
      says: [
        "wardroom.yaml:20:7: policy.rules[2]: this rule never counts, because policy.rules[1] takes all its cases first. Move it above that rule, or remove it.",
      ],
    },
  ])("is refused: $name", async ({ text, says }) => {
    expect(await linesOf({ "wardroom.yaml": text })).toEqual(says);
  });

  it("asks about those who may stop where an operation takes the right to stop", async () => {
    const leadOnly = edited(wardroom, "[[{ role: approver }], [{ role: lead }]]", "[[{ role: lead }]]");
    const askedByAna = edited(people, "role: lead, systems: [radar]", "role: approver, systems: [radar]");
    const texts = { "wardroom.yaml": leadOnly, "people.yaml": askedByAna };
    const stops = {
      ...texts,
      "systems/radar.yaml": edited(system, "risk: destructive", "risk: destructive\n    permission: stop"),
    };
    const stuck = async (files: Record<string, string>): Promise<boolean> =>
      (await linesOf(files)).some((line) => line.includes("when ana asks"));
    expect(await stuck(texts)).toBe(true);
    expect(await stuck(stops)).toBe(false);
  });

  it("counts a person with two accounts once", async () => {
    const twoOfOne = edited(
      edited(wardroom, "[{ role: lead }]", "[{ role: lead, count: 2 }]"),
      "[{ role: approver }]",
      "[{ role: lead, count: 2 }]",
    );
    const both = edited(people, "{ console: [chen] }", "{ console: [chen, chen-phone] }");
    expect(await linesOf({ "wardroom.yaml": twoOfOne, "people.yaml": both })).not.toEqual([]);
  });

  it("lets a lead ask what another approves, and an approver's colleague ask what a lead approves", async () => {
    expect(await linesOf({})).toEqual([]);
  });

  it("is refused exactly when some person's request could not be approved by the others", async () => {
    const roles = ["operator", "approver", "lead"] as const;
    const team = fc.array(fc.subarray([...roles], { minLength: 1 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(team, async (held) => {
        const file = held.map(
          (own, index) =>
            `  - id: p${index}\n    name: P\n    accounts: { console: [p${index}] }\n    grants: [${own.map((role) => `{ role: ${role}, systems: "*" }`).join(", ")}]\n`,
        );
        const tier = edited(
          wardroom,
          "[[{ role: approver }], [{ role: lead }]]",
          "[[{ role: approver }, { role: lead }]]",
        );
        const result = await load({ "wardroom.yaml": tier, "people.yaml": `people:\n${file.join("")}` });
        const canAsk = held.map((own) => own.includes("operator") || own.includes("lead"));
        const pairExists = held.map((_, asker) =>
          held.some((one, a) =>
            held.some(
              (two, b) => a !== b && a !== asker && b !== asker && one.includes("approver") && two.includes("lead"),
            ),
          ),
        );
        const everyoneServed = canAsk.every((asks, asker) => !asks || pairExists[asker] === true);
        const bothRolesHeld = held.some((own) => own.includes("approver")) && held.some((own) => own.includes("lead"));
        expect("config" in result).toBe(everyoneServed && bothRolesHeld);
      }),
      { numRuns: 60 },
    );
  });
});

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
      at: "8:25",
      says: "there is no metric called `laod`. Did you mean `load`?",
    },
    {
      file: "systems/radar.yaml",
      text: edited(system, "above: 2, ", ""),
      at: "8:5",
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
      at: "18:19",
      says: "positions are a precondition, but the system has no portfolio",
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
      text: edited(system, "    short: true", "    arguments: { b: { type: integer, title: B, from: backups } }"),
      at: "17:54",
      says: "an argument of type integer cannot be one of a list",
    },
    {
      file: "systems/radar.yaml",
      text: edited(system, "/wipe", "/wipe/{disk}"),
      at: "15:5",
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
