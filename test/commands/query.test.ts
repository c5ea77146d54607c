import { describe, expect, it } from "vitest";
import { newestLines } from "../../src/cards/query-newest.ts";
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
      ["fills", "Fills by hour", ""],
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

  it.each([
    ["2026-11-29T08:10:00Z", "good", "The newest is 50 min old; at most 60 min is promised (RPO)."],
    ["data-2026-11-29T074500Z.tar.gz", "bad", "The newest is 75 min old; at most 60 min is promised (RPO)."],
    ["config-backup-2026-11-29.tar.gz", "bad", "The newest is 9 h old; at most 60 min is promised (RPO)."],
    ["2026-11-30T09:00:00Z", "unknown", "no row has a time in made that has been"],
    ["yesterday", "unknown", "How old the newest is cannot be told"],
    [undefined, "bad", "There is none; at most"],
  ])("says of %s how old the newest is, and whether that is what was promised", (made, tone, words) => {
    const rows = made === undefined ? [] : [["a", made]];
    const table = { columns: [{ name: "of" }, { name: "made" }], rows, more: false };
    const query = { newest: [{ time: "made", within: "1h", promised: "RPO" }] };
    const [line] = newestLines({ query, table }, Date.UTC(2026, 10, 29, 9));
    expect(line?.tone).toBe(tone);
    expect(line?.text).toContain(words);
  });

  it("says so of each kind of which something is promised, so that one kind stands in for no other", () => {
    const rows = [
      ["config", "2026-11-29T08:50:00Z"],
      ["data", "2026-11-27T02:00:00Z"],
    ];
    const table = { columns: [{ name: "of" }, { name: "made" }], rows, more: false };
    const newest = [
      { time: "made", of: { of: ["data", "full"] }, within: "25h", promised: "daily" },
      { time: "made", of: { of: "config" }, within: "31d", promised: "monthly" },
      { time: "made", of: { of: "full" }, within: "8d", promised: "weekly" },
    ];
    const lines = newestLines({ query: { newest }, table }, Date.UTC(2026, 10, 29, 9));
    expect(lines.map(({ tone, text }) => [tone, text])).toEqual([
      ["bad", "The newest of data or full is 2 d 7 h old; at most 25 h is promised (daily)."],
      ["good", "The newest of config is 10 min old; at most 31 d is promised (monthly)."],
      ["bad", "There is none of full; at most 8 d is promised (weekly)."],
    ]);
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
    expect(rowsOf(card).map(([id]) => id)).toEqual(["pods", "fills"]);
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

describe("a query that says what to draw", () => {
  const columns = ["hour", "symbol", "filled"].map((name) => ({ name }));
  const rows: QueryTable["rows"] = [
    ["2026-11-21T10:00:00Z", "BTC", 12.5],
    ["2026-11-21 11:00:00+00", "BTC", { exactly: "12.3456789012345678901" }],
    ["2026-11-21 09:00:00.123456", "BTC", "11"],
    [1_795_255_200, "ETH", 3],
    [1_795_258_800_000, "ETH", 4],
  ];

  async function drawn(changed: Partial<QueryTable>, chart?: "fails") {
    const table = { columns, rows, more: false, ...changed };
    return ask("query", { system: "trader", query: "fills" }, { table, ...(chart && { chart }) });
  }

  it("is answered by a picture of a line each, and the rows", async () => {
    const { card, files, asked } = await drawn({});
    expect(card.blocks.map(({ kind }) => kind)).toEqual(["image", "table"]);
    expect(files?.map(({ name }) => name)).toEqual(["trader-fills-by-hour.png"]);
    expect(asked.at(-1)).toEqual({
      title: "Trader: Fills by hour",
      unit: "USD",
      from: Date.UTC(2026, 10, 21, 9),
      to: Date.UTC(2026, 10, 21, 11),
      thresholds: [],
      series: [
        {
          name: "BTC",
          samples: [
            { at: Date.UTC(2026, 10, 21, 9), value: 11 },
            { at: Date.UTC(2026, 10, 21, 10), value: 12.5 },
            { at: Date.UTC(2026, 10, 21, 11), value: 12.345678901234567 },
          ],
        },
        {
          name: "ETH",
          samples: [
            { at: Date.UTC(2026, 10, 21, 10), value: 3 },
            { at: Date.UTC(2026, 10, 21, 11), value: 4 },
          ],
        },
      ],
    });
  });

  it("draws nothing that cannot be read, and says how much that is", async () => {
    const odd: QueryTable["rows"] = [
      ["2026-11-21T12:00:00Z", "BTC", null],
      ["2026-11-21T13:00:00Z", "BTC", "NaN"],
      ["yesterday", "BTC", 1],
      [null, "BTC", 1],
      [7, "BTC", 1],
      ["2026-02-30", "BTC", 1],
    ];
    const { card, asked } = await drawn({ rows: [...rows, ...odd] });
    expect(textOf(card)).toContain("6 of 11 values are not drawn: they, or their time, cannot be read.");
    // What has a time and no number is a gap there, not a line across it.
    const gaps = [12, 13].map((hour) => ({ at: Date.UTC(2026, 10, 21, hour), value: Number.NaN }));
    expect(asked.at(-1)).toMatchObject({
      to: Date.UTC(2026, 10, 21, 13),
      series: [{ name: "BTC", samples: expect.arrayContaining(gaps) }, { name: "ETH" }],
    });
    const { card: none, files } = await drawn({ rows: odd });
    expect(textOf(none)).toContain("6 of 6 values are not drawn");
    expect(files).toEqual([]);
    expect(rowsOf(none)).toHaveLength(6);
  });

  it("says when a column is not there, when lines are left out, and when the picture could not be drawn", async () => {
    const { card: other } = await drawn({ columns: ["hour", "coin", "filled"].map((name) => ({ name })) });
    expect(textOf(other)).toContain("Nothing is drawn: the answer has no column symbol, which chart: names.");
    const symbols = Array.from({ length: 9 }, (_, at) => ["2026-11-21T10:00:00Z", `S${at}`, at]);
    const later = symbols.map(([, symbol = "", value = 0]) => ["2026-11-21T11:00:00Z", symbol, value]);
    const { card: crowded, asked } = await drawn({ rows: [...symbols, ...later] });
    expect(textOf(crowded)).toContain(
      "Drawn are the 6 of 9 lines that are highest at their end; left out: S2, S1, S0.",
    );
    expect(asked.at(-1)).toMatchObject({ series: Array.from({ length: 6 }, (_, at) => ({ name: `S${8 - at}` })) });
    const { card: broken, files } = await drawn({}, "fails");
    expect(textOf(broken)).toContain("The chart could not be drawn; the figures above are complete.");
    expect(files).toEqual([]);
    expect(rowsOf(broken)).toHaveLength(5);
  });

  it("has nothing to draw without rows", async () => {
    const { card, files } = await drawn({ rows: [] });
    expect(card).toMatchObject({ title: "Trader, Fills by hour: no rows", blocks: [] });
    expect(files).toEqual([]);
  });
});
