import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Candidate, fillSlots, missingSlots } from "../../../src/domain/approvals/quorum.ts";
import type { Slot } from "../../../src/domain/people/policy.ts";

const role = fc.constantFrom("approver", "lead", "sre", "trading");
const slots = fc.array(fc.record({ role, count: fc.integer({ min: 1, max: 2 }) }), { maxLength: 3 });
const people = fc.uniqueArray(
  fc.record({ id: fc.constantFrom("ana", "boris", "chen", "dana", "eva"), roles: fc.uniqueArray(role) }),
  { selector: (person) => person.id },
);

/** The definition itself, by trying every person for every place. */
function fillableByTrying(open: readonly string[], free: readonly Candidate[]): boolean {
  const [first, ...rest] = open;
  if (first === undefined) return true;
  return free.some(
    (person) =>
      person.roles.includes(first) &&
      fillableByTrying(
        rest,
        free.filter((other) => other !== person),
      ),
  );
}

function places(wanted: readonly Slot[]): string[] {
  return wanted.flatMap((slot) => Array.from({ length: slot.count }, () => slot.role));
}

function one(slotRole: string): Slot {
  return { role: slotRole, count: 1 };
}

describe("fillSlots", () => {
  const cases: { name: string; wanted: Slot[]; given: Candidate[]; filled: boolean }[] = [
    { name: "no slots need nobody", wanted: [], given: [], filled: true },
    { name: "an open slot with nobody", wanted: [one("lead")], given: [], filled: false },
    {
      name: "one person with two roles fills one of two slots",
      wanted: [one("sre"), one("trading")],
      given: [{ id: "ana", roles: ["sre", "trading"] }],
      filled: false,
    },
    {
      name: "the person with two roles makes way for the one with one",
      wanted: [one("sre"), one("trading")],
      given: [
        { id: "ana", roles: ["sre", "trading"] },
        { id: "boris", roles: ["sre"] },
      ],
      filled: true,
    },
    {
      name: "the same person listed twice counts once",
      wanted: [{ role: "sre", count: 2 }],
      given: [
        { id: "ana", roles: ["sre"] },
        { id: "ana", roles: ["sre"] },
      ],
      filled: false,
    },
    { name: "a role nobody holds", wanted: [one("lead")], given: [{ id: "ana", roles: ["sre"] }], filled: false },
  ];
  it.each(cases)("$name", ({ wanted, given, filled }) => {
    expect(fillSlots(wanted, given)).toBe(filled);
  });

  it("agrees with trying everyone in every place", () => {
    fc.assert(
      fc.property(slots, people, (wanted, given) => {
        expect(fillSlots(wanted, given)).toBe(fillableByTrying(places(wanted), given));
      }),
    );
  });

  it("never needs fewer people when a slot is added", () => {
    fc.assert(
      fc.property(slots, people, role, (wanted, given, extra) => {
        const before = fillSlots(wanted, given);
        const after = fillSlots([...wanted, one(extra)], given);
        expect(before || !after).toBe(true);
      }),
    );
  });
});

describe("missingSlots", () => {
  it("does not depend on the order of people or slots", () => {
    fc.assert(
      fc.property(slots, people, fc.infiniteStream(fc.nat()), (wanted, given, random) => {
        const shuffle = <Item>(items: readonly Item[]): Item[] =>
          items
            .map((item) => ({ item, rank: Number(random.next().value) }))
            .toSorted((a, b) => a.rank - b.rank)
            .map(({ item }) => item);
        expect(missingSlots(shuffle(wanted), shuffle(given))).toEqual(missingSlots(wanted, given));
      }),
    );
  });

  it("leaves open exactly as many places as the fewest people who must still come", () => {
    fc.assert(
      fc.property(slots, people, (wanted, given) => {
        const open = places(missingSlots(wanted, given));
        const newcomers = open.map((each, index) => ({ id: `new-${index}`, roles: [each] }));
        expect(fillSlots(wanted, [...given, ...newcomers])).toBe(true);
        const allButOne = [...given, ...newcomers.slice(1)];
        expect(fillSlots(wanted, allButOne)).toBe(newcomers.length === 0);
      }),
    );
  });
});
