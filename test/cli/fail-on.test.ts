import { expect, it } from "vitest";
import { failOnFrom, isFailure } from "../../src/cli/fail-on.ts";

it.each([
  ["degraded", { good: false, neutral: false, warning: true, unknown: true, bad: true }],
  ["down", { good: false, neutral: false, warning: false, unknown: false, bad: true }],
  [undefined, { good: false, neutral: false, warning: false, unknown: false, bad: false }],
] as const)("--fail-on %s ends a script where an answer is as bad as that", (written, expected) => {
  const failOn = failOnFrom(written);
  const found = Object.fromEntries(Object.keys(expected).map((tone) => [tone, isFailure(tone, failOn)]));
  expect(found).toEqual(expected);
});

it("--fail-on says what it takes", () => {
  expect(() => failOnFrom("bad")).toThrow("--fail-on takes degraded or down, not bad.");
});
