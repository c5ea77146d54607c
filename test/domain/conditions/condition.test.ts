import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { conditionFault, expressionFault, isNameable, judge } from "../../../src/domain/conditions/condition.ts";

const named = { n: "integer", service: "text", now: "data" } as const;

describe("a condition", () => {
  const values = { n: 3, service: "api", now: { api: 2, web: 1.5, none: null, text: "7", "odd name": 4 } };

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

  it("names only what CEL takes as a name", () => {
    expect(["now", "from_revision"].filter(isNameable)).toHaveLength(2);
    expect(["in", "Now", "my-name", "", "9", "true"].filter(isNameable)).toEqual([]);
  });
});
