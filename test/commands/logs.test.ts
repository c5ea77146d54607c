import { describe, expect, it } from "vitest";
import type { LogBeginning, LogGap, LogLine, LogResult } from "../../src/domain/systems/logs.ts";
import { now, rowsOf, run, textOf } from "./fixtures.ts";

const line = (index: number): LogLine => ({
  at: now - index * 1_000,
  level: "error",
  text: `ERROR number ${index}`,
  origin: "main.log",
});
const lines = Array.from({ length: 40 }, (_, index) => line(index));

describe("logs", () => {
  it("asks for what was typed", async () => {
    const { asked } = await run("logs", {
      system: "trader",
      source: "Trades",
      since: "2026-11-21T10:30+02:00",
      until: "10m",
      level: "error",
      match: "/x+/",
      where: "symbol=BTC\nnote=a=b",
      fields: "symbol, side",
      limit: 7,
    });
    expect(asked).toMatchObject([
      {
        source: "trades",
        from: now - 12_600_000,
        to: now - 600_000,
        level: "error",
        match: "/x+/",
        where: [
          { field: "symbol", value: "BTC" },
          { field: "note", value: "a=b" },
        ],
        fields: ["symbol", "side"],
        limit: 7,
      },
    ]);
  });

  it("shows the newest lines, counts them over time and attaches all of them", async () => {
    const counts = [
      { at: now - 120_000, count: 10 },
      { at: now - 60_000, count: 30 },
    ];
    const { card, files } = await run("logs", { system: "trader" }, { logs: { lines, matched: 1_234, counts } });
    expect(card.title).toBe("Trader, main: 1,234 lines");
    const codes = card.blocks.flatMap((block) => (block.kind === "code" ? [block.text] : []));
    expect(codes[0]).toContain("up to 30 in 60 s");
    expect(codes[1]?.split("\n")).toHaveLength(15);
    expect(codes[1]?.startsWith("12:00:00  ERROR number 0")).toBe(true);
    expect(card.blocks).toContainEqual({
      kind: "file",
      file: "trader-main.log",
      note: "The newest 40 lines of 1,234 lines.",
    });
    const file = new TextDecoder().decode(files?.[0]?.bytes);
    expect(file.trimEnd().split("\n")).toHaveLength(40);
    expect(file).toContain("2026-11-21T11:59:21Z  ERROR number 39");
    expect(card.footer).toContain("Other sources: trades.");
  });

  it("does not say the time twice", async () => {
    const stamped = [{ at: now, text: "2026-11-21 12:00:00,123 - ERROR - x", level: "error", origin: "main.log" }];
    const { card } = await run("logs", { system: "trader" }, { logs: { lines: stamped, matched: 1 } });
    expect(card.blocks).toContainEqual({ kind: "code", text: "2026-11-21 12:00:00,123 - ERROR - x" });
  });

  it("shows a source's own columns as a table", async () => {
    const trades = [{ at: now, text: "raw", fields: { symbol: "BTC", side: "long" }, origin: "trades.csv" }];
    const { card } = await run("logs", { system: "trader", source: "trades" }, { logs: { lines: trades, matched: 1 } });
    expect(rowsOf(card)).toEqual([["12:00:00", "BTC", "long"]]);
  });

  it("counts by a field and says how much of it was counted", async () => {
    const trades = ["BTC", "ETH", "BTC"].map((symbol) => ({
      at: now,
      text: "raw",
      fields: { symbol },
      origin: "trades.csv",
    }));
    const { card, files } = await run(
      "logs",
      { system: "trader", source: "trades", "count-by": "symbol" },
      { logs: { lines: trades, matched: 9 } },
    );
    expect(rowsOf(card)).toEqual([
      ["BTC", "2"],
      ["ETH", "1"],
    ]);
    expect(textOf(card)).toContain("Counted in the newest 3 lines of 9 lines.");
    expect(files).toEqual([]);
  });

  it("says unknown, not none, when the search ended early and found nothing", async () => {
    const early = await run("logs", { system: "trader" }, { logs: { gaps: [{ why: "time" }] } });
    expect(early.card.tone).toBe("unknown");
    expect(textOf(early.card)).toContain("Not everything was read in time: narrow the range");
    const whole = await run("logs", { system: "trader" });
    expect(whole.card).toMatchObject({ tone: "neutral", title: "Trader, main: no line" });
  });

  it("says first that a log begins later than was asked, and claims nothing of the time before", async () => {
    const ask = async (begins: LogBeginning, logs: Partial<LogResult> = { lines, matched: 40 }) =>
      (await run("logs", { system: "trader", since: "24h", until: "5m" }, { logs: { ...logs, begins } })).card;
    const at = now - 420_000;
    expect(await ask({ at, why: "container" })).toMatchObject({
      tone: "neutral",
      summary:
        "Nothing from before 11:53:00 UTC is kept: the oldest of its containers is from then. All lines from 11:53:00 UTC to 11:55:00 UTC.",
    });
    expect((await ask({ at, why: "kept" })).summary).toMatch(/^Nothing from before 11:53:00 UTC is kept\. All lines/);
    expect((await ask({ at, why: "cut" })).summary).toMatch(/^Nothing from before 11:53:00 UTC was read\. All lines/);
    // Of a range that is over before it begins there is nothing to say.
    expect(await ask({ at: now - 60_000, why: "kept" }, {})).toMatchObject({
      tone: "unknown",
      summary: "Nothing from before 11:59:00 UTC is kept.",
    });
  });

  it("claims of a log that is followed no lines from before it begins", async () => {
    const begins: LogBeginning = { at: now - 420_000, why: "container" };
    const { card } = await run("logs", { system: "trader", since: "24h", follow: "2m" }, { logs: { lines, begins } });
    expect(card.summary).toMatch(/^All lines from 11:53:00 UTC\./);
  });

  it("says what was cut or left out, of which origins, and how much of them was read", async () => {
    const gaps: LogGap[] = [
      { why: "time" },
      { why: "time" },
      { why: "cut", origin: "api-a", lines: 5_000, bytes: 2_621_440 },
      ...Array.from({ length: 20 }, (_, at): LogGap => ({ why: "cut", origin: `api-b${at}`, lines: 1, bytes: 4_096 })),
      { why: "trouble", origin: "api-c", detail: "answered 500 Internal Server Error" },
      { why: "left out", origin: "api-d" },
      { why: "left out", origin: "api-e" },
    ];
    const { card } = await run("logs", { system: "trader" }, { logs: { gaps, matched: 1, lines: lines.slice(0, 1) } });
    const said = card.blocks.flatMap((block) => (block.kind === "text" ? [block.text] : []));
    expect(said).toEqual([
      "Not everything was read in time: narrow the range for the rest.",
      expect.stringMatching(
        /^There is more than was read of api-a \(5,000 lines, 2.5 MiB\), api-b0 \(1 line, 0.00391 MiB\), .* and \d+ more: narrow/,
      ),
      "Not all could be read: api-c (answered 500 Internal Server Error).",
      "Left out, because so many are not read at once: api-d, api-e.",
    ]);
    expect(card.tone).toBe("neutral");
  });

  it.each([
    [{ follow: "soon" }, "follow: does not understand soon."],
    [{ follow: "5s" }, "A log is followed for 10 s to 10 min, and follow:5s is outside of that."],
    [{ follow: "11m" }, "follow:11m is outside of that."],
    [{ follow: "2m", until: "1m" }, "it goes with neither until: nor count-by:."],
    [{ follow: "2m", "count-by": "level" }, "it goes with neither until: nor count-by:."],
    [{ since: "1h", until: "2h" }, "That range is empty"],
    [{ where: "symbol" }, "where: takes field=value"],
    [{ source: "tradse" }, "Trader has no log tradse."],
    [{ since: "25:00" }, "since: does not understand 25:00."],
    [{ since: "2027-01-01" }, "is still to come"],
  ])("refuses %j", async (values, message) => {
    await expect(run("logs", { system: "trader", ...values })).rejects.toThrow(message);
  });

  it("draws the highest bar for the number beside it, however many counts there are", async () => {
    const counts = Array.from({ length: 60 }, (_, index) => ({
      at: now - (60 - index) * 60_000,
      count: index % 10 === 0 ? 1 : 0,
    }));
    const { card } = await run(
      "logs",
      { system: "trader" },
      { logs: { counts, matched: 6, lines: lines.slice(0, 6) } },
    );
    const [drawn] = card.blocks.flatMap((block) => (block.kind === "code" ? [block.text] : []));
    expect(drawn).toContain("up to 1 in 2 min");
    expect(drawn?.match(/█/g)).toHaveLength(6);
    expect(drawn?.match(/[▂▃▄▅▆▇]/g)).toBeNull();
  });
});
