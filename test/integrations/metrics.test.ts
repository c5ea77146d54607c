import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { MetricReading, Metrics } from "../../src/domain/systems/metrics.ts";
import type { System } from "../../src/domain/systems/system.ts";
import { createMetrics } from "../../src/integrations/metrics.ts";
import { type Backend, closedUrl, json, openBackend, openBackends, page, text } from "./backend.ts";
import { systemWith } from "./systems.ts";

const minute = 60_000;
const begin = Date.UTC(2026, 0, 2, 3, 4);

// Only the clock is held: a window passes at once, and connections and deadlines stay real.
beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now: begin }));
afterEach(() => void vi.useRealTimers());

function pass(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}

function open(): Metrics {
  return createMetrics({ backends: openBackends() });
}

function systemOf(sources: Readonly<Record<string, object>>): System {
  return systemWith({ metrics: Object.entries(sources).map(([id, source]) => ({ id, title: id, source })) });
}

async function readOne(metrics: Metrics, source: object): Promise<MetricReading> {
  const [only] = await metrics.read(systemOf({ it: source }));
  if (!only) throw new Error("nothing was read");
  return only;
}

function value(read: MetricReading): number | string {
  return read.reading.ok ? read.reading.value : read.reading.detail;
}

function say(backend: Backend, lines: string): void {
  backend.answer(text(lines));
}

describe("a gauge of several instances", () => {
  async function three(): Promise<{ backends: Backend[]; source: (more: object) => object }> {
    const backends = [
      await openBackend(text("lag 1\n")),
      await openBackend(text("lag 5\n")),
      await openBackend(text("lag 3\n")),
    ];
    const urls = backends.map(({ url }) => `${url}/metrics`);
    return { backends, source: (more) => ({ prometheus: { urls, name: "lag", ...more } }) };
  }

  it.each([
    { across: "sum", is: 9 },
    { across: "max", is: 5 },
    { across: "min", is: 1 },
    { across: "mean", is: 3 },
  ])("is their $across", async ({ across, is }) => {
    const { source } = await three();
    expect(value(await readOne(open(), source({ across })))).toBe(is);
  });

  it.each(["sum", "mean"])("has no %s while one of them cannot be read", async (across) => {
    const { backends, source } = await three();
    backends[1]?.answer(json({}, 500));
    const read = await readOne(open(), source({ across }));
    expect(value(read)).toContain(`${backends[1]?.host}: GET /metrics answered 500`);
    expect(value(read)).toContain("1 of 3 instances missing");
  });

  it("has a max without one of them, and says which is missing and why", async () => {
    const { backends, source } = await three();
    backends[1]?.answer(page(502));
    const read = await readOne(open(), source({ across: "max" }));
    expect(value(read)).toBe(3);
    expect(read.missing).toMatchObject({
      of: 3,
      failures: [{ detail: `${backends[1]?.host}: GET /metrics answered 502 Bad Gateway` }],
    });
  });

  it("has no value when none can be read", async () => {
    const { backends, source } = await three();
    for (const backend of backends) say(backend, "other 1\n");
    expect(value(await readOne(open(), source({ across: "max" })))).toContain("does not expose lag");
  });

  it("that reads NaN is missing: an extreme is that of the others, and a sum there is none", async () => {
    const { backends, source } = await three();
    say(backends[0] ?? (await openBackend()), "lag NaN\n");
    const failures = [{ detail: `${backends[0]?.host}: lag reads NaN` }];
    for (const [across, is] of [
      ["max", 5],
      ["min", 3],
    ] as const)
      expect(await readOne(open(), source({ across }))).toMatchObject({
        reading: { value: is },
        missing: { of: 3, failures },
      });
    for (const across of ["sum", "mean"])
      expect(value(await readOne(open(), source({ across })))).toContain("lag reads NaN; 1 of 3 instances missing");
    for (const backend of backends) say(backend, "lag NaN\n");
    expect(value(await readOne(open(), source({ across: "max" })))).toContain("lag reads NaN");
  });

  it("that reads NaN in part keeps its other series", async () => {
    const backend = await openBackend(text('lag{q="a"} NaN\nlag{q="b"} 5000\n'));
    const read = await readOne(open(), { prometheus: { urls: [backend.url], name: "lag", across: "max" } });
    expect(read).toMatchObject({ reading: { value: 5_000 }, missing: { of: 1 } });
  });

  it.each(["+Inf", "-Inf"])("that reads %s is no number", async (odd) => {
    const { backends, source } = await three();
    say(backends[0] ?? (await openBackend()), `lag ${odd}\n`);
    for (const across of ["sum", "max", "min", "mean"]) {
      const read = await readOne(open(), source({ across }));
      // The least of something and plus infinity is still the something.
      const finite = (odd === "+Inf" && across === "min") || (odd === "-Inf" && across === "max");
      expect({ across, ok: read.reading.ok }).toEqual({ across, ok: finite });
    }
  });

  it("counts an instance once that is listed twice", async () => {
    const { backends, source } = await three();
    const [one, two] = backends.map(({ url }) => `${url}/metrics`);
    expect(value(await readOne(open(), source({ urls: [one, two, one] })))).toBe(6);
  });

  it("with labels takes only the series that carry them", async () => {
    const backend = await openBackend(text('lag{q="a",z="1"} 1\nlag{q="a",z="2"} 2\nlag{q="b"} 4\n'));
    const read = (labels: object): Promise<MetricReading> =>
      readOne(open(), { prometheus: { urls: [backend.url], name: "lag", labels } });
    expect(value(await read({ q: "a" }))).toBe(3);
    expect(value(await read({ q: "c" }))).toContain('does not expose lag{q="c"}');
  });
});

describe("what an exposition says of itself", () => {
  async function read(lines: string, source: object): Promise<number | string> {
    const backend = await openBackend(text(lines));
    return value(await readOne(open(), { prometheus: { urls: [backend.url], ...source } }));
  }

  it("twice counts once; with two values it is neither", async () => {
    const twice = 'b{rule="a",x="1"} 10\nb{rule="b"} 5\nb{x="1",rule="a"} 10\n';
    expect(await read(twice, { name: "b" })).toBe(15);
    expect(await read("b 1\nb 2\n", { name: "b" })).toContain("exposes a series of b twice, with different values");
    expect(await read(`b 1 ${begin - 2_000}\nb 2 ${begin - 1_000}\n`, { name: "b" })).toBe(2);
  });

  it.each([begin - 60 * minute, (begin - 60 * minute) / 1_000])("of an hour ago (%d) is not now", async (stamp) => {
    expect(await read(`size 900 ${stamp}\n`, { name: "size" })).toContain(
      "size is of 2026-01-02T02:04:00Z, which is too old to count as now",
    );
    expect(await read(`size 900 ${begin - minute}\n`, { name: "size" })).toBe(900);
  });

  it.each([begin + 60 * minute, (begin + 60 * minute) * 1_000])("of a time ahead (%d) is not now", async (stamp) => {
    expect(await read(`size 900 ${stamp}\n`, { name: "size" })).toContain("which is too far ahead to count as now");
  });

  it("in part of another time has no sum, and an extreme of the rest that says so", async () => {
    const lines = `size{d="a"} 900 ${begin - 60 * minute}\nsize{d="b"} 5\n`;
    expect(await read(lines, { name: "size" })).toContain("is in part of 2026-01-02T02:04:00Z");
    expect(await read(lines, { name: "size", labels: { d: "b" } })).toBe(5);
    const backend = await openBackend(text(lines));
    const most = await readOne(open(), { prometheus: { urls: [backend.url], name: "size", across: "max" } });
    expect(most).toMatchObject({ reading: { value: 5 }, missing: { of: 1 } });
  });

  it("as a native histogram has no one value, and hides no other", async () => {
    const lines = "depth 7\nlat {count:17,sum:3.5} 1795842000\n";
    expect(await read(lines, { name: "depth" })).toBe(7);
    expect(await read(lines, { name: "lat" })).toContain("lat is a native histogram");
  });
});

describe("one scrape", () => {
  it("serves all metrics of a reading, and readings at the same moment", async () => {
    const backend = await openBackend(text("a 1\nb 2\n"));
    const source = (name: string): object => ({ prometheus: { urls: [backend.url], name } });
    const metrics = open();
    const system = systemOf({ a: source("a"), b: source("b") });
    await Promise.all([metrics.read(system), metrics.read(system)]);
    expect(backend.calls).toHaveLength(1);
    pass(1_000);
    await metrics.read(system);
    expect(backend.calls).toHaveLength(2);
  });

  it("of before the clock was set back is not taken for new", async () => {
    const backend = await openBackend(text("a 1\n"));
    const metrics = open();
    const source = { prometheus: { urls: [backend.url], name: "a" } };
    await readOne(metrics, source);
    say(backend, "a 2\n");
    pass(-10 * minute);
    expect(value(await readOne(metrics, source))).toBe(2);
  });
});

describe("counters over a window", () => {
  function buckets(counts: readonly [number, number, number], more = ""): string {
    const [fast, slow, all] = counts;
    return `t_bucket{le="0.1"} ${fast}\nt_bucket{le="1"} ${slow}\nt_bucket{le="+Inf"} ${all}\nt_count ${all}\n${more}`;
  }

  it("give the quantile of the window and not of the process's life", async () => {
    const backend = await openBackend(text(buckets([100_000, 100_000, 100_000])));
    const metrics = open();
    const source = { prometheus: { urls: [backend.url], name: "t", quantile: 0.5 } };
    expect(value(await readOne(metrics, source))).toMatch(/only just been looked at; ask again in 4 s$/);
    pass(minute);
    say(backend, buckets([100_000, 100_100, 100_100]));
    expect(value(await readOne(metrics, source))).toBeCloseTo(0.55, 9);
  });

  it("of a process that started inside the window are known at once", async () => {
    const started = `process_start_time_seconds ${(begin - minute) / 1_000}\n`;
    const backend = await openBackend(text(buckets([50, 100, 100], started)));
    expect(
      value(await readOne(open(), { prometheus: { urls: [backend.url], name: "t", quantile: 0.75 } })),
    ).toBeCloseTo(0.55, 9);
  });

  it("are summed over the instances before the quantile is taken", async () => {
    const [one, two] = [await openBackend(text(buckets([0, 0, 0]))), await openBackend(text(buckets([0, 0, 0])))];
    const metrics = open();
    const source = { prometheus: { urls: [one.url, two.url], name: "t", quantile: 0.5 } };
    await readOne(metrics, source);
    pass(minute);
    say(one, buckets([90, 90, 90]));
    say(two, buckets([0, 10, 10]));
    expect(value(await readOne(metrics, source))).toBeCloseTo((0.1 * 50) / 90, 9);
  });

  it("survive the restart of an instance", async () => {
    const backend = await openBackend(text("calls 1000\n"));
    const metrics = open();
    const source = { prometheus: { urls: [backend.url], name: "calls", rate: true } };
    await readOne(metrics, source);
    pass(30_000);
    say(backend, "calls 30\n");
    expect(value(await readOne(metrics, source))).toBe(1);
  });

  it("without a call in the window have no quantile and no share, not zero", async () => {
    const lines = buckets([5, 5, 5], 'c{s="2xx"} 7\nc{s="5xx"} 1\n');
    const backend = await openBackend(text(lines));
    const metrics = open();
    const system = systemOf({
      p95: { prometheus: { urls: [backend.url], name: "t", quantile: 0.95 } },
      errors: { prometheus: { urls: [backend.url], name: "c", ratio: { labels: { s: "5xx" } } } },
    });
    await metrics.read(system);
    pass(minute);
    const read = await metrics.read(system);
    expect(
      read
        .map(value)
        .map(String)
        .filter((said) => said.includes("counted nothing in the window")),
    ).toHaveLength(2);
  });

  it("give the share of calls that failed; a kind of call that never came is a true zero", async () => {
    const backend = await openBackend(text('c{s="2xx"} 100\n'));
    const metrics = open();
    const share = (labels: object): object => ({ prometheus: { urls: [backend.url], name: "c", ratio: { labels } } });
    const system = systemOf({ failed: share({ s: "5xx" }), mistaken: share({ status: "5xx" }) });
    await metrics.read(system);
    pass(minute);
    say(backend, 'c{s="2xx"} 200\n');
    const before = await metrics.read(system);
    expect(before.map(value)).toEqual([0, expect.stringContaining("has no label status")]);
    pass(minute);
    say(backend, 'c{s="2xx"} 270\nc{s="5xx"} 30\n');
    expect(value((await metrics.read(system, ["failed"]))[0] ?? before[0]!)).toBeCloseTo(30 / 200, 9);
  });

  it("give the share of status codes by their class, and tell a word that never comes", async () => {
    const backend = await openBackend(text('c{status="200"} 0\nc{status="500"} 0\n'));
    const metrics = open();
    const share = (labels: unknown): object => ({ prometheus: { urls: [backend.url], name: "c", ratio: { labels } } });
    const system = systemOf({
      by_class: share({ status: "5xx" }),
      by_pattern: share('status=~"5.."'),
      mistaken: share({ status: "error" }),
    });
    await metrics.read(system);
    pass(minute);
    say(backend, 'c{status="200"} 99\nc{status="500"} 1\n');
    expect((await metrics.read(system)).map(value)).toEqual([
      0.01,
      0.01,
      'c: has no series with status="error"; status is "200", "500"',
    ]);
  });

  it.each([{ rate: true }, { ratio: { labels: { status: "500" } } }])(
    "that are no numbers are unknown and not zero: %j",
    async (kind) => {
      const lines = (count: number) => `c{status="200"} ${count}\nc{status="500"} NaN\n`;
      const backend = await openBackend(text(lines(1)));
      const metrics = open();
      const source = { prometheus: { urls: [backend.url], name: "c", ...kind } };
      await readOne(metrics, source);
      pass(minute);
      say(backend, lines(100));
      expect(value(await readOne(metrics, source))).toContain("c counts NaN in part");
    },
  );

  it("beyond the largest bucket are told to be a floor", async () => {
    const backend = await openBackend(text(buckets([0, 0, 0])));
    const metrics = open();
    const source = { prometheus: { urls: [backend.url], name: "t", quantile: 0.95 } };
    await readOne(metrics, source);
    pass(minute);
    say(backend, buckets([1, 1, 100]));
    const read = await readOne(metrics, source);
    expect([value(read), read.isFloor]).toEqual([1, true]);
  });

  it("with different buckets on different instances are not mixed", async () => {
    const [one, two] = [
      await openBackend(text(buckets([0, 0, 0]))),
      await openBackend(text('t_bucket{le="0.2"} 0\nt_bucket{le="+Inf"} 0\n')),
    ];
    const metrics = open();
    const source = { prometheus: { urls: [one.url, two.url], name: "t", quantile: 0.95 } };
    await readOne(metrics, source);
    pass(minute);
    expect(value(await readOne(metrics, source))).toContain("different buckets");
  });

  it("are summed as rates; with one instance missing there is no sum", async () => {
    const [one, two] = [await openBackend(text("calls 0\n")), await openBackend(text("calls 0\n"))];
    const gone = await closedUrl();
    const metrics = open();
    const both = { prometheus: { urls: [one.url, two.url], name: "calls", rate: true } };
    const withGone = { prometheus: { urls: [one.url, gone], name: "calls", rate: true } };
    await metrics.read(systemOf({ both, with_gone: withGone }));
    pass(10_000);
    say(one, "calls 100\n");
    say(two, "calls 50\n");
    const read = await metrics.read(systemOf({ both, with_gone: withGone }));
    expect(read.map(value)).toEqual([15, expect.stringContaining("connection refused")]);
  });

  it("are known for a window longer than any number of hasty readings", async () => {
    const backend = await openBackend(text("calls 0\n"));
    const metrics = open();
    const source = { prometheus: { urls: [backend.url], name: "calls", rate: true, window: "1m" } };
    for (let at = 0; at <= 200; at += 1) {
      say(backend, `calls ${at}\n`);
      await readOne(metrics, source);
      pass(1_000);
    }
    say(backend, "calls 1000\n");
    const read = value(await readOne(metrics, source));
    // The jump of 800 within a minute or so: a window cut short by the readings would show it far steeper.
    expect(Number(read)).toBeGreaterThan(12);
    expect(Number(read)).toBeLessThan(16);
  });
});
