import { expect, it } from "vitest";
import type { SealedReading } from "../../../src/domain/approvals/plan.ts";
import { positionsOf, readingSums, readingTitle, riskierNow } from "../../../src/domain/approvals/readings.ts";

function held(quantity: number, growth = 0.05): SealedReading {
  const positions = [{ symbol: "BTC", side: "long" as const, quantity, price: 100 }];
  return { kind: "positions", takenAt: 1, value: { currency: "USD", positions }, terms: { growth } };
}

const weather: SealedReading = { kind: "weather", takenAt: 1, value: "fair", terms: null };

it.each([
  ["as many as before", [held(10)], [held(10)], []],
  ["fewer", [held(10)], [held(1)], []],
  ["as many more as the approved terms allow", [held(10, 0.1)], [held(11, 0)], []],
  ["more than the approved terms allow", [held(10)], [held(11, 9)], ["BTC: grew from 10 to 11, more than 5 % allows"]],
  ["none that could be read", [held(10)], [], ["positions cannot be compared"]],
  ["of another kind", [held(10)], [weather], ["positions cannot be compared"]],
  ["of a kind that nobody knows", [weather], [weather], ["weather cannot be compared"]],
  ["more than there were approved", [], [held(10)], []],
])("a reading of %s", (_what, approved, live, riskier) => {
  expect(riskierNow(approved, live)).toEqual(riskier);
});

it("tells what it is called and what it comes to", () => {
  expect(readingTitle("positions")).toBe("open positions");
  expect(readingTitle("weather")).toBe("weather");
  expect(readingSums([held(10), weather])).toEqual([{ name: "Notional", value: expect.stringContaining("1,000") }]);
  expect(positionsOf(held(10))?.positions).toHaveLength(1);
  expect(positionsOf(weather)).toBeUndefined();
});
