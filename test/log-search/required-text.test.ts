import fc from "fast-check";
import { RE2JS } from "re2js";
import { describe, expect, it } from "vitest";
import { requiredText } from "../../src/log-search/required-text.ts";

function matches(pattern: string, text: string): boolean {
  try {
    return RE2JS.compile(pattern).test(text);
  } catch {
    return false;
  }
}

describe("the text that every match holds", () => {
  it.each([
    ["RISK_LIMIT.*account", "RISK_LIMIT"],
    [String.raw`took \d+ ms`, "took "],
    [String.raw`a\.b\.c`, "a.b.c"],
    ["(optional)?needed", "needed"],
    ["abcd?ef", "abc"],
    ["[abc]+long[[:alpha:]]", "long"],
    [String.raw`\p{Greek}rest\x41`, "rest"],
    ["abc{2}def", "def"],
  ])("%s: %s", (pattern, text) => {
    expect(requiredText(pattern)).toBe(text);
  });

  it.each(["one|two", "(?i)word", "ab", ".*", "(inner)", String.raw`\Qa*b\E`])("%s: not certain", (pattern) => {
    expect(requiredText(pattern)).toBeUndefined();
  });

  it("is in whatever a pattern matches", () => {
    const piece = fc.constantFrom(
      "abc",
      "d",
      "?",
      "*",
      "+",
      "{2}",
      "(",
      ")",
      "[xy]",
      ".",
      String.raw`\.`,
      String.raw`\w`,
      "^",
      "$",
      "[^a]",
      "[]a]",
    );
    const text = fc.string({ unit: fc.constantFrom("a", "b", "c", "d", "x", ".", "]", "abc", "dabc") });
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 8 }), text, (pieces, sample) => {
        const pattern = pieces.join("");
        const required = requiredText(pattern);
        expect(required !== undefined && matches(pattern, sample) && !sample.includes(required)).toBe(false);
      }),
      { numRuns: 3_000 },
    );
  });
});
