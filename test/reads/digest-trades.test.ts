import { expect, it } from "vitest";
import { digestCard } from "../../src/cards/digest.ts";
import { AlertsInFile, routingOf } from "../../src/domain/alerts/routing.ts";
import { DigestsInFile, digestsOf } from "../../src/domain/digests/digest.ts";
import type { LogQuery, LogResult } from "../../src/domain/systems/logs.ts";
import { makeDigest } from "../../src/reads/digests/make-digest.ts";
import type { DigestRecord } from "../../src/records/digest.ts";
import { fakeSystemPorts, policy } from "../commands/fixtures.ts";
import { scratchStore } from "../fakes/scratch-store.ts";
import { systemWith } from "../integrations/systems.ts";

const hour = 3_600_000;
const day = 24 * hour;
// A Wednesday; its week begins on the 16th, and its month on the 1st, by the clocks of Berlin at 23:00 UTC of the day before.
const to = Date.parse("2026-11-18T07:00:00Z");
const system = systemWith({});

interface Traded {
  readonly at: string;
  readonly pnl: number;
}

/** A log of trades that begins where it does. */
function tradesLog(trades: readonly Traded[], begins?: string) {
  return {
    async search(_: unknown, { from, to: until }: LogQuery): Promise<LogResult> {
      const found = trades
        .map(({ at, pnl }) => ({ at: Date.parse(at), text: `${pnl}`, fields: { pnl: `${pnl}` }, origin: "trades.csv" }))
        .filter(({ at }) => at >= from && at < until)
        .toSorted((a, b) => b.at - a.at);
      const first = begins === undefined ? undefined : Date.parse(begins);
      return {
        lines: found,
        matched: found.length,
        counts: [],
        bucketMs: 60_000,
        scannedBytes: 0,
        origins: ["trades.csv"],
        gaps: [],
        malformed: 0,
        format: "csv",
        ...(first !== undefined && first > from && { begins: { at: first, why: "kept" } }),
      };
    },
  };
}

async function told(trades: readonly Traded[], { begins = "2026-01-01T00:00:00Z", days = 1 } = {}): Promise<string> {
  const sections = [{ section: "trades", system: "trader", log: "trades", currency: "EUR" }];
  const own = [{ id: "desk", at: "08:00", zone: "Europe/Berlin", channels: ["ops"], sections }];
  const [digest] = digestsOf(DigestsInFile.parse({ own }), [system]);
  if (!digest) throw new Error("there is no digest");
  const record: DigestRecord = {
    name: "desk",
    title: "Desk",
    slot: "2026-11-18",
    zone: "Europe/Berlin",
    dueAt: to,
    from: to - days * day,
    to,
    state: "due",
    sections: [],
    comparedWith: [],
  };
  const systems = { ...fakeSystemPorts(), logs: tradesLog(trades, begins) };
  const alerts = { listed: async () => [], judged: async () => [] };
  const routing = routingOf(AlertsInFile.parse({}), []);
  const ports = { store: scratchStore({ now: to }), policy, routing, alerts, systems };
  const { picture: _, ...found } = await makeDigest(ports, { digest, record, systems: [system] });
  return JSON.stringify(digestCard({ ...record, ...found, madeAt: to }).blocks);
}

const trades: readonly Traded[] = [
  { at: "2026-11-18T05:00:00Z", pnl: 40 },
  { at: "2026-11-17T12:00:00Z", pnl: -10 },
  { at: "2026-11-17T06:00:00Z", pnl: 5 },
  { at: "2026-11-16T00:30:00Z", pnl: 100 },
  // A Sunday by the clocks of London, and Monday by those of Berlin.
  { at: "2026-11-15T23:30:00Z", pnl: 1_000 },
  { at: "2026-11-11T06:00:00Z", pnl: 7 },
  { at: "2026-10-31T23:30:00Z", pnl: 20_000 },
  { at: "2026-10-31T22:30:00Z", pnl: 300_000 },
];

it("the result of the day stands beside those of the day before, of last week, of the week and of the month so far", async () => {
  const text = await told(trades);
  expect(text).toContain("realised P&L 30 EUR (+25 EUR, week +23 EUR)");
  expect(text).toContain("week so far 1,135 EUR");
  expect(text).toContain("month so far 21,142 EUR");
  expect(text).toContain("trades 2 (+1, week +1), win rate 50 % (-50 points, week -50 points)");
});

it("what the log does not reach back to is compared with nothing, and told of no week and no month", async () => {
  const text = await told(trades, { begins: "2026-11-16T12:00:00Z" });
  expect(text).toContain("realised P&L 30 EUR");
  expect(text).not.toContain("so far");
  expect(text).not.toContain("last week");
});

it("a digest of a week tells of its month, and not of the week twice", async () => {
  const text = await told(trades, { days: 7 });
  expect(text).toContain("realised P&L 1,135 EUR");
  expect(text).toContain("month so far 21,142 EUR");
  expect(text).not.toContain("week so far");
});
