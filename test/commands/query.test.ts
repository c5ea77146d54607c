import { describe, expect, it } from "vitest";
import type { QueryTable } from "../../src/domain/systems/queries.ts";
import { run as ask, dana, rowsOf, textOf } from "./fixtures.ts";

const pods: QueryTable = {
  columns: [{ name: "pod" }, { name: "restarts" }, { name: "memory", unit: "MiB" }],
  rows: [
    ["api-1", 3, { exactly: "12345678901234567890.5" }],
    ["api-2", 0, null],
  ],
  more: false,
};

function many(rows: number, more = false): QueryTable {
  return { columns: [{ name: "n" }], rows: Array.from({ length: rows }, (_, at) => [at]), more };
}

function csvOf(files: readonly { readonly bytes: Uint8Array }[] = []): string {
  return files.map(({ bytes }) => new TextDecoder().decode(bytes)).join("");
}

describe("query", () => {
  it("answers with a table, numbers with all their digits, and nothing as nothing", async () => {
    const { card, files } = await ask("query", { system: "trader", query: "pods" }, { table: pods });
    expect(card).toMatchObject({ tone: "neutral", title: "Trader, Pods: 2 rows" });
    expect(rowsOf(card)).toEqual([
      ["api-1", "3", "12345678901234567890.5"],
      ["api-2", "0", "–"],
    ]);
    expect(card.blocks[0]).toMatchObject({
      columns: [
        { title: "pod", align: "left" },
        { title: "restarts", align: "right" },
        { title: "memory (MiB)", align: "right" },
      ],
    });
    expect(files).toEqual([]);
  });

  it("is also asked by its own name, where it is short", async () => {
    const { card } = await ask("pods", { system: "td" }, { table: pods });
    expect(card.title).toBe("Trader, Pods: 2 rows");
    await expect(ask("pods", { system: "guard" })).rejects.toThrow("Guard has no query pods.");
  });

  it("lists what can be asked of a system, by those who may", async () => {
    const { card } = await ask("query", { system: "trader" });
    expect(rowsOf(card)).toEqual([
      ["pods", "Pods", ""],
      ["trail", "Audit trail", "of:…"],
    ]);
    const { card: none } = await ask("query", { system: "guard" });
    expect(none.title).toBe("Guard: no queries that you may ask here");
  });

  it("shows what fits, says how many more there are, and adds the whole as a file", async () => {
    const { card, files } = await ask("query", { system: "trader", query: "pods" }, { table: many(25) });
    expect(rowsOf(card)).toHaveLength(20);
    expect(textOf(card)).toContain('"5 more"');
    expect(textOf(card)).toContain("All 25 rows.");
    expect(files?.map(({ name }) => name)).toEqual(["trader-pods.csv"]);
    expect(csvOf(files).split("\r\n")).toHaveLength(27);
  });

  it("says that what was read is not all there is", async () => {
    const { card } = await ask("query", { system: "trader", query: "pods" }, { table: many(50, true) });
    expect(card.title).toBe("Trader, Pods: more than 50 rows");
    expect(textOf(card)).toContain("Only the first 50 rows were read: there are more.");
  });

  it("writes a file that a spreadsheet takes for what it is", async () => {
    const rows = [
      ['=HYPERLINK("http://x","y")', -5, "a,b", "a\u202Eb", "x".repeat(100)],
      [null, 1, '"', "", "-1"],
    ];
    const columns = ["f", "n", "c", "d", "e"].map((name) => ({ name }));
    const { files } = await ask("pods", { system: "trader" }, { table: { columns, rows, more: false } });
    expect(csvOf(files)).toBe(
      [
        "f,n,c,d,e",
        `"'=HYPERLINK(""http://x"",""y"")",-5,"a,b",a⟨U+202E⟩b,${"x".repeat(100)}`,
        `,1,"""",,'-1`,
        "",
      ].join("\r\n"),
    );
  });

  it("hands over what was given, and refuses what is missing", async () => {
    const { asked } = await ask("query", { system: "trader", query: "trail", of: 7 });
    expect(asked).toEqual([{ of: 7 }]);
    await expect(ask("query", { system: "trader", query: "trail" })).rejects.toThrow("refuses its input");
    await expect(ask("query", { system: "trader", query: "trail", of: 31 })).rejects.toThrow("refuses its input");
  });

  it("is for those who hold its right", async () => {
    const person = { ...dana, grants: [{ role: "viewer", systems: ["trader"] }] };
    await expect(ask("query", { system: "trader", query: "trail", of: 7 }, { person })).rejects.toThrow(
      "Dana may not audit on trader.",
    );
    const { card } = await ask("query", { system: "trader" }, { person });
    expect(rowsOf(card).map(([id]) => id)).toEqual(["pods"]);
    await expect(ask("pods", { system: "trader" }, { person: dana })).rejects.toThrow("There is no system trader");
  });

  it("names the nearest one, and says when nothing could be read", async () => {
    await expect(ask("query", { system: "trader", query: "pod" })).rejects.toMatchObject({
      message: "Trader has no query pod.",
      remedy: "Did you mean pods?",
    });
    await expect(ask("pods", { system: "trader" }, { table: "fails" })).rejects.toThrow("refused the connection");
  });

  it("says when it was true", async () => {
    const { card } = await ask("pods", { system: "trader" }, { table: { ...pods, rows: [] } });
    expect(card).toMatchObject({ title: "Trader, Pods: no rows", blocks: [] });
    expect(card.footer).toMatch(/^Read at 12:00:00 UTC/);
  });
});
