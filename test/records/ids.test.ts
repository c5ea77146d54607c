import { expect, it } from "vitest";
import { canonical } from "../../src/records/ids.ts";

it("half of a character counts as the sign that stands for it once it was sent, in texts and in names", () => {
  const [half, whole] = ["\ud83d", "\uFFFD"].map((sign) => canonical({ b: [`x${sign}`], [`a${sign}`]: 1 }));
  expect(half).toBe(whole);
  expect(half).toBe(`{"a\uFFFD":1,"b":["x\uFFFD"]}`);
});

it("equal values have one form, whatever the order of their names", () => {
  expect(canonical({ b: 1, a: { d: null, c: "é" } })).toBe(canonical({ a: { c: "é", d: null }, b: 1 }));
});
