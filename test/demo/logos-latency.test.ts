import { expect, it } from "vitest";
import { servedNames, serviceExposition } from "../../demo/logos/exposition.ts";

const minuteMs = 60_000;

/** How many requests were answered so fast by then, by the limit of their bucket in seconds. */
function buckets(at: number): Map<number, number> {
  const found = new Map<number, number>();
  for (const name of servedNames)
    for (const [, within = "", count = ""] of serviceExposition(name, 1, at).matchAll(
      /_bucket\{.*le="(.*?)"\} (\d+)/g,
    )) {
      const limit = within === "+Inf" ? Number.POSITIVE_INFINITY : Number(within);
      found.set(limit, (found.get(limit) ?? 0) + Number(count));
    }
  return found;
}

it("answers 95 % within its limit at every time of the day, so that no alert fires by itself", () => {
  const shares = Array.from({ length: 288 }, (_, index) => {
    const [before, now] = [buckets(index * 5 * minuteMs), buckets((index + 1) * 5 * minuteMs)];
    const rose = (limit: number): number => (now.get(limit) ?? 0) - (before.get(limit) ?? 0);
    // Straight between the two limits that 300 ms lies between, as histogram_quantile has it.
    return (rose(0.25) + (rose(0.5) - rose(0.25)) / 5) / rose(Number.POSITIVE_INFINITY);
  });
  expect(Math.min(...shares)).toBeGreaterThan(0.95);
});
