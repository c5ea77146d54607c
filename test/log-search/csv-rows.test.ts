import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitRow } from "../../src/log-search/csv-rows.ts";

/** A well-known parser's opinion; undefined when it refuses. */
function others(text: string): string[] | undefined {
  try {
    const rows: string[][] = parse(text, { relax_column_count: true, record_delimiter: ["\r\n"] });
    return rows.length === 1 ? rows[0] : undefined;
  } catch {
    return undefined;
  }
}

describe("a CSV row", () => {
  it("is taken apart as an established parser does", () => {
    const piece = fc.constantFrom('"', '""', ",", "a", "a b", "é", "a\nb", "1.5");
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 12 }), (pieces) => {
        const text = pieces.join("");
        const theirs = others(text);
        // A quote amid a bare cell is refused there and kept as it stands here; an empty row is no row there.
        const comparable = theirs !== undefined && text !== "";
        expect(comparable ? splitRow(text) : undefined).toEqual(comparable ? theirs : undefined);
      }),
      { numRuns: 3_000 },
    );
  });

  it("comes back from what was written", () => {
    const cell = fc.string({ unit: fc.constantFrom('"', ",", "\n", "a", "é"), maxLength: 8 });
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 6 }), (cells) => {
        const row = cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(",");
        expect(splitRow(row)).toEqual(cells);
      }),
    );
  });

  it("has no blanks around its cells, also around quoted ones, but within quotes", () => {
    expect(splitRow(' a ,"b, c" , "" ," d "')).toEqual(["a", "b, c", "", " d "]);
    expect(splitRow("a;0,5; b", ";")).toEqual(["a", "0,5", "b"]);
    expect(splitRow('a\t\t"b"', "\t")).toEqual(["a", "", "b"]);
  });

  it("is malformed when a quoted cell goes on after its quote", () => {
    expect(splitRow('"a"b,c')).toBeUndefined();
    expect(splitRow('"a,c')).toBeUndefined();
    expect(splitRow('5" disk,"x"')).toEqual(['5" disk', "x"]);
  });
});
