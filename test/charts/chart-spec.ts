import type { ChartSpec } from "../../src/domain/messages/chart.ts";
import type { Sample } from "../../src/domain/systems/metrics.ts";

export const to = Date.parse("2026-11-21T03:00:00Z");
export const from = to - 3_600_000;

/** `count` samples, the last one now, one every 30 seconds. */
export function samplesOf(count: number, value: (index: number) => number): Sample[] {
  return Array.from({ length: count }, (_, index) => ({ at: to - (count - 1 - index) * 30_000, value: value(index) }));
}

/** An hour at 50 ms, with a warning at 100 ms. */
export function specOf(changes: Partial<ChartSpec> = {}): ChartSpec {
  return {
    title: "Latency",
    unit: "ms",
    series: [{ name: "p95", samples: samplesOf(120, () => 50) }],
    from,
    to,
    thresholds: [{ label: "warn", value: 100, tone: "warning" }],
    ...changes,
  };
}
