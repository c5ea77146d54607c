import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { riskierPositions } from "../../../src/domain/approvals/drift.ts";
import type { Position } from "../../../src/domain/systems/portfolio.ts";
import { notional } from "../../../src/domain/systems/portfolio.ts";

const long = (symbol: string, quantity: number, price = 100): Position => ({ symbol, side: "long", quantity, price });

const hedge = [long("BTC", 2), { ...long("BTC", 1), side: "short" as const }];

describe("drift between what was approved and what is there now", () => {
  it.each([
    ["the same", [long("BTC", 2)], [long("BTC", 2)], 0],
    ["smaller", [long("BTC", 2)], [long("BTC", 1)], 0],
    ["repriced", [long("BTC", 2, 100)], [long("BTC", 2, 55)], 0],
    ["closed", [long("BTC", 2), long("ETH", 1)], [long("ETH", 1)], 0],
    ["grown within the tolerance", [long("BTC", 2)], [long("BTC", 2.1)], 0],
    ["grown beyond it", [long("BTC", 2)], [long("BTC", 2.11)], 1],
    ["a new symbol", [long("BTC", 2)], [long("BTC", 2), long("SOL", 1)], 1],
    ["a flipped side", [long("BTC", 2)], [{ ...long("BTC", 1), side: "short" as const }], 1],
    ["a hedge, long and short of one symbol, unchanged", hedge, hedge, 0],
    ["a hedge of which one side is left", hedge, [long("BTC", 2)], 0],
    ["a hedge added to a long", [long("BTC", 2)], hedge, 1],
    ["the same in two entries", [long("BTC", 1), long("BTC", 1)], [long("BTC", 2)], 0],
    ["a second entry that makes it more", [long("BTC", 2)], [long("BTC", 2), long("BTC", 2)], 1],
    ["a long of a negative quantity", [long("BTC", 2)], [long("BTC", -3)], 1],
    ["anything where there was nothing", [], [long("BTC", 0.001)], 1],
  ])("%s", (...row) => {
    const [, approved, live, riskier] = row;
    expect(riskierPositions(approved, live, 0.05)).toHaveLength(riskier);
  });

  it("names the symbol and both quantities of what grew", () => {
    expect(riskierPositions([long("BTC", 2)], [long("BTC", 3)], 0.05)).toEqual([
      "BTC: grew from 2 to 3, more than 5 % allows",
    ]);
  });

  it("never calls a subset of what was approved riskier, at whatever price", () => {
    const positions = fc.uniqueArray(
      fc.record({
        symbol: fc.string({ minLength: 1 }),
        quantity: fc.double({ min: 0.001, max: 1e6, noNaN: true }),
        price: fc.double({ min: 0.01, max: 1e6, noNaN: true }),
      }),
      { selector: (each) => each.symbol },
    );
    fc.assert(
      fc.property(
        positions,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 3, noNaN: true }),
        (all, share, reprice) => {
          const approved = all.map(({ symbol, quantity, price }) => long(symbol, quantity, price));
          const live = approved
            .slice(1)
            .map((position) => ({ ...position, quantity: position.quantity * share, price: position.price * reprice }));
          expect(riskierPositions(approved, live, 0)).toEqual([]);
        },
      ),
    );
  });

  it("sums the notional over both sides", () => {
    expect(notional([long("BTC", 2, 10), { ...long("ETH", 3, 5), side: "short" }])).toBe(35);
  });
});

it("fifteen thousand positions and a hedge are compared one by one, in whatever order they come", () => {
  const many = [...hedge, ...Array.from({ length: 15_000 }, (_, n) => long(`S${n}`, 2))];
  expect(riskierPositions(many, many.toReversed(), 0.05)).toEqual([]);
  expect(riskierPositions(many, [...many, long("S7", 1)], 0.05)).toHaveLength(1);
});

it("of many differences the first ten are told, and how many there are besides", () => {
  const told = riskierPositions(
    [],
    Array.from({ length: 15_000 }, (_, n) => long(`S${n}`, 2)),
    0.05,
  );
  expect(told).toHaveLength(11);
  expect(told.at(-1)).toBe("14990 positions more, each riskier too");
});
