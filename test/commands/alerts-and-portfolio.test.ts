import { describe, expect, it } from "vitest";
import type { ActiveAlert } from "../../src/domain/alerts/alert.ts";
import { alertCode } from "../../src/records/ack.ts";
import { dana, now, rowsOf, run, textOf } from "./fixtures.ts";

const page: ActiveAlert = {
  system: "trader",
  source: "rules",
  id: "a",
  severity: "critical",
  ownSeverity: "P1",
  summary: "Trading stopped",
  since: now - 720_000,
  hint: "Look at the exchange.",
};
const ticket: ActiveAlert = {
  system: "trader",
  source: "rules",
  id: "b",
  severity: "warning",
  ownSeverity: "P2",
  summary: "Lag",
};

describe("alerts", () => {
  it("puts the worst first, with the system's own word", async () => {
    const { card } = await run("alerts", {}, { alerts: { trader: [{ source: "rules", firing: [ticket, page] }] } });
    expect(card).toMatchObject({ tone: "bad", title: "trader: 1 critical of 2 firing" });
    expect(card.blocks).toEqual([
      {
        kind: "list",
        items: [
          {
            text: `trader: Trading stopped (P1, since 12 min ago) → Look at the exchange. · ${alertCode(page)}`,
            tone: "bad",
          },
          { text: `trader: Lag (P2) · ${alertCode(ticket)}`, tone: "warning" },
        ],
      },
      { kind: "fields", fields: [{ name: "trader dashboard", value: "http://127.0.0.1:1/" }] },
    ]);
  });

  it("tells what is past a limit and does not fire yet, as status does", async () => {
    const soon = {
      system: "trader",
      severity: "warning",
      summary: "Lag",
      since: now - 12_000,
      lastsMs: 60_000,
    } as const;
    const world = { alerts: { trader: [{ source: "rule lag", firing: [], soon }] } };
    const { card } = await run("alerts", {}, world);
    expect(card).toMatchObject({ tone: "warning", title: "Nothing is firing yet, but 1 rule is breached" });
    expect(textOf(card)).toContain("trader: Lag, seen for 12 s: fires once it has lasted 60 s");
    const { card: overview } = await run("status", {}, world);
    expect(overview).toMatchObject({ tone: "warning", title: "Trader needs a look; 1 of 2 need a look" });
    expect(rowsOf(overview)[0]?.[2]).toBe("0, 1 not yet");
  });

  it("never says that nothing fires when a source could not be read", async () => {
    const { card } = await run(
      "alerts",
      {},
      {
        alerts: {
          trader: [
            { source: "rules", firing: [] },
            { source: "monitor", firing: "fails" },
          ],
        },
      },
    );
    expect(card).toMatchObject({
      tone: "unknown",
      title: "Nothing known to fire; 1 of 2 sources and rules could not be read",
    });
    expect(textOf(card)).toContain("trader: monitor unknown: 127.0.0.1:1 refused the connection");
  });

  it("says one cause once, with what it takes along", async () => {
    const sources = ["rule a", "rule b", "rule c", "rule d", "rule e"];
    const { card } = await run(
      "alerts",
      {},
      { alerts: { trader: sources.map((source) => ({ source, firing: "fails" })) } },
    );
    expect(card.blocks).toMatchObject([
      {
        items: [
          {
            text: "trader: rule a, rule b and 3 more unknown: 127.0.0.1:1 refused the connection",
            tone: "unknown",
          },
        ],
      },
    ]);
  });

  it("says that nothing fires when every source said so, and that nothing is watched where nothing is", async () => {
    const quiet = { alerts: { trader: [{ source: "rules", firing: [] }] } } as const;
    expect((await run("alerts", { system: "trader" }, quiet)).card).toMatchObject({
      tone: "good",
      title: "Nothing is firing",
    });
    expect((await run("alerts", {}, quiet)).card).toMatchObject({
      tone: "neutral",
      title: "Nothing is firing; 1 system is not watched",
      summary: "Nothing is watched of Guard.",
    });
    expect((await run("alerts", { system: "guard" })).card).toMatchObject({
      tone: "neutral",
      title: "No alert source is configured",
    });
  });

  it("does not call it quiet while a system is down", async () => {
    const { card } = await run(
      "alerts",
      {},
      { down: ["trader/api"], alerts: { trader: [{ source: "rules", firing: [] }] } },
    );
    expect(card).toMatchObject({ tone: "bad", title: "Nothing is firing, but Trader is down" });
  });

  it("does not call it quiet while status shows something wrong that no alert tells", async () => {
    const world = { values: { pnl: 120, lag: 200 }, alerts: { trader: [{ source: "rules", firing: [] }] } };
    const { card: overview } = await run("status", {}, world);
    expect(overview).toMatchObject({ tone: "warning", title: "Trader: Lag is 200 ms; 1 of 2 need a look" });
    const { card } = await run("alerts", { system: "trader" }, world);
    expect(card).toMatchObject({ tone: "warning", title: "Nothing is firing, but Trader needs a look" });
    const known = { values: { pnl: 120, lag: 200 }, alerts: { trader: [{ source: "rules", firing: [page] }] } };
    expect((await run("alerts", { system: "trader" }, known)).card.title).toBe("trader: 1 critical of 1 firing");
  });

  it("leaves out what the person may not read", async () => {
    const { card } = await run(
      "alerts",
      {},
      { person: dana, alerts: { trader: [{ source: "rules", firing: [page] }] } },
    );
    expect(textOf(card)).not.toContain("Trading stopped");
  });
});

describe("portfolio", () => {
  it("shows positions, notional and totals", async () => {
    const portfolio = {
      positions: [{ symbol: "BTC", side: "long" as const, quantity: 1.5, price: 60_000, pnl: -20 }],
      totals: [{ title: "Value", value: 250_000, unit: "USD" }],
      currency: "USD",
    };
    const { card } = await run("portfolio", { system: "trader" }, { portfolio });
    expect(card.title).toBe("Trader: 1 open, 90,000 USD");
    expect(rowsOf(card)).toEqual([["BTC", "long", "90,000 USD", "-20.00 USD", "1.5", "60,000"]]);
    expect(card.blocks).toContainEqual({ kind: "fields", fields: [{ name: "Value", value: "250,000 USD" }] });
  });

  it("is unknown, never flat, when it cannot be read", async () => {
    const { card } = await run("portfolio", { system: "trader" }, { portfolio: "fails" });
    expect(card).toMatchObject({ tone: "unknown", title: "The positions of Trader are unknown" });
    expect(card.summary).toContain("Do not take this for flat");
    expect((await run("portfolio", { system: "trader" })).card.title).toBe("Trader holds no position");
  });

  it("is for systems that have one", async () => {
    await expect(run("portfolio", { system: "guard" })).rejects.toThrow("Guard holds no positions.");
  });
});
