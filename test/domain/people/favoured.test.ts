import { describe, expect, it } from "vitest";
import { keptOutOf } from "../../../src/domain/people/favoured.ts";
import type { Policy } from "../../../src/domain/people/policy.ts";
import { person, policy } from "../approvals/request-fixtures.ts";

const three = [person("boris", "approver"), person("chen", "lead"), person("dana", "lead")];
const before = policy({
  people: three,
  tiers: [
    { id: "one", alternatives: [[{ role: "lead", count: 1 }]], decideBy: 60_000, window: 60_000 },
    { id: "two", alternatives: [[{ role: "lead", count: 2 }]], decideBy: 60_000, window: 60_000 },
    {
      id: "both",
      alternatives: [
        [
          { role: "approver", count: 1 },
          { role: "lead", count: 1 },
        ],
      ],
      decideBy: 60_000,
      window: 60_000,
    },
  ],
  rules: [{ tier: "two" }],
});

describe("who may not agree to a change of tiers and rules", () => {
  it("is who counts among approvers where they did not before", () => {
    expect(keptOutOf(before, { ...before, rules: [{ tier: "both" }] }, three)).toEqual(["boris"]);
    expect(
      keptOutOf(before, { ...before, rules: [{ operation: "restart", tier: "both" }, { tier: "two" }] }, three),
    ).toEqual(["boris"]);
  });

  it("is nobody where fewer than two others could agree", () => {
    expect(keptOutOf(before, { ...before, rules: [{ tier: "one" }] }, three)).toEqual([]);
    expect(keptOutOf(before, { ...before, rules: [{ tier: "both" }] }, three.slice(0, 2))).toEqual([]);
  });

  it("is nobody where the rules only ask for more", () => {
    expect(keptOutOf({ ...before, rules: [{ tier: "one" }] }, before, three)).toEqual([]);
  });
});

describe("a role by group", () => {
  const group = { role: "lead", systems: "*" as const, surface: "slack", group: "S1" };
  const onSlack = { ...person("boris", "approver"), accounts: { slack: ["U1"] } };

  it("keeps out who may be in it while two others could agree, and else nobody", () => {
    const people = [onSlack, ...three.slice(1)];
    expect(keptOutOf({ ...before, people }, { ...before, people, groups: [group] }, people)).toEqual(["boris"]);
    const few = people.slice(0, 2);
    expect(keptOutOf({ ...before, people: few }, { ...before, people: few, groups: [group] }, few)).toEqual([]);
  });
});

describe("whoever could agree", () => {
  const other = (id: string, by: Partial<Policy["people"][number]>) => ({ ...person(id, "approver"), ...by });
  const [boris, chen] = [other("boris", {}), other("chen", {})];
  const two = policy({ people: [boris, chen] });
  const twice = (id: string) =>
    other(id, { accounts: { ...person(id, "approver").accounts, slack: [`U-${id}`, "U-2"] } });
  const stops = (id: string) => other(id, { grants: [...boris.grants, { role: "lead", systems: ["alphapulse"] }] });

  it("is let in where all of them gain alike, and not where another gains something else", () => {
    expect(keptOutOf(two, { ...two, people: [twice("boris"), twice("chen")] }, [boris, chen])).toEqual([]);
    expect(keptOutOf(two, { ...two, people: [stops("boris"), stops("chen")] }, [boris, chen])).toEqual([]);
    expect(keptOutOf(two, { ...two, people: [stops("boris"), twice("chen")] }, [boris, chen])).toEqual([
      "boris",
      "chen",
    ]);
  });

  it("is never let in with a second id, whatever others gain", () => {
    const bo = { ...person("bo", "viewer"), accounts: { terminal: ["boris"] } };
    const after = { ...two, people: [other("boris", { accounts: { console: ["boris"] } }), bo, twice("chen")] };
    expect(keptOutOf(two, after, [boris, chen])).toEqual(expect.arrayContaining(["boris", "bo"]));
  });

  it("is kept out where somebody gains who has an account that was theirs of late", () => {
    const bo = { ...person("bo", "approver"), accounts: { slack: ["U-2"] } };
    const was = { surface: "slack", account: "U-2", id: "boris", name: "Boris", until: 0 };
    const after = { ...two, people: [boris, twice("chen"), bo] };
    expect(keptOutOf(two, after, [boris, chen])).not.toContain("boris");
    expect(keptOutOf(two, after, [boris, chen], [was])).toEqual(expect.arrayContaining(["boris", "bo"]));
    // It is the same human, whichever of the two ids gains.
    const later = { ...two, people: [boris, chen, bo] };
    expect(keptOutOf(later, { ...two, people: [stops("boris"), chen, bo] }, later.people, [was])).toContain("bo");
    expect(keptOutOf(later, { ...two, people: [boris, stops("chen"), bo] }, later.people, [was])).toEqual(["chen"]);
  });
});
