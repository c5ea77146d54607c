import { expect, it } from "vitest";
import { requestCard } from "../../../src/cards/request.ts";
import { isKnownToAll } from "../../../src/domain/approvals/ended-by.ts";
import { people, person, policy, request, sealed } from "./request-fixtures.ts";

it("what a change of people and rules ends is known where all who read of the change may read its system", () => {
  expect(isKnownToAll("alphapulse", { ...policy(), channels: policy().channels.slice(0, 2) })).toBe(true);
  const elsewhere = policy({ people: [...people, person("emil", "viewer", ["logos"])] });
  expect(isKnownToAll("alphapulse", elsewhere)).toBe(true);
  const own = policy({ people: [...people, person("emil", "viewer", ["wardroom"])] });
  expect(isKnownToAll("alphapulse", own)).toBe(false);
  const narrow = policy().channels.map((each) => ({ ...each, systems: ["wardroom", "logos"] }));
  expect(isKnownToAll("alphapulse", policy({ channels: narrow }))).toBe(false);
  const groups = [{ surface: "slack", group: "S1", role: "viewer", systems: ["wardroom"] }];
  expect(isKnownToAll("alphapulse", policy({ groups }))).toBe(false);
});

it("is told by its code alone where it is not", () => {
  const change = sealed({ system: "wardroom", operation: "change-policy", systemTitle: "Wardroom" });
  const ends = [true, false].map((known) => ({
    request: request({ id: "request-2", code: "FEDCBA" }),
    sealed: sealed(),
    known,
  }));
  const [shown = "", hidden = ""] = ends.map((each) =>
    JSON.stringify(requestCard({ request: request(), sealed: change, run: undefined, ends: [each] })),
  );
  expect(shown).toContain("FEDCBA: flatten AlphaPulse-RL");
  expect(hidden).toContain("FEDCBA: on a system that not everybody who sees this may read");
  expect(hidden).not.toMatch(/AlphaPulse|flatten alpha/);
});
