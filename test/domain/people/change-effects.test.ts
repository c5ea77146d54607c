import { describe, expect, it } from "vitest";
import { changeEffects } from "../../../src/domain/people/change-effects.ts";
import type { Person } from "../../../src/domain/people/person.ts";
import type { Policy } from "../../../src/domain/people/policy.ts";
import { people, person, policy } from "../approvals/request-fixtures.ts";

const changed = (id: string, by: Partial<Person>) =>
  policy({ people: people.map((each) => (each.id === id ? { ...each, ...by } : each)) });
const roles = (id: string, may: Policy["roles"][number]["may"]) =>
  policy({ roles: policy().roles.map((each) => (each.id === id ? { ...each, may } : each)) });
const nobody = "Nobody's rights, accounts or places become more or fewer; what differs is among the changes.";

describe("who gains and who loses by a change", () => {
  it.each<[string, Policy, string[]]>([
    [
      "a person added",
      policy({ people: [...people, person("olga", "approver", ["alphapulse", "logos"])] }),
      ["New: olga: read, approve in the tier critical on alphapulse, logos"],
    ],
    [
      "a person without a right",
      policy({ people: [...people, { ...person("olga", "viewer"), grants: [] }] }),
      ["New: olga: no right"],
    ],
    [
      "a person removed",
      policy({ people: people.filter(({ id }) => id !== "ana") }),
      ["Gone: ana: read, ask on every system"],
    ],
    ["a role widened", roles("viewer", ["read", "ask"]), ["More: dana: ask on every system"]],
    ["a role narrowed", roles("lead", ["read", "ask", "approve", "audit"]), ["Less: chen: stop on every system"]],
    [
      "a grant for fewer systems",
      changed("chen", { grants: [{ role: "lead", systems: ["alphapulse"] }] }),
      ["Less: chen: read, ask, stop, audit, approve in the tier critical on every system except alphapulse"],
    ],
    [
      "a grant for more",
      changed("dana", {
        grants: [
          { role: "viewer", systems: "*" },
          { role: "operator", systems: ["logos"], channels: ["ops"] },
        ],
      }),
      ["More: dana: ask on logos in ops"],
    ],
    [
      "another role",
      changed("ana", { grants: [{ role: "approver", systems: "*" }] }),
      ["More: ana: approve in the tier critical on every system", "Less: ana: ask on every system"],
    ],
    [
      "an account for another",
      changed("dana", { accounts: { console: ["dana", "dana2"] } }),
      ["More: dana: another account", "Less: dana: an account less"],
    ],
    [
      "a group's role",
      policy({ groups: [{ surface: "slack", group: "S1", role: "lead", systems: "*" }] }),
      [
        "More, where an account is in a group: ana: stop, audit, approve in the tier critical on every system",
        "More, where an account is in a group: boris: ask, stop, audit on every system",
        "More, where an account is in a group: dana: ask, stop, audit, approve in the tier critical on every system",
      ],
    ],
    [
      "a rule that asks for nobody any more",
      policy({
        rules: [
          { risk: "destructive", tier: "notice" },
          { risk: "change", tier: "notice" },
        ],
      }),
      [
        "More: ana, boris, chen: what they ask for or agree to takes fewer people",
        "Less: boris, chen: their yes counts in fewer decisions",
      ],
    ],
    [
      "a channel that allows less",
      policy({
        channels: policy()
          .channels.map((each) => (each.id === "ops" ? { ...each, allow: ["read"] as const } : each))
          .map((each) => ({ ...each, allow: [...each.allow] })),
      }),
      ["Less: ana, boris, chen: in fewer channels or conversations"],
    ],
    [
      "a rule that says the same",
      policy({ rules: [...policy().rules, { risk: "change", tier: "critical" }] }),
      [nobody],
    ],
    ["a time alone", policy({ tiers: policy().tiers.map((tier) => ({ ...tier, window: 1_000 })) }), [nobody]],
  ])("%s", (_what, after, lines) => {
    expect(changeEffects(policy(), after)).toEqual(lines);
  });

  it("is told of so many in whole lines of a few names, everybody once", () => {
    const many = Array.from({ length: 19 }, (_, at) => person(`p${at}`, "viewer"));
    const lines = changeEffects(policy(), policy({ people: [...people, ...many] }));
    expect(lines).toHaveLength(3);
    expect(lines.join(" ").match(/\bp\d+\b/g)).toEqual(many.map(({ id }) => id));
  });

  it("names nobody in a way that another could be taken for", () => {
    const olga = { ...person("olga", "viewer"), name: "chen, boris\u202e" };
    expect(changeEffects(policy(), policy({ people: [...people, olga] }))).toEqual([
      'New: "chen, boris" (olga): read on every system',
    ]);
    const same = { ...person("olga", "viewer"), name: "Chen" };
    expect(changeEffects(policy(), policy({ people: [...people, same] })).join()).toContain("New: Chen (olga):");
  });
});

it("says whose account somebody else has now", () => {
  const bo = { ...person("bo", "viewer"), name: "Bo Larsen", accounts: { terminal: ["boris"] } };
  const moved = people.map((each) => (each.id === "boris" ? { ...each, accounts: { console: ["boris"] } } : each));
  expect(changeEffects(policy(), policy({ people: [...moved, bo] }))).toEqual([
    "Bo Larsen (bo) has an account that was boris's",
    "New: Bo Larsen (bo): read on every system",
    "Less: boris: an account less",
  ]);
});
