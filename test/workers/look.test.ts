import { expect, it, onTestFinished, vi } from "vitest";
import type { Metrics } from "../../src/domain/systems/metrics.ts";
import { MetricLooks } from "../../src/workers/look.ts";
import { asksNothing, quiet, systemWith } from "../integrations/systems.ts";

function openLooks(everyMs: number) {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  let reads = 0;
  const metrics: Metrics = {
    course: async () => undefined,
    ...asksNothing,
    async read() {
      reads += 1;
      return [];
    },
  };
  const systems = { all: () => [systemWith({ id: "trader" })], find: () => undefined };
  const looks = new MetricLooks({
    current: () => ({ systems, history: { everyMs, keepMs: everyMs } }),
    metrics,
    log: quiet,
  });
  onTestFinished(() => looks.stop());
  return { looks, reads: () => reads };
}

it("a process looks at the counters at once, soon again, and then at more than the pace of the samples", async () => {
  const { looks, reads } = openLooks(60_000);
  looks.start();
  await vi.advanceTimersByTimeAsync(0);
  expect(reads()).toBe(1);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(reads()).toBe(2);
  await vi.advanceTimersByTimeAsync(89_999);
  expect(reads()).toBe(2);
  await vi.advanceTimersByTimeAsync(1);
  expect(reads()).toBe(3);
});

it("the process that samples does not look besides", async () => {
  const { looks, reads } = openLooks(15_000);
  looks.start();
  await vi.advanceTimersByTimeAsync(5_000);
  for (let round = 1; round <= 10; round += 1) {
    await vi.advanceTimersByTimeAsync(15_000);
    await looks.read();
  }
  expect(reads()).toBe(2 + 10);
});

it("two that read at one time share one reading", async () => {
  const { looks, reads } = openLooks(15_000);
  await Promise.all([looks.read(), looks.read()]);
  expect(reads()).toBe(1);
});
