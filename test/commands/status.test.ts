import { describe, expect, it } from "vitest";
import { clearTrouble, raiseTrouble } from "../../src/acts/messages/tell-trouble.ts";
import type { ActiveAlert } from "../../src/domain/alerts/alert.ts";
import { dana, failure, inOneStore, now, rowsOf, run, textOf } from "./fixtures.ts";

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
    expect(card).toMatchObject({
      tone: "good",
      title: "Everything is up",
      summary: "2 systems asked just now. No alert is firing, and nothing is watched of Guard.",
    });
    expect(rowsOf(card)).toEqual([
      ["trader", "up", "0", ""],
      ["guard", "up", "not watched", ""],
    ]);
  });

  it("says above all of it where nobody is heard, and where what is said is late, for as long as that lasts", async () => {
    const of = { surface: "console", surfaceName: "The console", remedy: "Look elsewhere." };
    const trouble = { ...of, id: "late/console", what: "What Wardroom says on the console is late." };
    await inOneStore(async (again, store) => {
      await raiseTrouble(store, trouble, []);
      expect((await again("status")).card.blocks[0]).toEqual({ kind: "text", text: trouble.what, tone: "warning" });
      await raiseTrouble(store, { ...trouble, id: "late/elsewhere", what: "Nobody is told there." }, []);
      await clearTrouble(store, trouble.id);
      expect((await again("status")).card.blocks).toHaveLength(1);
    });
  });

  it("names the worst part and since when it is alerting", async () => {
    const { card } = await run(
      "status",
      {},
      { down: ["trader/monitor", "trader/api"], alerts: { trader: [{ source: "rules", firing: [alert] }] } },
    );
    expect(card).toMatchObject({
      tone: "bad",
      title: "Trader is down; 1 of 2 need a look",
      summary: "Trader is down, alerting since 12 min ago.",
    });
    expect(rowsOf(card)[0]).toEqual(["trader", "down", "1", "API: 127.0.0.1:1 refused the connection"]);
  });

  it("says unknown where it cannot tell, and never that nothing fires where a source failed", async () => {
    const { card } = await run(
      "status",
      {},
      { unknown: ["guard/api"], alerts: { trader: [{ source: "monitor", firing: "fails" }] } },
    );
    expect(card).toMatchObject({
      tone: "unknown",
      title: "2 of 2 not fully read",
      summary:
        "Trader is up, and not all of it could be read. Guard is unknown: api could not be read: 127.0.0.1:1 refused the connection.",
    });
    expect(rowsOf(card)).toEqual([
      ["trader", "up", "0, 1 of 1 unread", "monitor unknown: 127.0.0.1:1 refused the connection"],
      ["guard", "unknown", "not watched", "api could not be read: 127.0.0.1:1 refused the connection"],
    ]);
  });

  it("is not good while something critical fires", async () => {
    const { card } = await run("status", {}, { alerts: { trader: [{ source: "rules", firing: [alert] }] } });
    expect(card).toMatchObject({
      tone: "bad",
      title: "Trader: 1 critical alert; 1 of 2 need a look",
      summary: "Trader is up, and needs a look, alerting since 12 min ago.",
    });
  });

  it.each([
    ["a limit is broken", { values: { pnl: -1_200, lag: 20 } }, "bad", "Daily P&L is -1,200 USD"],
    [
      "a number is unread that no key shows",
      { values: { pnl: 120, lag: "fails" } },
      "unknown",
      "Lag unknown: 127.0.0.1:1 refused the connection",
    ],
    [
      "an instance is missing",
      { reliance: { lag: { missing: { of: 3, failures: [failure()] } } } },
      "unknown",
      "Lag (2 of 3 instances) unknown: 127.0.0.1:1 refused the connection",
    ],
    ["a value is only a floor", { reliance: { lag: { isFloor: true } } }, "unknown", ""],
  ] as const)("never says that everything is up while %s", async (_what, world, tone, lookAt) => {
    const { card } = await run("status", {}, world);
    expect(card).toMatchObject({
      tone,
      title: tone === "bad" ? "Trader: Daily P&L is -1,200 USD; 1 of 2 need a look" : "1 of 2 not fully read",
    });
    expect(rowsOf(card)[0]?.[3]).toBe(lookAt);
  });

  it("tells what is wrong apart from what is only not read", async () => {
    const { card } = await run("status", {}, { unknown: ["guard/api"], values: { pnl: -600, lag: 20 } });
    expect(card).toMatchObject({
      tone: "unknown",
      title: "Trader: Daily P&L is -600 USD; 1 of 2 need a look, 1 not fully read",
    });
    const both = await run("status", {}, { values: { pnl: -600, lag: "fails" } });
    expect(both.card).toMatchObject({ tone: "unknown", title: "Trader: Daily P&L is -600 USD; 1 of 2 need a look" });
  });

  it("shows only what the person may read", async () => {
    const { card } = await run("status", {}, { person: dana });
    expect(rowsOf(card).map(([id]) => id)).toEqual(["guard"]);
  });
});

describe("status of one system", () => {
  it("shows every part with its latency, key metrics, alerts and links (A2)", async () => {
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
    expect(textOf(card)).toContain("Daily P&L and Lag unknown: 127.0.0.1:1 refused the connection");
  });

  it("tells one dead service once, and gives what hangs on it no lines of their own", async () => {
    const unknown = ["trader/api", "trader/monitor"];
    const { card } = await run("status", { system: "trader" }, { unknown, values: { pnl: "fails", lag: "fails" } });
    expect(textOf(card)).toContain("API, Monitor and 2 more unknown: 127.0.0.1:1 refused the connection");
    expect(textOf(card)).not.toContain('"Daily P&L"');
  });

  it("does not tell of a system the person may not read", async () => {
    await expect(run("status", { system: "trader" }, { person: dana })).rejects.toThrow(
      "There is no system trader that you may see here.",
    );
    await expect(run("status", { system: "gard" })).rejects.toMatchObject({ remedy: "Did you mean guard?" });
  });
});
