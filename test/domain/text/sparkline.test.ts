import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sparkline } from "../../../src/domain/text/sparkline.ts";

const every = (stepMs: number, values: readonly number[]) =>
  values.map((value, index) => ({ at: index * stepMs, value }));

describe("sparkline", () => {
  it("shows few samples one by one", () => {
    expect(sparkline(every(1_000, [0, 1, 2, 3, 4, 5, 6, 7]), 20)).toBe("▁▂▃▄▅▆▇█");
  });

  it("averages many into the width", () => {
    const values = Array.from({ length: 100 }, (_, index) => (index < 50 ? 0 : 10));
    expect(sparkline(every(1_000, values), 10)).toBe("▁▁▁▁▁█████");
  });

  it("leaves a dot where nothing was sampled", () => {
    const samples = [...every(1_000, [1, 1, 1, 1]), { at: 20_000, value: 5 }, { at: 21_000, value: 5 }];
    expect(sparkline(samples, 10)).toMatch(/^▁+·+█$/);
  });

  it("is flat for one value and empty for none", () => {
    expect(sparkline(every(1_000, [3, 3, 3]), 8)).toBe("▄▄▄");
    expect(sparkline([{ at: 5, value: 3 }], 8)).toBe("▄");
    expect(sparkline([], 8)).toBe("");
    expect(sparkline(every(1, [1, 2]), 0)).toBe("");
    expect(sparkline([{ at: 0, value: Number.NaN }], 8)).toBe("");
  });

  it("is never wider than asked and only ever bars and dots", () => {
    const sample = fc.record({ at: fc.integer(), value: fc.double() });
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (samples, width) => {
        const line = sparkline(samples, width);
        expect(line.length).toBeLessThanOrEqual(width);
        expect(line).toMatch(/^[▁▂▃▄▅▆▇█·]*$/);
      }),
    );
  });
});
