import { describe, expect, it } from "vitest";
import type { ActiveAlert } from "../../src/domain/alerts/alert.ts";
import { dana, now, rowsOf, run, textOf } from "./fixtures.ts";

const alert: ActiveAlert = {
  system: "trader",
  source: "rules",
  id: "a",
  severity: "critical",
  ownSeverity: "P1",
  summary: "Trading stopped",
  since: now - 720_000,
};

describe("status of everything", () => {
  it("is one line a system", async () => {
    const { card } = await run("status", {}, { alerts: { trader: [{ source: "rules", firing: [] }] } });
    expect(card).toMatchObject({ tone: "good", title: "Everything is up" });
    expect(rowsOf(card)).toEqual([
      ["trader", "up", "", "0"],
      ["guard", "up", "", "not watched"],
    ]);
  });

  it("names the worst part and since when it is alerting", async () => {
    const { card } = await run(
      "status",
      {},
      { down: ["trader/monitor", "trader/api"], alerts: { trader: [{ source: "rules", firing: [alert] }] } },
    );
    expect(card).toMatchObject({
      tone: "bad",
      title: "1 of 2 need a look",
      summary: "Trader is down, alerting since 12 min ago.",
    });
    expect(rowsOf(card)[0]).toEqual(["trader", "down", "API: 127.0.0.1:1 refused the connection", "1"]);
  });

  it("says unknown where it cannot tell, and never that nothing fires where a source failed", async () => {
    const { card } = await run(
      "status",
      {},
      { unknown: ["guard/api"], alerts: { trader: [{ source: "monitor", firing: "fails" }] } },
    );
    expect(card.tone).toBe("unknown");
    expect(rowsOf(card)).toEqual([
      ["trader", "up", "", "0, 1 of 1 sources unread"],
      ["guard", "unknown", "api: 127.0.0.1:1 refused the connection", "not watched"],
    ]);
  });

  it("is not good while something critical fires", async () => {
    const { card } = await run("status", {}, { alerts: { trader: [{ source: "rules", firing: [alert] }] } });
    expect(card).toMatchObject({
      tone: "bad",
      title: "Everything is up",
      summary: "2 systems asked just now. 1 alert is firing.",
    });
  });

  it("shows only what the person may read", async () => {
    const { card } = await run("status", {}, { person: dana });
    expect(rowsOf(card).map(([id]) => id)).toEqual(["guard"]);
  });
});

describe("status of one system", () => {
  it("shows every part with its latency, key metrics, alerts and links", async () => {
    const { card } = await run(
      "status",
      { system: "TD" },
      {
        down: ["trader/monitor"],
        values: { pnl: -700, lag: 20 },
        alerts: { trader: [{ source: "rules", firing: [alert] }] },
      },
    );
    expect(card.title).toBe("Trader is degraded");
    expect(rowsOf(card)).toEqual([
      ["API", "up", "answered 200", "12 ms"],
      ["Monitor", "down", "127.0.0.1:1 refused the connection", "3 ms"],
    ]);
    expect(card.blocks).toContainEqual({
      kind: "fields",
      fields: [{ name: "Daily P&L", value: "-700 USD", tone: "warning" }],
    });
    expect(textOf(card)).toContain("P1: Trading stopped");
    expect(textOf(card)).toContain("http://127.0.0.1:1/");
  });

  it("says that a metric is unknown instead of showing a number", async () => {
    const { card } = await run("status", { system: "trader" }, { values: { pnl: "fails" } });
    expect(card.blocks).toContainEqual({
      kind: "fields",
      fields: [{ name: "Daily P&L", value: "unknown", tone: "unknown" }],
    });
    expect(textOf(card)).toContain("pnl unknown: 127.0.0.1:1 refused the connection");
  });

  it("does not tell of a system the person may not read", async () => {
    await expect(run("status", { system: "trader" }, { person: dana })).rejects.toThrow(
      "There is no system trader that you may see here.",
    );
    await expect(run("status", { system: "gard" })).rejects.toMatchObject({ remedy: "Did you mean guard?" });
  });
});
