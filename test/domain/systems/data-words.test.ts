import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dataWords } from "../../../src/domain/systems/data-words.ts";
import { parseExactly } from "../../../src/domain/systems/exact.ts";

const long = (symbol: string, quantity: number) => ({ symbol, side: "long", quantity });

describe("data in words", () => {
  it.each([
    ["a number", 0.1, "0.1"],
    ["a number beyond 2^53", parseExactly("90071992547409931234567890"), "90071992547409931234567890"],
    [
      "a fraction with more digits than a double holds",
      parseExactly("[0.12345678901234567890]"),
      "0.12345678901234567890",
    ],
    ["null", null, "null"],
    ["yes or no", false, "false"],
    ["a text", "live since noon, they say", "live since noon, they say"],
    ["an empty text", "", '""'],
    ["an empty list", [], "none"],
    ["an empty map", {}, "none"],
    ["a map", { api: 3, worker: 2 }, "api 3, worker 2"],
    ["a list of plain values", ["a", 2, true, null], "a, 2, true, null"],
    [
      "a list of maps",
      [long("BTCUSDT", 1.5), long("ETHUSDT", 9)],
      "symbol BTCUSDT, side long, quantity 1.5; symbol ETHUSDT, side long, quantity 9",
    ],
    ["one map in a list", [long("BTCUSDT", 1.5)], "symbol BTCUSDT, side long, quantity 1.5"],
    ["a list of lists", [[1, 2], [], [3]], "(1, 2); none; (3)"],
    [
      "one inside another",
      { complete: true, of: { api: { tries: [1, 2] }, web: {} } },
      "complete true, of (api (tries (1, 2)), web none)",
    ],
    ["what lies too deep", { a: { b: { c: { d: { e: 1, f: 2 } } } } }, "a (b (c (d (2 fields))))"],
    ["a list that lies too deep", { a: { b: { c: { d: [1] } } } }, "a (b (c (d (1 entry))))"],
    ["a text that looks like what could stand beside it", { why: "x, side long" }, 'why "x, side long"'],
    ["an empty text in a map", { why: "" }, 'why ""'],
    ["a key of every object", JSON.parse('{"__proto__":1}'), "__proto__ 1"],
  ])("%s", (_what, value, said) => {
    expect(dataWords(value)).toBe(said);
  });

  it("ends after a whole item, with how many more there are", () => {
    const said = dataWords(Array.from({ length: 2_000 }, (_, at) => long(`COIN${at}`, at)));
    expect(said).toMatch(/^(symbol COIN\d+, side long, quantity \d+; )+and 1,99\d more$/);
    expect(dataWords(Array.from({ length: 100 }, (_, at) => 1_000_000 + at))).toMatch(/^(10000\d\d, )+and \d+ more$/);
    expect(dataWords({ deep: Array.from({ length: 100 }, (_, at) => `item${at}`) })).toMatch(
      /^deep \((item\d+, )+and \d+ more\)$/,
    );
  });

  it("cuts a long text after a word, and tells of one word how long it is", () => {
    expect(dataWords("word ".repeat(100))).toMatch(/^(word )+…$/);
    expect(dataWords({ blob: "x".repeat(5_000) })).toBe("blob 5,000 characters");
    const digest = `sha256:${"0a".repeat(32)}`;
    expect(dataWords({ digest })).toBe(`digest ${digest}`);
  });

  it("is inert and on one line", () => {
    expect(dataWords({ state: "\u001b[31mred\u001b[0m\u202e" })).toBe("state red");
    expect(dataWords("one\ntwo")).toBe("one⟨U+000A⟩two");
    expect(dataWords({ "a\u0000b": 1 })).not.toContain("\u0000");
  });

  it.each([
    [{ password: "hunter2" }, "password [redacted]"],
    [{ pin: 4471 }, "pin [redacted]"],
    [{ secret: { a: "hunter2" }, n: 1 }, "secret [redacted], n 1"],
    [{ name: "DB_PASS", value: "hunter2", n: 1 }, "name DB_PASS, value [redacted], n 1"],
    [["--password", "hunter2hunter2"], "--password, [redacted]"],
    [{ url: "postgres://u:hunter2@h/db" }, "url postgres://u:[redacted]@h/db"],
    [{ a: { b: { c: { token: "hunter2hunter2" } } } }, "a (b (c (token [redacted])))"],
    ["token=ghp_abcdefghijklmnop1234", "token=[redacted]"],
    [{ token: "BTC", total_tokens: 512, session_id: 42 }, "token BTC, total_tokens 512, session_id 42"],
  ])("masks what is a secret and nothing else: %j", (value, said) => {
    expect(dataWords(value)).toBe(said);
  });

  it("is short, whatever it is given", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        expect(dataWords(value).length).toBeLessThan(1_000);
      }),
    );
  });
});
