import { expect, it } from "vitest";
import { metricCard, metricChart } from "../../src/cards/metric-chart.ts";
import { trader } from "../commands/fixtures.ts";

it("the picture of a metric shows every line of it, each by its name, from where the first of them begins", () => {
  const [metric] = trader.metrics;
  if (!metric) throw new Error("there is no metric");
  const asked = 10_000_000;
  const line = (name: string, at: number) => ({ name, samples: [{ at, value: 1 }] });
  const view = { system: trader, metric, now: undefined, rangeMs: 3_600_000, keeper: "backend" } as const;
  const chart = metricChart({ ...view, series: [line("a", 9_000_000), line("b", 8_000_000)] }, asked, undefined);
  expect(chart.series.map(({ name }) => name)).toEqual(["a", "b"]);
  expect(chart.from).toBe(8_000_000);
  const alone = metricChart({ ...view, series: [line("", 9_000_000)] }, asked, undefined);
  expect(alone.series.map(({ name }) => name)).toEqual([metric.title]);
});

const several = (values: Readonly<Record<string, readonly number[]>>) => {
  const [pnl] = trader.metrics;
  if (!pnl) throw new Error("there is no metric");
  const lines = Object.entries(values).map(([name, each]) => ({
    name,
    samples: each.map((value, at) => ({ at: 9_000_000 + at * 60_000, value })),
  }));
  const [first, ...others] = lines;
  if (!first) throw new Error("there is no line");
  const view = { system: trader, metric: pnl, now: undefined, rangeMs: 3_600_000, keeper: "backend" } as const;
  return { ...view, series: [first, ...others] } as const;
};

it("the lowest and the highest are those of all lines, each with its line's name; the trend is that of the worst one", () => {
  const { blocks } = metricCard(several({ a: [10, 20], b: [-30, 40], c: [90, 5] }), { why: "no picture" }, 10_000_000);
  const fields = blocks.flatMap((block) => (block.kind === "fields" ? block.fields : []));
  expect(Object.fromEntries(fields.map(({ name, value }) => [name, value]))).toMatchObject({
    Lowest: "-30 USD (b)",
    Highest: "90 USD (c)",
    // Of this one it is bad to be low.
    Trend: "falling, -85 USD (c)",
  });
  expect(blocks).toContainEqual({ kind: "code", text: expect.stringMatching(/ {2}c$/) });
});

it("of more lines than one picture takes the worst are drawn, and the card names the rest", () => {
  const view = several(
    Object.fromEntries(
      ["a", "b", "c", "d", "e", "f", "g", "h"].map((name, at) => [name, [0, at === 0 ? Number.NaN : at]]),
    ),
  );
  const chart = metricChart(view, 10_000_000, undefined);
  expect(chart.series.map(({ name }) => name)).toEqual(["a", "b", "c", "d", "e", "f"]);
  const { blocks } = metricCard(view, { why: "no picture" }, 10_000_000);
  expect(blocks).toContainEqual({
    kind: "text",
    text: "Drawn are the 6 of 8 lines that are lowest at their end; left out: g, h.",
  });
});
