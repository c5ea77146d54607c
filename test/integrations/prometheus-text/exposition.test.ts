import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseExposition } from "../../../src/integrations/prometheus-text/exposition.ts";

const name = fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,20}$/);
const label = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,10}$/);
const value = fc.oneof(fc.double(), fc.integer());

function written(number: number): string {
  if (Number.isNaN(number)) return "NaN";
  if (Number.isFinite(number)) return Object.is(number, -0) ? "-0" : String(number);
  return number > 0 ? "+Inf" : "-Inf";
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

describe("Prometheus text", () => {
  it("is read as it was written, whatever stands in the labels", () => {
    // Line ends other than the escaped one end a line, so a writer never puts them into a value.
    const text = fc.string({ unit: "grapheme", maxLength: 20 }).map((each) => each.replaceAll("\r", ""));
    const labels = fc.dictionary(label, text, { maxKeys: 4, noNullPrototype: true });
    const sample = fc.record({ name, labels, value, stamp: fc.option(fc.nat()) });
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 20 }), (samples) => {
        const lines = samples.map((each) => {
          const pairs = Object.entries(each.labels).map(([key, said]) => `${key}="${escaped(said)}"`);
          const braces = pairs.length > 0 ? `{${pairs.join(",")}}` : "";
          return `${each.name}${braces} ${written(each.value)}${each.stamp === null ? "" : ` ${each.stamp}`}`;
        });
        const read = parseExposition(`# TYPE x gauge\n${lines.join("\n")}\n`);
        for (const each of samples) {
          const found = read?.get(each.name)?.map((series) => ({ labels: { ...series.labels }, value: series.value }));
          expect(found).toContainEqual({ labels: each.labels, value: each.value });
        }
        expect([...(read?.values() ?? [])].flat()).toHaveLength(samples.length);
      }),
    );
  });

  it("never fails on what is no exposition, and never takes it for one in silence", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => void parseExposition(text)));
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseExposition(text)).toBeUndefined();
      }),
    );
  });

  it.each([
    {
      what: "comments, blank lines and no line end at the last",
      text: "# HELP a b\n\n# TYPE a gauge\n  a 1",
      read: { a: [1] },
    },
    { what: "line ends of another system", text: "a 1\r\nb 2\r\n", read: { a: [1], b: [2] } },
    { what: "blanks wherever they may stand", text: '\ta  { x = "1" , y="2" , }  3  4 ', read: { a: [3] } },
    {
      what: "an exemplar",
      text: 'a_bucket{le="1"} 5 # {trace_id="abc"} 0.4 1520879607.789\n# EOF\n',
      read: { a_bucket: [5] },
    },
    { what: "a brace inside a value", text: 'a{path="/{id}"} 1', read: { a: [1] } },
    {
      what: "infinities in either spelling",
      text: "a +Inf\na -Inf\na Inf",
      read: { a: [Infinity, -Infinity, Infinity] },
    },
    { what: "numbers with exponents", text: "a 1e3\na 1.5E-2\na .5\na 5.", read: { a: [1_000, 0.015, 0.5, 5] } },
    {
      what: "names in quotes",
      text: '{"a.b",x="1"} 2\n{"d e"} 1\nc{"http.route"="/v1",m="GET"} 3',
      read: { "a.b": [2], "d e": [1], c: [3] },
    },
    {
      what: "a composite value, which spoils no other",
      text: "a {count:17,sum:3.5,positive_spans:[0:2]} 1795842000\nb 7",
      read: { a: [Number.NaN], b: [7] },
    },
  ])("bears $what", ({ text, read }) => {
    const found = [...(parseExposition(text) ?? [])].map(([key, series]) => [key, series.map((each) => each.value)]);
    expect(Object.fromEntries(found)).toEqual(read);
  });

  it.each([
    "",
    "\n\n",
    "# only a comment\n",
    "a",
    "a b",
    "a 0x10",
    "a 1_000",
    'a{x="1" 2',
    'a{x="1} 2',
    "a{x=1} 2",
    "a 1\n<html>",
    "1a 1",
  ])("%j is no exposition", (text) => {
    expect(parseExposition(text)).toBeUndefined();
  });

  it("keeps a label called like a part of every object", () => {
    const [series] = parseExposition('a{__proto__="x",constructor="y"} 1')?.get("a") ?? [];
    expect(Object.entries(series?.labels ?? {})).toEqual([
      ["__proto__", "x"],
      ["constructor", "y"],
    ]);
    expect(parseExposition("a 1")?.get("a")?.[0]?.labels["constructor"]).toBeUndefined();
  });

  it("gives up on a text of endless lines", () => {
    expect(parseExposition("a 1\n".repeat(200_001))).toBeUndefined();
  });
});
