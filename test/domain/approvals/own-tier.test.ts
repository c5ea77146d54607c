import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type OwnAsked, ownTierOf } from "../../../src/domain/approvals/own-tier.ts";
import type { Slot, Tier } from "../../../src/domain/people/policy.ts";
import { policy } from "./request-fixtures.ts";

const asked: OwnAsked = { risk: "destructive", direction: "neutral", operation: "settle", least: 1 };
const [approver, lead] = [
  { role: "approver", count: 1 },
  { role: "lead", count: 1 },
];
const tier = (...alternatives: Slot[][]): Tier => ({ id: "own", alternatives, decideBy: 1_000, window: 2_000 });
const ruled = (alternatives: Slot[][]) =>
  policy({ tiers: [tier(...alternatives)], rules: [{ tier: "own", system: "wardroom" }] });

describe("who agrees to what changes Wardroom itself", () => {
  it("is anybody else who may approve, where no rule names it: rules about all systems do not count", () => {
    const free = policy({ rules: [{ tier: "notice" }] });
    expect(ownTierOf(asked, free)?.alternatives).toEqual([[approver], [lead]]);
    expect(ownTierOf({ ...asked, least: 2 }, free)?.alternatives).toEqual([
      [{ role: "approver", count: 2 }],
      [approver, lead],
      [{ role: "lead", count: 2 }],
    ]);
  });

  it.each([
    ["fewer", [], 1, [[approver], [lead]]],
    ["more", [[lead, approver]], 1, [[lead, approver]]],
    ["others", [[lead]], 1, [[lead]]],
    [
      "one where two are due",
      [[lead]],
      2,
      [
        [lead, approver],
        [lead, lead],
      ],
    ],
  ] as const)("a rule that names it and asks for %s", (_what, written, least, alternatives) => {
    const mutable = written.map((slots) => [...slots]);
    expect(ownTierOf({ ...asked, least }, ruled(mutable))).toMatchObject({ decideBy: 1_000, alternatives });
  });

  it("is nobody where no role gives the right to approve, which is never the same as needing nobody", () => {
    expect(ownTierOf(asked, policy({ roles: [{ id: "viewer", may: ["read"] }] }))).toBeUndefined();
  });

  it("is never fewer people than are due, whatever the rules say", () => {
    const slots = fc.array(
      fc.record({ role: fc.constantFrom("approver", "lead"), count: fc.integer({ min: 1, max: 2 }) }),
    );
    fc.assert(
      fc.property(fc.array(slots), fc.constantFrom(1 as const, 2 as const), (alternatives, least) => {
        const all = ownTierOf({ ...asked, least }, ruled(alternatives))?.alternatives ?? [];
        expect(all.length).toBeGreaterThan(0);
        for (const each of all) expect(each.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThanOrEqual(least);
      }),
    );
  });
});
