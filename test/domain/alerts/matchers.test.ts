import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { showMatcher, unmetBy } from "../../../src/domain/alerts/matcher.ts";
import { readLabels, readMatchers } from "../../../src/domain/alerts/read-matchers.ts";

function shown(input: string): readonly (readonly string[])[] {
  return readMatchers(input).matchers.map(({ label, operator, value }) => [label, operator, value]);
}

function outcomeOf(input: string): string {
  try {
    readMatchers(input);
    return "read";
  } catch (error) {
    return error instanceof Error ? error.name : "thrown";
  }
}

describe("what both of Alertmanager's parsers read alike", () => {
  it.each<[string, string, readonly (readonly string[])[]]>([
    ["nothing, in braces", "{}", []],
    ["equal", '{team="db"}', [["team", "=", "db"]]],
    ["not equal", 'team!="db"', [["team", "!=", "db"]]],
    ["a pattern", 'team=~"infra|db"', [["team", "=~", "infra|db"]]],
    ["no pattern", 'team!~"infra|db"', [["team", "!~", "infra|db"]]],
    ["a bare value", "team=db", [["team", "=", "db"]]],
    ["a bare pattern", "code=~5..", [["code", "=~", "5.."]]],
    ["a bare value of other letters", "city=Zürich🙂", [["city", "=", "Zürich🙂"]]],
    [
      "blanks around everything",
      ' { team = "db" , code != "5" , } ',
      [
        ["team", "=", "db"],
        ["code", "!=", "5"],
      ],
    ],
    [
      "a comma inside quotes",
      'a="x,y",b="z"',
      [
        ["a", "=", "x,y"],
        ["b", "=", "z"],
      ],
    ],
    ["a quote inside quotes", String.raw`a="say \"hi\""`, [["a", "=", 'say "hi"']]],
    ["a backslash", String.raw`a="c:\\tmp"`, [["a", "=", String.raw`c:\tmp`]]],
    ["a line break", String.raw`a="x\ny"`, [["a", "=", "x\ny"]]],
    ["an empty value", 'a=""', [["a", "=", ""]]],
    ["a brace inside quotes", 'a="}"', [["a", "=", "}"]]],
  ])("%s", (_what, input, wanted) => {
    expect(shown(input)).toEqual(wanted);
  });

  it("what is read is the same however it is shown again", () => {
    const name = fc.oneof(fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/), fc.string({ minLength: 1, maxLength: 12 }));
    const one = fc.tuple(name, fc.constantFrom("=", "!="), fc.string({ unit: "grapheme", maxLength: 20 }));
    fc.assert(
      fc.property(fc.array(one, { maxLength: 4 }), (list) => {
        const text = list
          .map(([label, operator, value]) => `${JSON.stringify(label)}${operator}${JSON.stringify(value)}`)
          .join(",");
        const read = readMatchers(text).matchers;
        expect(read.map(({ label, operator, value }) => [label, operator, value])).toEqual(list);
        const again = readMatchers(`{${read.map(showMatcher).join(", ")}}`).matchers;
        expect(again.map(({ label, operator, value }) => [label, operator, value])).toEqual(list);
      }),
    );
  });
});

describe("what the UTF-8 syntax alone reads", () => {
  it.each<[string, string, readonly (readonly string[])[]]>([
    ["a name in quotes", '{"service.name"="api"}', [["service.name", "=", "api"]]],
    ["a bare name of other letters", "größe=5", [["größe", "=", "5"]]],
    ["a name with dashes", 'name-with-dashes="bar"', [["name-with-dashes", "=", "bar"]]],
    ["a character by its number", String.raw`"a b"="\U0001f642"`, [["a b", "=", "🙂"]]],
    ["a character by its bytes", String.raw`"a b"="\xf0\x9f\x99\x82"`, [["a b", "=", "🙂"]]],
    ["a tab", String.raw`"a b"="x\ty"`, [["a b", "=", "x\ty"]]],
  ])("%s", (_what, input, wanted) => {
    expect(shown(input)).toEqual(wanted);
    expect(readMatchers(input).better).toBeUndefined();
  });
});

describe("what means something by the classic syntax alone is read so, and how to write it is told", () => {
  it.each<[string, string, readonly (readonly string[])[], string]>([
    ["no value", "job=", [["job", "=", ""]], 'job=""'],
    ["an equals sign first", "a==b", [["a", "=", "=b"]], 'a="=b"'],
    ["a bare exclamation mark", "a=!b", [["a", "=", "!b"]], 'a="!b"'],
    ["a bare escape", String.raw`a=b\n`, [["a", "=", "b\n"]], String.raw`a="b\n"`],
    ["an escape that is none", String.raw`a="\d"`, [["a", "=", String.raw`\d`]], String.raw`a="\\d"`],
    ["a pattern's escape", String.raw`a=~"\d+"`, [["a", "=~", String.raw`\d+`]], String.raw`a=~"\\d+"`],
    ["bytes, on which the two disagree", String.raw`a="\x41"`, [["a", "=", String.raw`\x41`]], String.raw`a="\\x41"`],
    ["a brace alone", "{a=b", [["a", "=", "b"]], 'a="b"'],
    ["two braces", "{a=b}}", [["a", "=", "b}"]], 'a="b}"'],
    ["tildes", "a=~~~", [["a", "=~", "~~"]], 'a=~"~~"'],
    ["blanks for commas", "a=b c=d", [["a", "=", "b c=d"]], 'a="b c=d"'],
    ["an apostrophe", "a='b'", [["a", "=", "'b'"]], `a="'b'"`],
  ])("%s", (_what, input, wanted, better) => {
    expect(shown(input)).toEqual(wanted);
    expect(readMatchers(input).better).toBe(better);
  });
});

describe("what neither reads", () => {
  it.each<[string, string, string]>([
    ["a comma alone", ",", "At character 1: the name of a label is expected, not ,."],
    ["a comma first", '{,a="b"}', "At character 2: the name of a label is expected, not ,."],
    ["no operator", "a!b", "At character 2: after ! comes = or ~."],
    [
      "no value in a list of quoted names",
      '{"a b"=}',
      'At character 8: a value is expected, "" where it is empty, not }.',
    ],
    ["an open quote", 'a="b', "At character 3: a double quote is not closed."],
    ["a quote at the end", 'a=b"', "At character 4: a double quote is not closed."],
    ["two values", '{"a b"="c" "d"}', 'At character 12: a comma or } is expected, not "d".'],
    ["a name without letters", '""="b"', 'At character 1: the name of a label is expected, not "".'],
    [
      "broken bytes",
      String.raw`"a b"="\xf0\x9f"`,
      String.raw`At character 7: "\xf0\x9f" holds an escape or bytes that are no text.`,
    ],
    [
      "half a character",
      String.raw`"a b"="\ud800"`,
      String.raw`At character 7: "\ud800" holds an escape or bytes that are no text.`,
    ],
    ["another brace", '"a b"="c"}', "At character 10: } closes no {."],
    ["no other brace", '{"a b"="c"', "At character 11: } is missing, not the end."],
    ["something behind", '{"a b"="c"} x', "At character 13: nothing more is expected, not x."],
    ["a pattern that is none", 'a=~"x[y"', "The pattern is wrong at character 2: missing closing ] ([y)."],
    ["looking ahead", 'a=~"(?!x)"', "The pattern is wrong at character 1: invalid or unsupported Perl syntax ((?!)."],
  ])("%s", (_what, input, wrong) => {
    expect(() => readMatchers(input)).toThrow(wrong);
  });

  it("whatever is typed is read or refused in words", () => {
    const piece = fc.constantFrom("{", "}", ",", "=", "!", "~", '"', "\\", " ", "a", "é", "n", "x", "'", "[", "(");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        expect(["read", "UserError"]).toContain(outcomeOf(pieces.join("")));
      }),
      { numRuns: 400 },
    );
  });
});

describe("which labels fit", () => {
  it.each<[string, Record<string, string>, boolean]>([
    ['a="b"', { a: "b" }, true],
    ['a="b"', { a: "B" }, false],
    ['a=""', {}, true],
    ['a!=""', {}, false],
    ['a!="b"', {}, true],
    ['a=~"b|c"', { a: "c" }, true],
    ['a=~"b"', { a: "abc" }, false],
    ['a=~"b.*"', { a: "bcd" }, true],
    ['a=~".*"', {}, true],
    ['a=~".+"', {}, false],
    ['a!~"b|c"', { a: "c" }, false],
    ['a!~"b|c"', {}, true],
    ['a=~"(?i)b"', { a: "B" }, true],
    ['a="b",c!="d"', { a: "b", c: "d" }, false],
    ['constructor=""', {}, true],
    ["{}", { a: "b" }, true],
  ])("%s of %o: %s", (input, labels, fits) => {
    expect(unmetBy(labels, readMatchers(input).matchers) === undefined).toBe(fits);
  });

  it("a pattern that would halt one that backtracks takes no time", () => {
    const { matchers } = readMatchers('a=~"(x+x+)+y"');
    expect(unmetBy({ a: "x".repeat(20_000) }, matchers)?.label).toBe("a");
  });
});

describe("labels", () => {
  it.each([
    ['{system="alphapulse", severity="critical"}', { system: "alphapulse", severity: "critical" }],
    ["system=alphapulse severity=critical", { system: "alphapulse", severity: "critical" }],
    ['{"service.name"="api"}', { "service.name": "api" }],
    ["{}", {}],
  ])("%s", (input, labels) => {
    expect(readLabels(input)).toEqual(labels);
  });

  it.each([
    ['a=~"b"', 'a=~"b" is a condition, and an alert has labels.'],
    ["a=b a=c", "The label a is given twice."],
    ["a=", 'At character 3: a value is expected, "" where it is empty, not the end.'],
    ["alphapulse", "At character 11: =, !=, =~ or !~ is expected, not the end."],
  ])("refuses %s", (input, wrong) => {
    expect(() => readLabels(input)).toThrow(wrong);
  });
});
