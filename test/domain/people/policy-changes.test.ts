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
      [
        "tiers: critical: alternatives: no longer: role approver, count 1",
        "tiers: critical: alternatives: no longer: role lead, count 1",
      ],
    ],
    [
      "rules in another order",
      policy({ rules: policy().rules.toReversed() }),
      ["rules: in this order: risk change, tier notice; risk destructive, tier critical"],
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
