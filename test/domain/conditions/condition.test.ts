import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  conditionFault,
  expressionFault,
  expressionValue,
  isNameable,
  judge,
} from "../../../src/domain/conditions/condition.ts";

const named = { n: "integer", service: "text", now: "data" } as const;

describe("a condition", () => {
  const values = { n: 3, service: "api", now: { api: 2, web: 1.5, none: null, text: "7", "odd name": 4 } };

  const unlike = {
    now: { text: "3", none: null, texts: ["3"], numbers: [3, 4], mixed: [3, "b", null], nested: { a: ["3"] } },
  };

  it.each([
    ["n == 0 || n * 2 < now[service] || n > 5", false],
    ["now[service] == 2", true],
    ["now.web * 2 < 4", true],
    ["now.api + now.web == 3.5", true],
    ["now.api * n == 6", true],
    ["now.api / 4.0 == 0.5", true],
    ['"worker" in now', false],
    ["has(now.worker) && now.worker > 3", false],
    ['now["odd name"] == 4', true],
    ["now.none == null", true],
    ["null != now.api", true],
    ["now.text == null", false],
    ["service.startsWith('a')", true],
    ["size(now) == 5", true],
    ["now.all(each, each != '')", true],
  ])("judges %s", (condition, holds) => {
    expect(judge(condition, values)).toEqual({ ok: true, holds });
  });

  it.each([
    ["names what is not there", "now.worker > 3"],
    ["compares what cannot be compared", "now.none > 3"],
    ["compares a text with a number", "now.text > 3"],
    ["asks whether a text is a number", "now.text == 7"],
    ["asks whether a text is no number", "now.text != 7"],
    ["asks whether nothing is a number", "now.none == 3"],
    ["asks whether nothing is another thing", "now.api != now.none"],
    ["asks whether a record is a text", "now == 'api'"],
    ["divides by nothing", "now.api / 0 == 1"],
    ["comes to no yes or no", "now.api"],
    ["is none", "now.api >"],
    ["names what every object has", "now.constructor != null"],
    ["names what every object inherits from", 'now["__proto__"] != null'],
    ["names what was not read", "other > 3"],
  ])("that %s cannot be judged, which is not false", (_, condition) => {
    expect(judge(condition, values)).toMatchObject({ ok: false });
  });

  it.each([
    ["3 in now.texts"],
    ["!(3 in now.texts)"],
    ["now.text in now.numbers"],
    ["'3' in [1, 2]"],
    ["now.none in now.numbers"],
    ["now.texts != [3]"],
    ["[1] == ['1']"],
    ["now.nested == {'a': [3]}"],
    ["now.numbers.all(each, each in now.texts)"],
    ["3 in now.nested"],
    ["3 in now.text"],
    ["(now.texts == [3]) == false"],
  ])("%s compares unlike things, which cannot be judged", (condition) => {
    expect(judge(condition, unlike)).toMatchObject({ ok: false });
  });

  it.each([
    ["'3' in now.texts", true],
    ["'4' in now.texts", false],
    ["3 in now.numbers && 3.0 in now.numbers", true],
    ["3 in now.mixed", true],
    ["'b' in now.mixed", true],
    ["3 in []", false],
    ["null in now.mixed", true],
    ["null in now.texts", false],
    ["now.texts == ['3', '4']", false],
    ["now.mixed == [4, 5, 6]", false],
    ["now.numbers == [3.0, 4.0]", true],
    ["now.nested == {'a': ['3']}", true],
    ["now.nested == {'b': [3]}", false],
    ["'a' in now.nested", true],
    ["type(now.text) == string", true],
    ["timestamp('2026-01-01T00:00:00Z') == timestamp('2026-01-01T01:00:00+01:00')", true],
    ["duration('90s') == duration('1m')", false],
    ["4 - (3 - 2) == 3 && -now.numbers[0] == -3 && 'x\\\\' != \"x'\"", true],
    ["now.numbers.filter(each, each != 3) == [4]", true],
    ["(now.text == '3' ? 'a' : 'b') == 'a'", true],
    ["-9223372036854775808 == -9223372036854775808", true],
  ])("%s is judged by what is alike", (condition, holds) => {
    expect(judge(condition, unlike)).toEqual({ ok: true, holds });
  });

  it("may be as long and as deep as a file may hold it", () => {
    const long = Array.from({ length: 120 }, (_, index) => `n == ${index}`).join(" || ");
    expect(judge(long, { n: 119 })).toEqual({ ok: true, holds: true });
    const deep = `${"!(".repeat(10)}n == 1${")".repeat(10)}`;
    expect(judge(deep, { n: 1 })).toEqual({ ok: true, holds: true });
  });

  it("that looks through a long list for each entry of another is given up before it holds everything up", () => {
    const long = { now: { ids: Array.from({ length: 50_000 }, (_, index) => index) } };
    expect(judge("49999 in now.ids", long)).toEqual({ ok: true, holds: true });
    expect(judge("now.ids.all(each, each in now.ids)", long)).toEqual({
      ok: false,
      why: "it compares more than 1000000 times",
    });
  });

  it("tells every digit of long integers apart", () => {
    const long = { id: { exactly: "9007199254740993" } };
    expect(judge("id == 9007199254740993", long)).toEqual({ ok: true, holds: true });
    expect(judge("id == 9007199254740992", long)).toEqual({ ok: true, holds: false });
  });

  it("compares numbers as numbers, whole or not", () => {
    const numbers = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));
    fc.assert(
      fc.property(numbers, numbers, (left, right) => {
        expect(judge("left < right", { left, right })).toEqual({ ok: true, holds: left < right });
        expect(judge("left == right", { left, right })).toEqual({ ok: true, holds: left === right });
      }),
    );
  });

  it("never throws, whatever it says and whatever was read", () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), (condition, value) => {
        expect(typeof judge(condition, { value }).ok).toBe("boolean");
      }),
    );
  });
});

describe("a condition in a file", () => {
  it("may go through what each entry holds", () => {
    expect(conditionFault("now.all(pod, pod.containers.all(each, each.ready))", named)).toBeUndefined();
    expect(conditionFault("now.all(name, now[name].exists(each, each > 3))", named)).toBeUndefined();
    expect(conditionFault("now.text.contains('matches (')", named)).toBeUndefined();
  });

  it("may name what is declared", () => {
    expect(conditionFault("n == 0 || n * 2 < now[service]", named)).toBeUndefined();
  });

  it.each([
    ["n == 0 || m > 3", "Unknown variable: m"],
    ["n ==", "Unexpected token: EOF"],
    ['n == "3"', "no such overload: int == string"],
    ["n + 1", "it comes to int, not to true or false"],
    ["service.matches('(a+)+$')", "`matches` is not offered: use contains, startsWith or endsWith"],
    ["service . matches ('(a+)+$')", "`matches` is not offered: use contains, startsWith or endsWith"],
    ["now.all(each,\n  each.\nmatches('(a+)+$'))", "`matches` is not offered: use contains, startsWith or endsWith"],
    [
      "now.all(one, now.exists(other, one < other))",
      "`exists` inside another goes through everything again for each entry: let it go through one",
    ],
  ])("%s is refused", (condition, fault) => {
    expect(conditionFault(condition, named)).toBe(fault);
  });

  it("and whatever stands for a value offer no regular expressions, which backtrack", () => {
    expect(expressionFault("now.api + n", named)).toBeUndefined();
    expect(expressionFault("service.matches('(a+)+$')", named)).toBe(
      "`matches` is not offered: use contains, startsWith or endsWith",
    );
  });

  it("goes through what was read in the order of its keys, however it came", () => {
    for (const now of [
      { b: 1, a: 2 },
      { a: 2, b: 1 },
    ])
      expect(expressionValue('now.map(each, each).join(" ")', { now })).toBe("a b");
  });

  it("names only what CEL takes as a name", () => {
    expect(["now", "from_revision"].filter(isNameable)).toHaveLength(2);
    expect(["in", "Now", "my-name", "", "9", "true"].filter(isNameable)).toEqual([]);
  });
});
