import { expect, it } from "vitest";
import { drawDigest } from "../../src/charts/draw-chart.ts";
import type { DigestPicture } from "../../src/domain/messages/digest-picture.ts";
import { decode } from "./picture.ts";

const hour = 3_600_000;
const from = Date.UTC(2026, 10, 29, 7);
const blue = "#2563eb";
const amber = "#b45309";
const red = "#991b1b";

const day: DigestPicture = {
  title: "Morning",
  from,
  to: from + 24 * hour,
  timezone: "Europe/Berlin",
  curve: {
    title: "Portfolio value",
    unit: "USD",
    samples: Array.from({ length: 288 }, (_, at) => ({ at: from + (at * hour) / 12, value: 250_000 + at * 10 })),
  },
  strip: {
    title: "Alerts that fired, by hour",
    rows: [
      {
        name: "AlphaPulse-RL",
        cells: Array.from({ length: 24 }, (_, at) => {
          if (at < 3) return null;
          return at === 20 ? { count: 4, tone: "bad" as const } : { count: 0, tone: "neutral" as const };
        }),
      },
    ],
  },
  budget: {
    title: "How much of each limit is used",
    rows: [{ name: "Drawdown", used: 0.85, words: "10.2 % of 12 %", tone: "warning" }],
  },
};

const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);

it("a digest at a glance has the course, what fired when, and the limits, each in its place", async () => {
  const picture = await decode(drawDigest(day));
  expect(sum(picture.columns(blue))).toBeGreaterThan(1_000);
  // The hour in which most fired is one dark cell, right of the middle.
  const reds = picture.columns(red);
  const [first, last] = [reds.findIndex((count) => count > 20), reds.findLastIndex((count) => count > 20)];
  expect(first).toBeGreaterThan(picture.width / 2);
  expect(last - first).toBeLessThan(picture.width / 20);
  // The bar of a limit is as long as what is used of it.
  const amberRow = Math.max(...picture.rows(amber));
  expect(amberRow).toBeGreaterThan(400);
});

it("what is missing takes no room, and what is not known is drawn as no number", async () => {
  const { budget: _, ...without } = day;
  const whole = await decode(drawDigest(day));
  const shorter = await decode(drawDigest(without));
  expect(shorter.height).toBeLessThan(whole.height);
  expect(sum(shorter.rows(amber))).toBe(0);
  const gaps = { ...day, curve: { title: "Value", unit: "USD", samples: [{ at: from, value: Number.NaN }] } };
  const unknown = await decode(drawDigest(gaps));
  expect(sum(unknown.columns(blue))).toBe(0);
});
