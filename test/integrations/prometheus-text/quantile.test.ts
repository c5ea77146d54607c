import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Bucket, histogramQuantile, sumBuckets } from "../../../src/integrations/prometheus-text/quantile.ts";

const bounds = [0.005, 0.01, 0.05, 0.1, 0.5, 1, Number.POSITIVE_INFINITY];

function histogram(observed: readonly number[], limits: readonly number[] = bounds): Bucket[] {
  return limits.map((le) => ({ le, count: observed.filter((value) => value <= le).length }));
}

describe("the quantile of a histogram", () => {
  it("lies in the bucket of the true one, or is told to be a floor", () => {
    const observation = fc.double({ min: 0, max: 2, noNaN: true });
    const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(fc.array(observation, { minLength: 1, maxLength: 200 }), share, (observed, quantile) => {
        const truth = observed.toSorted((a, b) => a - b)[Math.ceil(quantile * observed.length) - 1] ?? Number.NaN;
        const found = histogramQuantile(quantile, histogram(observed));
        if (!found.known) throw new Error(found.why);
        const upper = bounds.find((le) => truth <= le) ?? Number.NaN;
        const lower = bounds[bounds.indexOf(upper) - 1] ?? 0;
        const isOpen = upper === Number.POSITIVE_INFINITY;
        expect(found.isFloor).toBe(isOpen);
        expect(found.value).toBeGreaterThanOrEqual(isOpen ? 1 : lower);
        expect(found.value).toBeLessThanOrEqual(isOpen ? 1 : upper + 1e-12);
      }),
    );
  });

  it("rises with the share, whatever the order of the buckets", () => {
    const counts = fc.array(fc.nat(1_000), { minLength: bounds.length, maxLength: bounds.length });
    fc.assert(
      fc.property(
        counts,
        fc.tuple(fc.double({ min: 0.01, max: 0.99, noNaN: true }), fc.double({ min: 0.01, max: 0.99, noNaN: true })),
        (grown, [a, b]) => {
          let total = 0;
          const buckets = bounds.map((le, at) => ({ le, count: (total += grown[at] ?? 0) }));
          const low = histogramQuantile(Math.min(a, b), buckets.toReversed());
          const high = histogramQuantile(Math.max(a, b), buckets);
          expect([low.known, high.known]).toEqual([total > 0, total > 0]);
          const rises = low.known && high.known ? high.value - low.value : 0;
          expect(rises).toBeGreaterThanOrEqual(-1e-12);
        },
      ),
    );
  });

  it.each([
    { quantile: 0.5, value: 0.1 },
    { quantile: 0.95, value: 0.9 },
    { quantile: 0.05, value: 0.01 },
  ])("$quantile is interpolated inside its bucket: $value", ({ quantile, value }) => {
    const buckets = [
      { le: 0.1, count: 50 },
      { le: 0.5, count: 75 },
      { le: 1, count: 100 },
      { le: Number.POSITIVE_INFINITY, count: 100 },
    ];
    expect(histogramQuantile(quantile, buckets)).toEqual({
      known: true,
      value: expect.closeTo(value, 9),
      isFloor: false,
    });
  });

  it("is unknown, and says why, without calls, without buckets and without the open one", () => {
    expect(histogramQuantile(0.95, histogram([]))).toMatchObject({
      known: false,
      why: "counted nothing in the window",
    });
    expect(histogramQuantile(0.95, [])).toMatchObject({ known: false });
    expect(histogramQuantile(0.95, [{ le: 1, count: 5 }])).toMatchObject({ known: false });
    expect(histogramQuantile(0.95, [{ le: Number.POSITIVE_INFINITY, count: 5 }])).toMatchObject({ known: false });
  });

  it("bears buckets that were read while calls came in, so that a lower one is ahead of a higher", () => {
    const buckets = [
      { le: 0.1, count: 12 },
      { le: 0.5, count: 10 },
      { le: 1, count: 20 },
      { le: Number.POSITIVE_INFINITY, count: 20 },
    ];
    expect(histogramQuantile(0.75, buckets)).toEqual({ known: true, value: 0.6875, isFloor: false });
  });
});

describe("histograms of several instances", () => {
  const series = (le: string, value: number, instance: string) => ({ labels: { le, instance }, value });

  it("are summed bound by bound", () => {
    const summed = sumBuckets([
      series("0.1", 3, "a"),
      series("+Inf", 4, "a"),
      series("0.1", 5, "b"),
      series("+Inf", 9, "b"),
    ]);
    expect(summed).toEqual([
      { le: 0.1, count: 8 },
      { le: Number.POSITIVE_INFINITY, count: 13 },
    ]);
  });

  it("with different bounds are not summed", () => {
    expect(
      sumBuckets([series("0.1", 3, "a"), series("+Inf", 4, "a"), series("0.2", 5, "b"), series("+Inf", 9, "b")]),
    ).toBeUndefined();
  });
});
