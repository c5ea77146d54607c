import { describe, expect, it } from "vitest";
import { failure, now, rowsOf, run, textOf } from "./fixtures.ts";

const history = [
  { at: now - 1_800_000, value: 200 },
  { at: now - 900_000, value: -300 },
];

describe("metrics", () => {
  it("lists every metric against its limits", async () => {
    const { card } = await run("metrics", { system: "trader" }, { values: { pnl: -1_200, lag: "fails" } });
    expect(card).toMatchObject({ tone: "bad", title: "Trader: 1 beyond a limit, 1 unknown" });
    expect(rowsOf(card)).toEqual([
      ["pnl", "-1,200 USD", "warn below -500 USD, critical below -1,000 USD", "Daily P&L"],
      ["lag", "unknown", "warn above 100 ms", "Lag"],
    ]);
    expect(textOf(card)).toContain("Lag unknown: 127.0.0.1:1 refused the connection");
  });

  it("never calls what it could not read well", async () => {
    const { card } = await run("metrics", { system: "trader" }, { values: { pnl: "fails", lag: "fails" } });
    expect(card).toMatchObject({ tone: "unknown", title: "Trader: no number could be read" });
    expect(textOf(card)).toContain("Daily P&L and Lag unknown: 127.0.0.1:1 refused the connection");
  });

  it("draws one with its thresholds and says what to do when it is bad", async () => {
    const { card, files, asked } = await run(
      "metrics",
      { system: "trader", metric: "PNL", range: "2h" },
      { values: { pnl: -700 }, history },
    );
    expect(card).toMatchObject({
      tone: "warning",
      title: "Trader, Daily P&L: -700 USD",
      summary: "Look at the positions.",
    });
    expect(files?.map((file) => file.mediaType)).toEqual(["image/png"]);
    expect(asked).toMatchObject([
      {
        // Sampling began half an hour ago, so the picture begins there.
        from: now - 1_800_000,
        to: now,
        thresholds: [
          { value: -500, tone: "warning" },
          { value: -1_000, tone: "bad" },
        ],
      },
    ]);
    expect(textOf(card)).toContain("falling, -900 USD");
    expect(card.blocks.some((block) => block.kind === "code" && /^[▁-█]+$/.test(block.text))).toBe(true);
  });

  it("answers in text when the chart fails", async () => {
    const { card, files } = await run("metrics", { system: "trader", metric: "pnl" }, { history, chart: "fails" });
    expect(files).toEqual([]);
    expect(card.title).toBe("Trader, Daily P&L: 120 USD");
    expect(textOf(card)).toContain("The chart could not be drawn");
  });

  it("never shows an old number as the present one", async () => {
    const { card } = await run("metrics", { system: "trader", metric: "pnl" }, { history, values: { pnl: "fails" } });
    expect(card).toMatchObject({
      tone: "unknown",
      title: "Trader, Daily P&L: unknown: 127.0.0.1:1 refused the connection",
      footer: "2 samples, the newest 15 min ago: what it is now is unknown. Times are UTC.",
    });
    const picture = card.blocks.find((block) => block.kind === "image");
    expect(picture?.alt).toContain("over the last 60 min, now unknown;");
  });

  it("says beside a value what is not in it", async () => {
    const reliance = { pnl: { missing: { of: 3, failures: [failure()] } } };
    const all = await run("metrics", { system: "trader" }, { reliance });
    expect(rowsOf(all.card)[0]?.[1]).toBe("120 USD (2 of 3 instances)");
    expect(textOf(all.card)).toContain("Daily P&L (2 of 3 instances) unknown: 127.0.0.1:1 refused the connection");
    const { card } = await run("metrics", { system: "trader", metric: "pnl" }, { reliance });
    expect(textOf(card)).toContain("Mind: without 127.0.0.1:1 refused the connection.");
    expect([all.card.tone, card.tone]).toEqual(["unknown", "unknown"]);
  });

  it("names the nearest metric, and how to write a range", async () => {
    await expect(run("metrics", { system: "trader", metric: "pln" })).rejects.toMatchObject({
      message: "Trader has no metric pln.",
      remedy: "Did you mean pnl?",
    });
    await expect(run("metrics", { system: "trader", metric: "pnl", range: "soon" })).rejects.toThrow(
      "range: does not understand soon.",
    );
  });

  it("draws what the backend keeps of it, and says whose samples they are", async () => {
    const course = { ok: true, value: [{ name: "", samples: history }], at: now, latencyMs: 3 } as const;
    const kept = await run("metrics", { system: "trader", metric: "pnl" }, { course });
    expect(kept.asked).toMatchObject([{ series: [{ samples: history }] }]);
    expect(kept.card.footer).toContain("As its own backend keeps them");
    const own = await run("metrics", { system: "trader", metric: "pnl" }, { history });
    expect(own.card.footer).toContain("Wardroom keeps its own samples");
    expect(textOf(own.card)).not.toContain("could not be read");
  });

  it("says why the course that the backend keeps is not the one that is drawn", async () => {
    const { card } = await run("metrics", { system: "trader", metric: "pnl" }, { history, course: failure() });
    expect(textOf(card)).toContain(
      "Its course could not be read where it is kept: 127.0.0.1:1 refused the connection. Drawn are Wardroom's own samples.",
    );
    const course = { ok: true, value: [], at: now, latencyMs: 3 } as const;
    const none = await run("metrics", { system: "trader", metric: "pnl" }, { history, course });
    expect(textOf(none.card)).toContain("where it is kept: it keeps nothing of that time.");
  });

  it("shows the manual's own query beside what is right, and why it is wrong", async () => {
    const { card } = await run("metrics", { system: "trader", metric: "lag" });
    expect(card.blocks.slice(-2)).toEqual([
      { kind: "text", text: "The manual's own query is not used: it counts from the start of the process on." },
      { kind: "code", text: "lag_total" },
    ]);
  });
});
