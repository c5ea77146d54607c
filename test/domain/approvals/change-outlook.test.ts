import { expect, it } from "vitest";
import { changeOutlook } from "../../../src/domain/approvals/change-outlook.ts";
import { people, person, policy } from "./request-fixtures.ts";

const before = policy({});

it("has nothing to add to a change that two people can agree to", () => {
  expect(changeOutlook(before, { ...before, people: [...people, person("emil", "viewer")] }).notes).toEqual([]);
});

it("names the way past two people where too few could agree, and who they are", () => {
  // Boris and Chen may approve; one of them gains, so that one is left where it takes two.
  const raised = people.map((each) =>
    each.id === "boris" ? { ...each, grants: [...each.grants, { role: "lead", systems: "*" as const }] } : each,
  );
  const { favours, notes } = changeOutlook(before, { ...before, people: raised });
  expect(favours).toEqual(["boris"]);
  expect(notes).toEqual([
    expect.stringMatching(
      /^Only \w+ could agree to this, which is too few; 1 other .*wardroom policy adopt --offline\.$/,
    ),
  ]);
});

it("names it where the rules ask for more people than there are", () => {
  const many = { id: "many", alternatives: [[{ role: "lead", count: 9 }]], decideBy: 60_000, window: 60_000 };
  const strict = { ...before, tiers: [...before.tiers, many], rules: [{ system: "wardroom", tier: "many" }] };
  expect(changeOutlook(strict, { ...strict, people: [...people, person("emil", "viewer")] }).notes.join()).toContain(
    "wardroom policy adopt --offline",
  );
});

it("says who may gain by a group, which nobody looks up", () => {
  const group = { role: "lead", systems: "*" as const, surface: "slack", group: "S1" };
  // Chen is a lead already.
  expect(changeOutlook(before, { ...before, groups: [group] }).notes).toContain(
    "By a group that an account of theirs may be in, these may gain: ana, boris, dana.",
  );
});
