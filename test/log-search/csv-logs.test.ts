import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { useLogFolder, zero } from "./log-folder.ts";

const trades = { file: "trades.csv", format: "csv", time: "timestamp" };

describe("CSV logs", () => {
  const folder = useLogFolder();
  const write = (text: string, name = "trades.csv") => writeFile(join(folder.path, name), text);

  it("reads quoted commas, line ends and doubled quotes", async () => {
    await write(
      'timestamp,symbol,note\r\n2026-11-20T00:00:00Z,BTC,"a, ""b""\r\nsecond line"\r\n2026-11-20T00:00:01Z,ETH,plain\r\n',
    );
    const found = await folder.search(trades, { fields: ["symbol", "note"] });
    expect(found).toMatchObject({ matched: 2, malformed: 0 });
    expect(found.lines.map((line) => line.fields)).toEqual([
      { symbol: "ETH", note: "plain" },
      { symbol: "BTC", note: 'a, "b"\r\nsecond line' },
    ]);
    expect((await folder.search(trades, { match: "second line" })).lines[0]?.at).toBe(zero);
    expect((await folder.search(trades, { match: 'a, "b"' })).matched).toBe(1);
  });

  it("counts rows with too few or too many cells, and one whose quote never closes, and goes on", async () => {
    await write(
      'timestamp,symbol,qty\n2026-11-20T00:00:00Z,BTC\n2026-11-20T00:00:01Z,ETH,1,2\n2026-11-20T00:00:02Z,"SOL,1\n2026-11-20T00:00:03Z,ADA,1\n',
    );
    const found = await folder.search(trades);
    expect(found).toMatchObject({ matched: 4, malformed: 3 });
    expect(found.lines[0]?.text).toBe("2026-11-20T00:00:03Z,ADA,1");
    expect((await folder.search(trades, { match: "SOL" })).matched).toBe(1);
  });

  it("filters on columns and names those there are when one is not", async () => {
    await write("timestamp,symbol,side\n2026-11-20T00:00:00Z,BTC,buy\n2026-11-20T00:00:01Z,ETH,sell\n");
    const where = (field: string, value: string) => folder.search(trades, { where: [{ field, value }] });
    expect((await where("side", "sell")).lines.map((line) => line.at)).toEqual([zero + 1_000]);
    await expect(where("sides", "sell")).rejects.toMatchObject({
      name: "UserError",
      remedy: "Its columns are: timestamp, symbol, side.",
    });
  });

  it("says so when no column has the time, and when it has no levels", async () => {
    await write("when,symbol\n2026-11-20T00:00:00Z,BTC\n");
    await expect(folder.search(trades)).rejects.toThrow("no file has a header with the column timestamp");
    await expect(folder.search({ ...trades, level: undefined }, { level: "error" })).rejects.toThrow("has no levels");
  });

  it("reads a rotated file without a header, plain or compressed, with the columns of the newer one", async () => {
    await write("timestamp,symbol\n2026-11-20T00:00:02Z,SOL\n", "t.csv");
    await write("2026-11-20T00:00:01Z,ETH\n", "t.csv.1");
    await writeFile(join(folder.path, "t.csv.2.gz"), gzipSync("2026-11-20T00:00:00Z,BTC\n"));
    await writeFile(join(folder.path, "t.csv.3.gz"), gzipSync("timestamp,venue,symbol\n2026-11-19T23:59:59Z,X,ADA\n"));
    const found = await folder.search({ ...trades, file: "t.csv" }, { fields: ["symbol"] });
    expect(found.lines.map((line) => line.fields?.["symbol"])).toEqual(["SOL", "ETH", "BTC", "ADA"]);
    expect(found).toMatchObject({ matched: 4, malformed: 0 });
  });

  it("reads an empty file and one with only a header", async () => {
    await write("");
    expect((await folder.search(trades)).matched).toBe(0);
    await write("timestamp,symbol\n");
    expect((await folder.search(trades)).matched).toBe(0);
  });
});
