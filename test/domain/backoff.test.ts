import fc from "fast-check";
import { expect, it } from "vitest";
import { type Backoff, backoffMs } from "../../src/domain/backoff.ts";

const bounds: Backoff = { firstMs: 200, mostMs: 5_000 };

it.each([
  [0, 200],
  [1, 400],
  [4, 3_200],
  [5, 5_000],
  [40, 5_000],
])("after %i failures it is at most %i ms", (failures, most) => {
  expect([backoffMs(failures, bounds, 0), backoffMs(failures, bounds, 0.5), backoffMs(failures, bounds, 1)]).toEqual([
    0,
    most / 2,
    most,
  ]);
});

it("stays between its least and its most", () => {
  fc.assert(
    fc.property(fc.nat(2_000), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
      const ms = backoffMs(failures, { leastMs: 100, firstMs: 100, mostMs: 5_000 }, random);
      expect(ms).toBeGreaterThanOrEqual(100);
      expect(ms).toBeLessThanOrEqual(5_000);
    }),
  );
});
