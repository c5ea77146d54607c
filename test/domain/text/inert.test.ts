import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inert, inertJson } from "../../../src/domain/text/inert.ts";

const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]/u;

describe("inert", () => {
  it("spells out what reorders, hides or controls", () => {
    expect(inert("pay\u202Eload")).toBe("pay⟨U+202E⟩load");
    expect(inert("a\u200Bb\uFEFFc\u2066d\u2060")).toBe("a⟨U+200B⟩b⟨U+FEFF⟩c⟨U+2066⟩d⟨U+2060⟩");
    expect(inert("\u001B[31mred\r\u0000")).toBe("⟨U+001B⟩[31mred⟨U+000D⟩⟨U+0000⟩");
    expect(inert("lone \uD800 half")).toBe("lone ⟨U+D800⟩ half");
    expect(inert("tag \u{E0041}")).toBe("tag ⟨U+E0041⟩");
    expect(inert("no\u00A0break")).toBe("no⟨U+00A0⟩break");
  });

  it("keeps line feeds only where they are allowed", () => {
    expect(inert("a\nb")).toBe("a⟨U+000A⟩b");
    expect(inert("a\nb\r\n", { newlines: true })).toBe("a\nb⟨U+000D⟩\n");
  });

  it("keeps words of every script and whole emoji", () => {
    for (const text of ["naïve Straße", "日本語", "العربية", "हिन्दी", "👩‍🚀 👍🏽 ❤️ 1️⃣ 🇩🇪", "⏱ 12 ms"])
      expect(inert(text)).toBe(text);
  });

  it("keeps a joiner only between pictographs", () => {
    expect(inert("ad\u200Dmin")).toBe("ad⟨U+200D⟩min");
    expect(inert("👩\u200D")).toBe("👩⟨U+200D⟩");
  });

  it("is total over all code points", () => {
    const left: string[] = [];
    for (let code = 0; code <= 0x10_ff_ff; code += 1) {
      if (unseen.test(inert(String.fromCodePoint(code)))) left.push(code.toString(16));
    }
    expect(left).toEqual([]);
    expect(inert("")).toBe("");
  });

  it("leaves nothing unseen in any string, joined emoji apart, and settles at once", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), (binary, text) => {
        const shown = inert(binary + text);
        expect(shown.isWellFormed()).toBe(true);
        expect(unseen.test(shown.replaceAll("\u200D", ""))).toBe(false);
        expect(inert(shown)).toBe(shown);
      }),
      { numRuns: 500 },
    );
  });

  it("leaves a text alone in which nothing is hidden", () => {
    expect(inert("plain")).toBe("plain");
    expect(inert("a\u202Eb")).not.toBe("a\u202Eb");
    expect(inert("a\nb", { newlines: true })).toBe("a\nb");
  });
});

it("JSON says the same with everything escaped that a terminal would obey", () => {
  const said = { text: "a\u009b31m\u202eb\u001b[2J\u2028é 👩‍🔧 \u{E0001}" };
  const safe = inertJson(JSON.stringify(said));
  expect(JSON.parse(safe)).toEqual(said);
  expect(safe).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
});
