import { expect, it } from "vitest";
import { amount, inFull, money, wholeItems } from "../../../src/domain/text/quantities.ts";

it.each([
  [0, "", "0"],
  [1.25e-7, "", "0.000000125"],
  [0.000_031, "", "0.000031"],
  [0.000_02, "", "0.00002"],
  [0.0123456, "x", "0.0123 x"],
  [0.05, "", "0.05"],
  [0.123456, "", "0.12"],
  [-0.0004, "%", "-0.0004 %"],
  [0.000_000_4, "s", "0.0004 ms"],
  [12_345.6, "USD", "12,346 USD"],
])("%d %s reads %j: what is not zero never reads as zero", (value, unit, words) =>
  expect(amount(value, unit)).toBe(words),
);

it.each([
  [11.25, "11.25"],
  [125_000_000.5, "125,000,000.5"],
  [8.12e-6, "0.00000812"],
  [60_990.123456, "60,990.123456"],
  [9_007_199_254_740_991, "9,007,199,254,740,991"],
  [0.1 + 0.2, "0.30000000000000004"],
])("%d in full is %j", (value, words) => expect(inFull(value)).toBe(words));

it("a number that a double cannot hold to the last digit is marked", () => {
  expect(amount(9_007_199_254_740_992, "B")).toBe("≈9,007,199,254,740,992 B");
  expect(amount(9_007_199_254_740_991)).toBe("9,007,199,254,740,991");
  expect(inFull(-1e16)).toBe("≈-10,000,000,000,000,000");
  expect(money(1e17, "USD")).toBe("≈100,000,000,000,000,000 USD");
});

it("money below a cent is no zero either", () => {
  expect(money(0, "USD")).toBe("0.00 USD");
  expect(money(0.0000041, "USD")).toBe("0.0000041 USD");
  expect(money(-20, "USD")).toBe("-20.00 USD");
});

it.each([
  [["flatten", "resume"], 100, "flatten, resume"],
  [["flatten", "resume", "restore"], 24, "flatten, resume, restore"],
  [["flatten", "resume", "restore"], 23, "flatten and 2 more"],
  [["flatten", "resume", "restore"], 5, "3 more"],
])("%j in %d characters are %j: none is cut", (items, longest, words) =>
  expect(wholeItems(items, longest)).toBe(words),
);
