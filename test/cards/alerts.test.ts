import { expect, it } from "vitest";
import { alertsCard } from "../../src/cards/alerts.ts";
import type { Firing, FiringAlert } from "../../src/domain/alerts/firing.ts";

const now = 1_790_000_000_000;

function alert(summary: string, more: Partial<FiringAlert> = {}): FiringAlert {
  return {
    system: "alphapulse",
    id: "lag",
    source: "risk",
    severity: "warning",
    ownSeverity: "warning",
    summary,
    labels: {},
    since: now - 60_000,
    code: `c${summary.length}`,
    ...more,
  };
}

function listed(alerts: readonly FiringAlert[], more: Partial<Firing> = {}): string[] {
  const firing = { alerts, soon: [], unread: [], watched: 1, unreadWatched: 0, unwatched: [], notWell: [], links: [] };
  return alertsCard({ ...firing, ...more }, now).blocks.flatMap((block) =>
    block.kind === "list" ? block.items.map(({ text }) => text) : [],
  );
}

const lags = Array.from({ length: 30 }, (_, stream) => alert(`Lag of stream ${stream} is ${stream / 2} s`));

it("of many alerts those that read alike but for their figures are one line, and how to see each", () => {
  const stop = alert("Emergency stop is true", { severity: "critical", ownSeverity: "critical" });
  expect(listed([stop, ...lags])).toEqual([
    expect.stringContaining("Emergency stop is true"),
    'alphapulse: 30 alike: Lag of stream N is N s (warning, the oldest since 60 s ago) · each by: alerts about:"Lag of stream"',
  ]);
  expect(listed([stop, ...lags], { isApart: true })).toHaveLength(31);
});

it("what is read at a glance stays apart, and so does what somebody has", () => {
  expect(listed(lags.slice(0, 20))).toHaveLength(20);
  const mine = lags.slice(0, 6).map((each) => ({
    ...each,
    ack: {
      code: each.code,
      system: each.system,
      summary: each.summary,
      by: { person: "ana", name: "Ana", account: "console:ana" },
      at: now,
    },
  }));
  expect(listed([...mine, ...lags.slice(6)])).toEqual([
    expect.stringContaining("6 alike: Lag of stream N is N s (warning, the oldest since 60 s ago) · Ana has them"),
    expect.stringContaining("24 alike"),
  ]);
});
