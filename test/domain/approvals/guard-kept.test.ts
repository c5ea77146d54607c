import { describe, expect, it } from "vitest";
import { changeOutlook } from "../../../src/domain/approvals/change-outlook.ts";
import { guardLost } from "../../../src/domain/approvals/guard-kept.ts";
import type { Person } from "../../../src/domain/people/person.ts";
import type { Policy } from "../../../src/domain/people/policy.ts";
import { people, person, policy } from "./request-fixtures.ts";

/** Boris, an approver, and Chen, a lead, decide. */
const before = policy();
const others = people.filter(({ id }) => id !== "boris" && id !== "chen");
const [boris, chen] = [person("boris", "approver"), person("chen", "lead")];
const after = (...deciding: Person[]): Policy => policy({ revision: "r2", people: [...others, ...deciding] });
const on = (id: string, accounts: Person["accounts"]): Person => ({ ...person(id, "approver"), accounts });
const asked = (alternatives: Policy["tiers"][number]["alternatives"]): Partial<Policy> => ({
  tiers: [...before.tiers, { id: "own", alternatives, decideBy: 60_000, window: 60_000 }],
  rules: [{ system: "wardroom", tier: "own" }, ...before.rules],
});

/** A second id of Boris, on a system alone. */
const bo = (role: string): Person => ({
  ...person("bo", role, ["alphapulse"]),
  accounts: { terminal: ["boris"] },
});
const leadWhereQuiet = (id: string): Person => ({
  ...person(id, "lead"),
  grants: [
    { role: "lead", systems: ["wardroom"], channels: ["quiet"] },
    { role: "approver", systems: ["wardroom"], channels: ["ops"] },
  ],
});

describe("a change after which two people can no longer agree is nobody's to agree to", () => {
  it.each<[string, Policy, string]>([
    ["one of two goes", after(boris), "leave only boris to"],
    ["both go", after(), "leave nobody to"],
    ["one becomes a viewer", after(boris, person("chen", "viewer")), "leave only boris to"],
    ["one may approve for another system alone", after(boris, person("chen", "lead", ["alphapulse"])), "only boris to"],
    ["the role no longer approves", policy({ roles: before.roles.filter(({ id }) => id !== "lead") }), "only boris to"],
    ["no channel lets anybody approve", policy({ channels: before.channels.slice(1, 2) }), "leave nobody to"],
    ["the second has no account", after(boris, on("emil", {})), "leave only boris to"],
    ["the second has one where nobody approves", after(boris, on("emil", { discord: ["7"] })), "leave only boris to"],
    [
      "the second has one of the first",
      after(on("boris", { console: ["boris"] }), on("bo", { slack: ["U-boris"] })),
      "boris",
    ],
    [
      "the second has one on a surface where nobody is heard",
      { ...after(boris, on("emil", { pager: ["1"] })), direct: { allow: ["read", "approve"] } },
      "leave only boris to",
    ],
    [
      "the role that counts is held only where nobody may approve",
      {
        ...policy(asked([[{ role: "lead", count: 2 }]])),
        people: [...others, ...["boris", "chen"].map(leadWhereQuiet)],
      },
      "leave nobody to",
    ],
    [
      "one gets a second id that may ask where the first agrees",
      after(on("boris", { console: ["boris"] }), bo("lead"), chen, person("emil", "lead")),
      "let one person decide alone on what takes two: boris, bo have accounts of the same person",
    ],
    ["rules ask for more than are left", policy(asked([[{ role: "lead", count: 2 }]])), "its rules ask for 2 leads"],
    ["rules ask for a role that nobody has", policy(asked([[{ role: "operator", count: 2 }]])), "leave nobody to"],
  ])("%s", (_when, changed, words) => {
    expect(guardLost(before, changed)).toContain(words);
    expect(guardLost(before, changed)).toContain("Nobody's yes in chat puts that in force");
    expect(changeOutlook(before, changed).agreeing).toContain("wardroom policy adopt --offline on its machine");
  });

  it.each<[string, Policy]>([
    ["others take their place", after(person("emil", "lead"), person("fay", "approver"))],
    ["one has another account besides", after(boris, { ...chen, accounts: { ...chen.accounts, slack: ["U-2"] } })],
    ["one has another id", after(boris, { ...chen, id: "chen-li" })],
    ["one has a second id that only reads", after(on("boris", { console: ["boris"] }), bo("viewer"), chen)],
    ["rules ask for what there is", policy(asked([[{ role: "lead", count: 1 }]]))],
    [
      "a group may make one",
      policy({
        ...after(boris),
        groups: [{ surface: "slack", group: "S1", role: "lead", systems: "*" }],
        channels: before.channels.map((each) => ({ ...each, surface: "slack" })),
      }),
    ],
  ])("is not one by which %s", (_when, changed) => {
    expect(guardLost(before, changed)).toBeUndefined();
  });

  it("tells people apart by the accounts that were theirs, also beside enough others", () => {
    const twice = after(
      on("boris", { console: ["boris"] }),
      on("bo", { slack: ["U-boris"] }),
      chen,
      person("emil", "lead"),
    );
    const slack = before.channels.map((each) => ({ ...each, id: `slack-${each.id}`, surface: "slack" }));
    const changed = { ...twice, channels: [...before.channels, ...slack] };
    expect(guardLost(before, changed)).toContain(
      "let one person agree twice: boris, bo have accounts of the same person",
    );
  });

  it("says nothing where fewer than two could agree before: such files come into force as they are read", () => {
    const alone = after(boris);
    expect(guardLost(alone, after())).toBeUndefined();
    expect(changeOutlook(alone, after()).agreeing).toContain("comes into force as the bot reads it");
  });
});
