import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { edited, linesOf, load, people, problemsOf, system, variables, wardroom } from "./config-folder.ts";

it("asks of what may set its system going or not by both of its rules", async () => {
  const direction = 'risk: destructive\n    direction: { default: neutral, increases: "1 == 1" }';
  const lines = await linesOf({
    "systems/radar.yaml": edited(system, "risk: destructive", direction),
    "wardroom.yaml": edited(
      wardroom,
      "    - { risk: destructive, tier: critical }\n",
      "    - { risk: destructive, direction: increases, tier: critical }\n    - { risk: destructive, tier: notice }\n",
    ),
  });
  expect(lines).toEqual([expect.stringContaining("policy.rules[1].tier: wipe of radar is destructive")]);
});

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
            `  - id: p${index}\n    name: P${index}\n    accounts: { console: [p${index}] }\n    grants: [${own.map((role) => `{ role: ${role}, systems: "*" }`).join(", ")}]\n`,
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

describe("demoSystems: true", () => {
  const demo = `${wardroom}demoSystems: true\n`;
  const alone = edited(people, people.slice(people.indexOf("  - id: boris")), "").replace("operator", "lead");
  const simulated = ["RADAR_URL"];
  const stuck = "systems/radar.yaml:14:3: ";
  const nobodyElse = `operations.wipe: when ana asks, nobody else can fill the tier critical. It takes 1 × approver, or 1 × lead besides the person who asks, with radar among their systems and a channel that allows approve.`;
  const nobodyHolds =
    "policy.tiers[1].alternatives[0][0].role: nobody holds `approve` through the role approver, and 1 must. Give the role `approve` in wardroom.yaml, or give it to more people in people.yaml.";

  it("lets one person begin alone on what reaches only the simulation, and says what cannot be approved", async () => {
    expect(await linesOf({ "wardroom.yaml": demo, "people.yaml": alone }, { simulated })).toEqual([
      `${stuck}warning: ${nobodyElse}`,
      `wardroom.yaml:16:47: warning: ${nobodyHolds}`,
    ]);
    expect(await load({ "wardroom.yaml": demo, "people.yaml": alone }, { simulated })).toHaveProperty("config");
  });

  it.each<[string, string, Record<string, string>]>([
    [
      "an address that stands in the file",
      edited(system, 'http: "${RADAR_URL}/health"', 'http: "http://10.0.0.7/health"'),
      {},
    ],
    ["a variable of its own", edited(system, "${RADAR_URL}/wipe", "${LIVE_URL}/wipe"), { LIVE_URL: "http://10.0.0.7" }],
  ])("forgives nothing to a system with %s", async (_what, text, more) => {
    const texts = { "wardroom.yaml": demo, "people.yaml": alone, "systems/radar.yaml": text };
    const problems = await problemsOf(texts, { simulated, variables: { ...variables, ...more } });
    expect(problems.map(({ severity, path }) => `${severity} ${path}`)).toEqual([
      "error operations.wipe",
      "error policy.tiers[1].alternatives[0][0].role",
    ]);
  });

  it("forgives nothing to a real system beside the demo's", async () => {
    const sonar = edited(
      edited(system, "id: radar", "id: sonar"),
      'http: "${RADAR_URL}/health"',
      'http: "http://10.0.0.7/"',
    );
    const texts = {
      "wardroom.yaml": demo,
      "people.yaml": alone.replace("[radar]", '"*"'),
      "systems/sonar.yaml": sonar,
    };
    const problems = await problemsOf(texts, { simulated });
    expect(problems.map(({ severity, file, path }) => `${severity} ${file} ${path}`)).toEqual([
      "warning systems/radar.yaml operations.wipe",
      "error systems/sonar.yaml operations.wipe",
      "error wardroom.yaml policy.tiers[1].alternatives[0][0].role",
    ]);
  });

  it("never forgives what destroys and asks nobody, nor a rule that never counts", async () => {
    const lax = edited(demo, "risk: destructive, tier: critical", "risk: destructive, tier: notice");
    const shadowed = edited(
      lax,
      "    - { risk: change, tier: notice }",
      "    - { tier: notice }\n    - { risk: change, tier: notice }",
    );
    const problems = await problemsOf({ "wardroom.yaml": shadowed }, { simulated });
    expect(problems.map(({ severity, path }) => `${severity} ${path}`)).toEqual([
      "error policy.rules[0].tier",
      "error policy.rules[2]",
    ]);
  });
});
