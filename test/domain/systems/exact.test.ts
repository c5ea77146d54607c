import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  Datum,
  isSameDatum,
  numberOf,
  numberWritten,
  parseExactly,
  textOfDatum,
  writeExactly,
} from "../../../src/domain/systems/exact.ts";

const wide = fc.bigInt({ min: -(2n ** 128n), max: 2n ** 128n });

describe("a number of any length", () => {
  it("is read, shown and written with all its digits", () => {
    fc.assert(
      fc.property(wide, fc.array(fc.nat()), (id, others) => {
        const text = `{"id":${id},"rows":[{"id":${id}}],"others":${JSON.stringify(others)},"text":"${id}"}`;
        const read = parseExactly(text);
        expect(writeExactly(read)).toBe(text);
        expect(JSON.stringify(read)).toContain(String(id).replace("-", ""));
      }),
    );
  });

  it("is the same as itself only, whether it stands as a number or as text", () => {
    fc.assert(
      fc.property(wide, fc.bigInt({ min: 1n, max: 3n }), (id, apart) => {
        const [one, other] = [Datum.parse(parseExactly(`${id}`)), Datum.parse(parseExactly(`${id + apart}`))];
        expect(isSameDatum(parseExactly(`${id}`), one)).toBe(true);
        expect(isSameDatum(String(id), one)).toBe(true);
        expect(isSameDatum(one, other)).toBe(false);
        expect(isSameDatum(String(id + apart), one)).toBe(false);
        expect(textOfDatum(one)).not.toBe(textOfDatum(other));
      }),
    );
  });

  it("is a plain number wherever that has every digit, whatever it looks like", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(parseExactly(JSON.stringify([value]))).toEqual([value === 0 ? 0 : value]);
      }),
    );
  });
});

it.each([
  ["600000000000000002", { exactly: "600000000000000002" }],
  ["-12345678901234567890", { exactly: "-12345678901234567890" }],
  ["0.1234567890123456789", { exactly: "0.1234567890123456789" }],
  ["1e400", { exactly: "1e400" }],
  ["9007199254740992", 9007199254740992],
  ["9007199254740993", { exactly: "9007199254740993" }],
  ["1.50", 1.5],
  ["1E3", 1_000],
  ["100000000000000000000", 1e20],
])("%s is read as %j", (text, value) => {
  expect(parseExactly(`[${text}]`)).toEqual([value]);
});

it("a number of a file that JSON would not write is as the file's language reads it", () => {
  expect(numberWritten("0x1F", 31)).toBe(31);
  expect(numberWritten(".inf", Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
  expect(numberWritten("0123", 123)).toBe(123);
  // A double has this one exactly, and would write it with an exponent.
  const long = "-238418579101562500000000000000000000000000000000000000";
  expect(numberWritten(long, Number(long))).toEqual({ exactly: long });
  expect(numberWritten("1e21", 1e21)).toBe(1e21);
});

it.each([
  ["5", 5, true],
  [5, "5", false],
  ["1.10", 1.1, true],
  ["1.10", "1.1", false],
  ["0123", 123, false],
  ["true", true, false],
  [null, 0, false],
  ["1000000000000000000000000000000", { exactly: "1e30" }, true],
  [1e-20, { exactly: "0.00000000000000000001" }, true],
  ["", 0, false],
  ["-0", 0, true],
  [{ exactly: "600000000000000002" }, "600000000000000002", true],
  [{ exactly: "600000000000000002" }, "600000000000000001", false],
])("%j read where %j is wanted: %s", (read, wanted, same) => {
  expect(isSameDatum(read, wanted)).toBe(same);
});

it.each([
  ["2048.5", 2_048.5],
  [" -3.5 ", -3.5],
  [{ exactly: "600000000000000002" }, 600_000_000_000_000_000],
  ["1,5", undefined],
  ["12 USD", undefined],
  ["", undefined],
  [null, undefined],
  [true, undefined],
  [Number.NaN, undefined],
  ["1e999", undefined],
])("%j is the number %s", (value, number) => {
  expect(numberOf(value)).toBe(number);
});

it("what is no JSON is told as JSON.parse tells it", () => {
  expect(() => parseExactly('{"id":60000000000000000')).toThrow(SyntaxError);
});

it("what only looks like an exact number is data like any other", () => {
  const text = '{"exactly":"12 apples","more":1.1234567890123456789}';
  expect(writeExactly(parseExactly(text))).toBe(text);
});
