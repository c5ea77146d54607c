import { expect, it } from "vitest";
import { metricChart } from "../../src/cards/metric-chart.ts";
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
