import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { favouredBy } from "../../../src/domain/people/favoured.ts";
import type { Person } from "../../../src/domain/people/person.ts";
import type { Policy } from "../../../src/domain/people/policy.ts";
import { policyChanges } from "../../../src/domain/people/policy-changes.ts";
import { people, person, policy } from "../approvals/request-fixtures.ts";

const changed = (id: string, by: Partial<Person>) =>
  policy({ people: people.map((each) => (each.id === id ? { ...each, ...by } : each)) });
const roles = (id: string, may: Policy["roles"][number]["may"]) =>
  policy({ roles: policy().roles.map((each) => (each.id === id ? { ...each, may } : each)) });

describe("in what people and rules differ", () => {
  it.each<[string, Policy, string[]]>([
    ["nothing", policy({ revision: "other" }), []],
    [
      "a new person",
      policy({ people: [...people, person("olga", "approver", ["alphapulse"])] }),
      [
        'people: olga is new: name "olga", accounts console olga, terminal olga, slack U-olga, grants role approver, systems alphapulse',
      ],
    ],
    [
      "a person who is gone",
      policy({ people: people.filter(({ id }) => id !== "dana") }),
      [
        'people: dana is gone: name "dana", accounts console dana, terminal dana, slack U-dana, grants role viewer, systems *',
      ],
    ],
    [
      "an account more",
      changed("ana", { accounts: { ...person("ana", "operator").accounts, slack: ["U-ana", "U-other"] } }),
      ["people: ana: accounts: slack: more: U-other"],
    ],
    [
      "another grant",
      changed("ana", { grants: [{ role: "lead", systems: ["alphapulse"], channels: ["ops"] }] }),
      [
        "people: ana: grants: more: role lead, systems alphapulse, channels ops",
        "people: ana: grants: no longer: role operator, systems *",
      ],
    ],
    ["a role that may more", roles("viewer", ["read", "ask"]), ["roles: viewer: may: more: ask"]],
    ["direct messages", policy({ direct: { allow: ["read", "ask"] } }), ["direct: allow: more: ask"]],
    [
      "a weaker tier",
      policy({ tiers: policy().tiers.map((tier) => (tier.id === "critical" ? { ...tier, alternatives: [] } : tier)) }),
      ["tiers: critical: who has to agree: was 1 approver or 1 lead, is nobody"],
    ],
    [
      "rules in another order",
      policy({ rules: policy().rules.toReversed() }),
      [
        "rules: the first that matches counts, and they are now:",
        "rules: 1, was 2: risk change, tier notice",
        "rules: 2, was 1: risk destructive, tier critical",
      ],
    ],
    [
      "a rule that moved before others beside one that is new and one that is gone",
      policy({ rules: [{ system: "logos", tier: "notice" }, { tier: "critical" }, ...policy().rules.slice(0, 1)] }),
      [
        "rules: the first that matches counts, and they are now:",
        "rules: 1, new: system logos, tier notice",
        "rules: 2, new: everything, tier critical",
        "rules: 3, was 1: risk destructive, tier critical",
        "rules: no longer, was 2: risk change, tier notice",
      ],
    ],
    [
      "a grant for fewer systems, whose holder gains nothing",
      changed("boris", { grants: [{ role: "approver", systems: ["alphapulse"] }] }),
      ["people: boris: grants: role approver: systems: was *, is alphapulse"],
    ],
    [
      "a channel",
      policy({ channels: policy().channels.slice(1) }),
      [expect.stringMatching(/^channels: ops is gone: /)],
    ],
  ])("is told: %s", (_what, after, lines) => {
    expect(policyChanges(policy(), after)).toEqual(lines);
  });

  it("is never nothing where something differs, whatever words it is told in", () => {
    const account = fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom("a", ",", " ", "slack", "and") });
    fc.assert(
      fc.property(fc.array(account, { maxLength: 3 }), fc.array(account, { maxLength: 3 }), (one, other) => {
        const [before, after] = [one, other].map((slack) => changed("ana", { accounts: { slack } }));
        const told = before && after ? policyChanges(before, after) : [];
        expect(told.length > 0).toBe(JSON.stringify(one) !== JSON.stringify(other));
      }),
    );
    const tricky = changed("ana", { accounts: { slack: ["U1, discord D2"] } });
    expect(policyChanges(changed("ana", { accounts: { slack: ["U1"], discord: ["D2"] } }), tricky)).not.toEqual([]);
  });
});

describe("who has to agree", () => {
  const [approver, lead] = [
    { role: "approver", count: 1 },
    { role: "lead", count: 1 },
  ];
  const tier = (...alternatives: Policy["tiers"][number]["alternatives"]) =>
    policy({ tiers: [...policy().tiers, { id: "strict", alternatives, decideBy: 60_000, window: 60_000 }] });

  it("is told apart by either and both, of a new tier and of another", () => {
    const [either, both] = [tier([approver], [lead]), tier([approver, lead])];
    expect(policyChanges(policy(), either)).toEqual([
      "tiers: strict is new: alternatives 1 approver or 1 lead, decideBy 60000, window 60000",
    ]);
    expect(policyChanges(policy(), both)).toEqual([
      "tiers: strict is new: alternatives 1 approver and 1 lead, decideBy 60000, window 60000",
    ]);
    expect(policyChanges(both, either)).toEqual([
      "tiers: strict: who has to agree: was 1 approver and 1 lead, is 1 approver or 1 lead",
    ]);
  });
});

describe("a right that is given for fewer systems", () => {
  it("is told as less, and never as more", () => {
    const before = changed("chen", { grants: [{ role: "lead", systems: ["pulseguard", "wardroom"] }] });
    const after = changed("chen", { grants: [{ role: "lead", systems: ["pulseguard"] }] });
    expect(policyChanges(before, after)).toEqual(["people: chen: grants: role lead: systems: no longer: wardroom"]);
  });

  it("is told with all its grants where a role is given more than once", () => {
    const twice = [
      { role: "lead", systems: ["alphapulse"] },
      { role: "lead", systems: ["logos", "prsm"] },
    ];
    const grants = [
      { role: "lead", systems: ["logos"] },
      { role: "lead", systems: ["prsm"] },
    ];
    expect(policyChanges(changed("chen", { grants: twice }), changed("chen", { grants }))).toHaveLength(4);
    expect(policyChanges(changed("chen", { grants: [] }), changed("chen", { grants: twice }))).toEqual([
      "people: chen: grants: more: role lead, systems alphapulse",
      "people: chen: grants: more: role lead, systems logos and prsm",
    ]);
  });
});

describe("rules", () => {
  const rule = fc.record({ tier: fc.constantFrom("notice", "critical"), system: fc.constantFrom("a", "b") });

  it("that differ in anything are told in the whole order that they have now", () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 5 }), fc.array(rule, { maxLength: 5 }), (one, other) => {
        const told = policyChanges(policy({ rules: one }), policy({ rules: other }));
        const numbered = told.flatMap((line) => /^rules: \d+, .*?: (.*)$/.exec(line)?.[1] ?? []);
        const now = other.map(({ system, tier }) => `system ${system}, tier ${tier}`);
        expect(numbered).toEqual(JSON.stringify(one) === JSON.stringify(other) ? [] : now);
      }),
    );
  });
});

describe("whom a change favours", () => {
  it.each<[string, Policy, string[]]>([
    ["nobody where nothing is more", policy({ people: people.filter(({ id }) => id !== "dana") }), []],
    ["whoever is new", policy({ people: [...people, person("ana2", "approver")] }), ["ana2"]],
    ["whoever has another account", changed("boris", { accounts: { console: ["boris", "boris2"] } }), ["boris"]],
    ["whoever gets a role", changed("ana", { grants: [{ role: "lead", systems: ["alphapulse"] }] }), ["ana"]],
    ["nobody whose right only shrinks", changed("chen", { grants: [{ role: "lead", systems: ["alphapulse"] }] }), []],
    ["everybody whose role may more", roles("viewer", ["read", "audit"]), ["dana"]],
    [
      "those who become approvers of a tier",
      policy({
        tiers: [
          ...policy().tiers,
          { id: "more", alternatives: [[{ role: "lead", count: 1 }]], decideBy: 1, window: 1 },
        ],
      }),
      ["chen"],
    ],
    [
      "those who may be in a group that gets a role",
      policy({ groups: [{ surface: "slack", group: "S1", role: "lead", systems: "*" }] }),
      ["ana", "boris", "dana"],
    ],
  ])("is %s", (_whom, after, favoured) => {
    expect(favouredBy(policy(), after).flat()).toEqual(favoured);
  });
});
