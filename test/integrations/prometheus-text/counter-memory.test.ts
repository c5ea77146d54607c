import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CounterMemory,
  type Growth,
  shortestSpanMs,
} from "../../../src/integrations/prometheus-text/counter-memory.ts";
import type { Series } from "../../../src/integrations/prometheus-text/exposition.ts";

const minute = 60_000;
const begin = 1_700_000_000_000;

function calls(value: number, labels: Readonly<Record<string, string>> = {}): Series {
  return { labels, value };
}

/** Looks at one counter at so many ms from the beginning. */
function watch(
  looks: readonly { at: number; series: readonly Series[]; startedAt?: number }[],
  windowMs = 5 * minute,
): Growth {
  const memory = new CounterMemory(windowMs);
  for (const { at, series, startedAt } of looks) {
    memory.add({ at: begin + at, series, startedAt: startedAt === undefined ? undefined : begin + startedAt });
  }
  return memory.growth();
}

function sum(growth: Growth): number | undefined {
  return growth.known ? growth.series.reduce((all, { value }) => all + value, 0) : undefined;
}

describe("growth of counters", () => {
  it("is what was counted since the first look", () => {
    const growth = watch([
      { at: 0, series: [calls(1_000)] },
      { at: 15_000, series: [calls(1_030)] },
    ]);
    expect(growth).toEqual({ known: true, spanMs: 15_000, series: [calls(30)] });
  });

  it("is not known at the first look, whatever was counted since the process started long ago", () => {
    expect(watch([{ at: 0, series: [calls(1_000_000)], startedAt: -86_400_000 }])).toEqual({
      known: false,
      waitMs: shortestSpanMs,
    });
    expect(watch([{ at: 0, series: [calls(1_000_000)] }])).toMatchObject({ known: false });
  });

  it("is known at the first look of a process that started inside the window", () => {
    expect(watch([{ at: 0, series: [calls(70)], startedAt: -2 * minute }])).toEqual({
      known: true,
      spanMs: 2 * minute,
      series: [calls(70)],
    });
  });

  it("does not believe a start in the future", () => {
    const growth = watch([
      { at: 0, series: [calls(70)], startedAt: minute },
      { at: 15_000, series: [calls(75)], startedAt: minute },
    ]);
    expect(growth).toEqual({ known: true, spanMs: 15_000, series: [calls(5)] });
  });

  it("says how much longer it has to be watched", () => {
    expect(
      watch([
        { at: 0, series: [calls(1)] },
        { at: 1_000, series: [calls(2)] },
      ]),
    ).toEqual({ known: false, waitMs: shortestSpanMs - 1_000 });
  });

  it("counts a restart from zero, by the fall of one series for all of them", () => {
    const growth = watch([
      { at: 0, series: [calls(100, { le: "1" }), calls(100, { le: "+Inf" })] },
      { at: 15_000, series: [calls(20, { le: "1" }), calls(120, { le: "+Inf" })] },
    ]);
    expect(sum(growth)).toBe(140);
  });

  it("counts a restart that the process tells, although the counter has passed its old value", () => {
    const growth = watch([
      { at: 0, series: [calls(100)], startedAt: -86_400_000 },
      { at: minute, series: [calls(250)], startedAt: 1_000 },
    ]);
    expect(sum(growth)).toBe(250);
  });

  it("takes a start that is worked out anew each time for the same one", () => {
    const growth = watch([
      { at: 0, series: [calls(100)], startedAt: -86_400_000 },
      { at: minute, series: [calls(250)], startedAt: -86_400_000 + 900 },
    ]);
    expect(sum(growth)).toBe(150);
  });

  it("counts a series that appears with its first count", () => {
    const growth = watch([
      { at: 0, series: [calls(100, { status: "2xx" })] },
      { at: 15_000, series: [calls(110, { status: "2xx" }), calls(3, { status: "5xx" })] },
    ]);
    expect(growth).toMatchObject({ series: [calls(10, { status: "2xx" }), calls(3, { status: "5xx" })] });
  });

  it("does not count a series anew that was absent for one look", () => {
    const growth = watch([
      { at: 0, series: [calls(100)] },
      { at: 15_000, series: [] },
      { at: 30_000, series: [calls(104)] },
    ]);
    expect(sum(growth)).toBe(4);
  });

  it("leaves what is not a number aside instead of taking it for a restart", () => {
    const growth = watch([
      { at: 0, series: [calls(100)] },
      { at: 15_000, series: [calls(Number.NaN)] },
      { at: 30_000, series: [calls(104)] },
    ]);
    expect(sum(growth)).toBe(4);
  });

  it("forgets labels that come and go without end", () => {
    const memory = new CounterMemory(minute);
    for (let look = 0; look < 2_000; look += 1) {
      memory.add({ at: begin + look * 15_000, startedAt: undefined, series: [calls(look, { pod: `p${look}` })] });
    }
    const growth = memory.growth();
    expect(growth.known && growth.series.length).toBeLessThan(300);
  });

  it("is what a reference that keeps every look says, however often it is looked", () => {
    const step = fc.record({
      waitMs: fc.integer({ min: 200, max: 40_000 }),
      counted: fc.integer({ min: 0, max: 50 }),
      restarts: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 2, maxLength: 200 }), (steps) => {
        const windowMs = 5 * minute;
        const memory = new CounterMemory(windowMs);
        const truth: { at: number; total: number }[] = [];
        let [at, value, total] = [begin, 10_000, 0];
        for (const { waitMs, counted, restarts } of steps) {
          at += waitMs;
          // One restart in many. One that has not fallen cannot be seen: a counter that began anew at its old value.
          value = restarts && counted === 7 && counted < value ? counted : value + counted;
          total += counted;
          truth.push({ at, total });
          memory.add({ at, startedAt: undefined, series: [calls(value)] });
        }
        // What happened before the first look is nobody's to know.
        const known = truth.map((look) => ({ ...look, total: look.total - (truth[0]?.total ?? 0) }));
        const growth = memory.growth();
        const last = known.at(-1);
        if (!growth.known || !last) return truth.length < 2 || at - (truth[0]?.at ?? 0) < windowMs;
        const base = known.find((look) => look.at === last.at - growth.spanMs);
        expect(base).toBeDefined();
        expect(sum(growth)).toBe(last.total - (base?.total ?? Number.NaN));
        expect(growth.spanMs).toBeLessThanOrEqual(2 * windowMs);
        return true;
      }),
    );
  });

  it("covers its window although it is asked far more often than its looks are kept", () => {
    const memory = new CounterMemory(5 * minute);
    for (let at = 0; at <= 20 * minute; at += 500)
      memory.add({ at: begin + at, startedAt: undefined, series: [calls(at)] });
    const growth = memory.growth();
    expect(growth.known && growth.spanMs).toBeGreaterThan(4.5 * minute);
    expect(growth.known && growth.spanMs).toBeLessThan(5.5 * minute);
    expect(sum(growth)).toBe(growth.known && growth.spanMs);
  });
});
