import { expect, it } from "vitest";
import { changeOutlook } from "../../../src/domain/approvals/change-outlook.ts";
import { people, person, policy } from "./request-fixtures.ts";

const before = policy({});

it("names who may agree, and who may not because they gain", () => {
  expect(changeOutlook(before, { ...before, people: [...people, person("emil", "viewer")] })).toEqual({
    favours: ["emil"],
    effects: ["New: emil: read on every system"],
    agreeing: "May agree to this: boris, chen.",
  });
  const more = { ...before, people: [...people, person("emil", "lead")] };
  const raised = {
    ...more,
    people: more.people.map((each) => ({
      ...each,
      ...(each.id === "emil" && { accounts: { slack: ["U-emil", "U-2"] } }),
    })),
  };
  expect(changeOutlook(more, raised).agreeing).toBe("May agree to this: boris, chen; not emil, who would gain by it.");
});

it("names apart who may agree only where a group lets them", () => {
  const grouped = {
    ...before,
    groups: [{ role: "lead", systems: "*" as const, surface: "console" as const, group: "S1" }],
  };
  expect(changeOutlook(grouped, { ...grouped, people: [...people, person("emil", "viewer")] }).agreeing).toBe(
    "May agree to this: boris, chen; where an account of theirs is in a group, ana, dana.",
  );
});

it("names the way past two people where too few could agree, and who they are", () => {
  // Boris and Chen may approve; one of them gains, so that one is left where it takes two.
  const raised = people.map((each) =>
    each.id === "boris" ? { ...each, grants: [...each.grants, { role: "lead", systems: "*" as const }] } : each,
  );
  const { favours, agreeing } = changeOutlook(before, { ...before, people: raised });
  expect(favours).toEqual(["boris"]);
  expect(agreeing).toMatch(
    /^Only chen could agree to this, which is too few; not boris, who would .*wardroom policy adopt --offline\.$/,
  );
});

it("names it where the rules ask for more people than there are", () => {
  const many = { id: "many", alternatives: [[{ role: "lead", count: 9 }]], decideBy: 60_000, window: 60_000 };
  const strict = { ...before, tiers: [...before.tiers, many], rules: [{ system: "wardroom", tier: "many" }] };
  expect(changeOutlook(strict, { ...strict, people: [...people, person("emil", "viewer")] }).agreeing).toContain(
    "wardroom policy adopt --offline",
  );
});

it("says who may gain by a group, which nobody looks up", () => {
  const group = { role: "lead", systems: "*" as const, surface: "slack", group: "S1" };
  // Chen is a lead already.
  expect(changeOutlook(before, { ...before, groups: [group] }).effects.join()).toContain(
    "More, where an account is in a group: boris: ask, stop, audit on every system",
  );
});
