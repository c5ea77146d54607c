import { describe, expect, it } from "vitest";
import { stretches, thinned, valueRange } from "../../src/charts/chart-lines.ts";
import { figure, showTick } from "../../src/charts/figure.ts";
import { timeAxis } from "../../src/charts/time-axis.ts";

const hour = 3_600_000;
const at = (text: string): number => Date.parse(text);

describe("figures", () => {
  it.each([
    [95, "ms", "95 ms"],
    [0.0953, "s", "95.3 ms"],
    [12_500, "ms", "12.5 s"],
    [1_234, "", "1.23 k"],
    [-3_400, "USD", "−3.4 k USD"],
    [999.9, "", "1 k"],
    [1.5e6, "req/s", "1.5 M req/s"],
    [0, "%", "0 %"],
    [3.2, "%", "3.2 %"],
    [1_536, "B", "1.5 KiB"],
    [1.23e-7, "", "1.23e−7"],
    [Number.NaN, "ms", "unknown"],
  ])("%d %s is %s", (value, unit, words) => {
    expect(figure(value, unit)).toBe(words);
  });

  it("tells the lines of a grid apart", () => {
    const axis = { min: 950, max: 1_100, step: 25 };
    expect([950, 975, 1_000, 1_025].map((value) => showTick(value, axis, ""))).toEqual([
      "950",
      "975",
      "1,000",
      "1,025",
    ]);
    const fine = { min: 20_000, max: 20_100, step: 25 };
    expect(showTick(20_025, fine, "ms")).toBe("20.025 k ms");
    expect(showTick(-2_000, { min: -4_000, max: 0, step: 2_000 }, "")).toBe("−2,000");
    expect(showTick(2 ** 31, { min: 0, max: 2 ** 32, step: 2 ** 30 }, "B")).toBe("2 GiB");
  });
});

describe("the range of values", () => {
  it("begins at zero unless that flattens the line", () => {
    expect(valueRange([50, 90])).toEqual({ min: 0, max: 100, step: 25 });
    expect(valueRange([1_000, 1_010]).min).toBeGreaterThan(900);
    expect(valueRange([-5, -1])).toMatchObject({ max: 0 });
    expect(valueRange([42])).toMatchObject({ min: 0 });
    expect(valueRange([])).toEqual({ min: 0, max: 1, step: 0.25 });
    expect(valueRange([0, 0])).toEqual({ min: 0, max: 1, step: 0.25 });
  });

  it("holds every value", () => {
    for (const values of [[-3, 4], [0.001, 0.0013], [1e9, 3e9], [-1e-7]]) {
      const { min, max } = valueRange(values);
      expect(min).toBeLessThanOrEqual(Math.min(...values));
      expect(max).toBeGreaterThanOrEqual(Math.max(...values));
    }
  });
});

describe("the axis of time", () => {
  it("has its marks at round times of the zone's clocks", () => {
    const range = { from: at("2026-11-21T00:10:00Z"), to: at("2026-11-21T06:10:00Z") };
    const axis = timeAxis(range, "Asia/Kolkata");
    expect(axis.ticks.map((mark) => axis.label(mark))).toEqual(["06:00", "07:00", "08:00", "09:00", "10:00", "11:00"]);
    expect(axis.ticks[0]).toBe(at("2026-11-21T00:30:00Z"));
  });

  it("stays round across a change of the clocks", () => {
    const axis = timeAxis({ from: at("2026-10-24T20:00:00Z"), to: at("2026-10-25T12:00:00Z") }, "Europe/Berlin");
    const labels = axis.ticks.map((mark) => axis.label(mark));
    expect(labels).toEqual(["22:00", "25 Oct", "02:00", "04:00", "06:00", "08:00", "10:00", "12:00"]);
    expect(axis.ticks[3]).toBe(at("2026-10-25T03:00:00Z"));
  });

  it("names the day where one begins, and only days over weeks", () => {
    const night = timeAxis({ from: at("2026-11-20T20:00:00Z"), to: at("2026-11-21T04:00:00Z") });
    expect(night.ticks.map((mark) => night.label(mark))).toContain("21 Nov");
    const weeks = timeAxis({ from: at("2026-10-21T20:00:00Z"), to: at("2026-11-21T04:00:00Z") });
    expect(weeks.ticks.every((mark) => /^\d+ (Oct|Nov)$/.test(weeks.label(mark)))).toBe(true);
  });

  it("shows seconds over minutes, and UTC for a zone nobody knows", () => {
    const axis = timeAxis({ from: at("2026-11-21T00:00:00Z"), to: at("2026-11-21T00:01:00Z") }, "Nowhere/Else");
    expect(axis.zone).toBe("UTC");
    expect(axis.label(axis.ticks[1] ?? 0)).toBe("00:00:10");
  });

  it("never has more marks than fit", () => {
    for (let span = 10_000; span < 20 * 365 * 24 * hour; span *= 1.7) {
      const { ticks } = timeAxis(
        { from: at("2026-03-01T00:00:00Z"), to: at("2026-03-01T00:00:00Z") + span },
        "America/New_York",
      );
      expect(ticks.length).toBeLessThanOrEqual(9);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
    }
  });
});

describe("stretches of samples", () => {
  const every = (ms: number, count: number) =>
    Array.from({ length: count }, (_, index) => ({ at: index * ms, value: index }));

  it("end where more than three samples in a row are missing", () => {
    const samples = every(1_000, 20).filter((sample) => sample.at < 5_000 || sample.at > 9_000);
    expect(stretches(samples).map((stretch) => stretch.length)).toEqual([5, 10]);
    expect(stretches(every(1_000, 20).filter((_, index) => index % 3 !== 1))).toHaveLength(1);
  });

  it("end where a time has no number", () => {
    const samples = every(1_000, 9).map((sample, index) => (index === 4 ? { ...sample, value: Number.NaN } : sample));
    expect(stretches(samples).map((stretch) => stretch.length)).toEqual([4, 4]);
  });

  it("are in order, without what is no number", () => {
    const found = stretches([
      { at: 2, value: 1 },
      { at: 1, value: 2 },
      { at: 3, value: Number.NaN },
    ]);
    expect(found).toEqual([
      [
        { at: 1, value: 2 },
        { at: 2, value: 1 },
      ],
    ]);
    expect(stretches([])).toEqual([]);
  });

  it("are thinned without losing a peak, the first or the last", () => {
    const samples = every(1_000, 50_000).map((sample, index) => ({
      ...sample,
      value: index === 12_345 ? 1e6 : index % 10,
    }));
    const [kept = []] = thinned([samples], 500);
    expect(kept.length).toBeLessThanOrEqual(502);
    expect(kept[0]).toEqual(samples[0]);
    expect(kept.at(-1)).toEqual(samples.at(-1));
    expect(kept.some((sample) => sample.value === 1e6)).toBe(true);
  });
});
