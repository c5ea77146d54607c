import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withConnections } from "../../../src/domain/systems/connections.ts";
import type { MetricSeries } from "../../../src/domain/systems/metrics.ts";
import type { Reading } from "../../../src/domain/systems/reading.ts";
import { createAlerts } from "../../../src/integrations/alerts.ts";
import { createHealthChecks } from "../../../src/integrations/health-checks.ts";
import { createMetrics } from "../../../src/integrations/metrics.ts";
import { createReads } from "../../../src/integrations/reads.ts";
import { type PrometheusProcess, startPrometheus } from "../../fakes/prometheus-process.ts";
import { type Handler, json, openBackend, openBackends, page } from "../backend.ts";
import { metricsOf, systemWith } from "../systems.ts";

const now = Math.floor(Date.now() / 1_000);

/** Half an hour of a sample every 15 s, up to some minutes ahead, so that what is asked during the tests is there. */
function gauge(name: string, series: Readonly<Record<string, (at: number) => number | string>>): string {
  const times = Array.from({ length: 160 }, (_, at) => now - 1_800 + at * 15);
  const lines = Object.entries(series).flatMap(([labels, value]) =>
    times.map((at) => `${name}${labels} ${value(at)} ${at}`),
  );
  return [`# TYPE ${name} gauge`, ...lines, ""].join("\n");
}

const history = [
  gauge("queue_length", {
    '{service="api"}': () => 3,
    '{service="worker"}': () => 4,
  }),
  gauge("rising", { "": (at) => at - now }),
  gauge("falling", { "": (at) => now - at }),
  gauge("up", {
    '{job="api",instance="10.0.0.1:80"}': () => 1,
    '{job="api",instance="10.0.0.2:80"}': () => 0,
    '{job="db",instance="10.0.0.3:80"}': () => 1,
  }),
  gauge("odd", { "": () => "NaN" }),
  gauge("build_info", { '{version="1.4.2"}': () => 1 }),
  gauge("held", {
    '{service="api",zone="a"}': () => 1,
    '{service="api",zone="b"}': () => 2,
  }),
  gauge("wide", Object.fromEntries(Array.from({ length: 1_001 }, (_, at) => [`{n="${at}"}`, () => at]))),
  "# EOF\n",
].join("");

const annotations = { summary: "{{ $labels.service }} has a queue of {{ $value }}" };
const rules = [
  { alert: "Queue", expr: "queue_length > 3", labels: { severity: "Page", team: "core" }, annotations },
  { alert: "Held", expr: "sum(held) > 2", labels: { team: "core" } },
  { alert: "Other", expr: "sum(held) > 2", labels: { team: "other", severity: "info" } },
  { alert: "Soon", expr: "sum(held) > 1", for: "1h", labels: { severity: "critical", team: "core" } },
];

let real: PrometheusProcess;
beforeAll(async () => {
  real = await startPrometheus(history, { groups: [{ name: "queues", rules }] });
});
afterAll(() => real.stop());

it("proves who it is by a label or a number that only it has, on a real Prometheus", async () => {
  const checks = createHealthChecks({ backends: openBackends() });
  const identify = (identity: object, base = real.url) =>
    checks.identify(withConnections(systemWith({ backends: { prom: { prometheus: { base }, identity } } })));
  expect(await identify({ query: "build_info", label: "version", is: "1.4.2" })).toEqual({ is: "proven" });
  expect(await identify({ query: 'queue_length{service="api"}', is: 3 })).toEqual({ is: "proven" });
  expect(await identify({ query: "build_info", label: "version", is: "1.4.3" })).toEqual({
    is: "contradicted",
    why: expect.stringMatching(/^127\.0\.0\.1:\d+ says version is "1\.4\.2", not "1\.4\.3"$/),
  });
  // That there is none says nothing of who answers.
  expect(await identify({ query: "absent_info", label: "version", is: "1.4.2" })).toMatchObject({ is: "unread" });
  expect(await identify({ query: "build_info", label: "zone", is: "a" })).toMatchObject({ is: "unread" });
});

function valueOf(reading: Reading<unknown> | undefined): unknown {
  return reading?.ok ? reading.value : reading?.detail;
}

async function metric(url: string, query: string): Promise<unknown> {
  const metrics = [{ id: "it", title: "It", source: { prometheus: { base: url, query } } }];
  const [read] = await createMetrics({ backends: openBackends() }).read(systemWith({ metrics }));
  return valueOf(read?.reading);
}

async function course(url: string, query: string, from: number): Promise<readonly MetricSeries[]> {
  const metrics = [{ id: "it", title: "It", source: { prometheus: { base: url, query } } }];
  const read = await createMetrics({ backends: openBackends() }).course(systemWith({ metrics }), "it", from);
  if (!read?.ok) throw new Error(read?.detail ?? "it keeps no course");
  return read.value;
}

async function readAs(url: string, query: string): Promise<unknown> {
  const planned = { kind: "prometheus", spec: { base: url, query } };
  return valueOf(await createReads(openBackends()).read("trader", planned));
}

async function fact(url: string, asked: object): Promise<unknown> {
  const facts = [{ id: "it", title: "It", prometheus: { base: url, ...asked } }];
  const { facts: read } = await createHealthChecks({ backends: openBackends() }).check(systemWith({ facts }));
  return valueOf(read[0]?.reading);
}

describe("a metric in PromQL, of a real Prometheus", () => {
  it("is the one number that its query gives", async () => {
    expect(await metric(real.url, "sum(queue_length)")).toBe(7);
    expect(await metric(real.url, 'queue_length{service="api"}')).toBe(3);
    expect(await metric(real.url, "scalar(sum(queue_length)) * 2")).toBe(14);
  });

  it.each([
    ["queue_length", /gave 2 series where one is wanted, as \{service="api"\}, \{service="worker"\}: sum them/],
    ["nothing_of_the_kind", /gave no series: nothing that the query names is there now/],
    ["odd", /gave NaN, which is not known/],
    ["1 / 0 + sum(queue_length)", /gave \+Inf, which is not known/],
    ["queue_length[5m]", /gave a range where a number is wanted/],
    ['"word"', /gave a text where a number is wanted/],
    ["wide", /gave 1001 series, more than 1000: sum them/],
    ["sum(queue_length) without", /answered 400 Bad Request: .*parse error/],
    ["sum(sum_over_time(wide[30m:1s]))", /answered 422 .*too many samples/],
  ])("that asks %s is no number, and says why", async (query, said) => {
    expect(await metric(real.url, query)).toMatch(said);
  });

  it("has the course that Prometheus keeps, in bounded points", async () => {
    const from = (now - 1_200) * 1_000;
    const [line, ...others] = await course(real.url, "rising", from);
    expect(others).toEqual([]);
    const { name, samples } = line ?? { name: "none", samples: [] };
    expect(name).toBe("");
    expect(samples.length).toBeGreaterThan(240);
    expect(samples.length).toBeLessThan(401);
    // Each is the newest sample at its moment, and they are 15 s apart.
    expect(samples.filter(({ at, value }) => value > at / 1_000 - now || value <= at / 1_000 - now - 15)).toEqual([]);
    const [long] = await course(real.url, "rising", (now - 90 * 86_400) * 1_000);
    expect(long).toMatchObject({ name: "" });
    expect(await course(real.url, "queue_length", from)).toMatchObject([
      { name: 'service="api"' },
      { name: 'service="worker"' },
    ]);
    expect(await course(real.url, "odd", from)).toEqual([{ name: "", samples: [] }]);
    const metrics = [
      {
        id: "it",
        title: "It",
        source: {
          prometheus: { base: real.url, query: "sum(queue_length)", lines: "max by (service) (queue_length)" },
        },
      },
    ];
    const drawn = createMetrics({ backends: openBackends() });
    expect((await drawn.read(systemWith({ metrics })))[0]).toMatchObject({ reading: { ok: true, value: 7 } });
    expect(await drawn.course(systemWith({ metrics }), "it", from)).toMatchObject({
      value: [{ name: 'service="api"' }, { name: 'service="worker"' }],
    });
    await expect(course(real.url, 'wide{n=~"[123]."}', from)).rejects.toThrow("gave 30 lines, more than 20");
  });
});

describe("a query read as data, of a real Prometheus", () => {
  it("is a number, or a number for each value of its label", async () => {
    expect(await readAs(real.url, "sum(queue_length)")).toBe(7);
    expect(await readAs(real.url, "vector(2)")).toBe(2);
    expect(await readAs(real.url, "queue_length")).toEqual({ api: 3, worker: 4 });
    expect(await readAs(real.url, 'queue_length{service="api"}')).toEqual({ api: 3 });
    expect(await readAs(real.url, "held")).toEqual({ 'service="api", zone="a"': 1, 'service="api", zone="b"': 2 });
  });

  it.each([
    ["absent_metric", /gave no series/],
    ["odd", /gave NaN, which is not known/],
    ['{__name__=~"rising|falling"}', /gave several series with the same labels/],
  ])("that asks %s is an error, never an empty value", async (query, said) => {
    expect(await readAs(real.url, query)).toMatch(said);
  });
});

it("a fact is the number of a query, or a label of its one series", async () => {
  expect(await fact(real.url, { query: "build_info", label: "version" })).toBe("1.4.2");
  expect(await fact(real.url, { query: "sum(queue_length)" })).toBe(7);
  expect(await fact(real.url, { query: "build_info", label: "branch" })).toMatch(/a series without the label branch/);
});

async function health(url: string, more: object = {}): Promise<unknown> {
  const checks = [{ id: "it", prometheus: { base: url, ...more } }];
  const { components } = await createHealthChecks({ backends: openBackends() }).check(systemWith({ health: checks }));
  const [only] = components;
  return only?.reading.ok ? only.reading.value.detail : only?.reading;
}

describe("a health check of Prometheus", () => {
  it("says whether it is ready, and which targets are down", async () => {
    expect(await health(real.url)).toBe("ready, 1 down: api 10.0.0.2:80");
    expect(await health(real.url, { targets: { job: "db" } })).toBe("its target is up");
    expect(await health(real.url, { targets: { job: "api" } })).toMatchObject({
      fault: "unwell",
      detail: expect.stringMatching(/says 1 of 2 targets down: api 10\.0\.0\.2:80$/),
    });
    expect(await health(real.url, { targets: { job: 'a"} or vector(1) #' } })).toMatchObject({
      fault: "missing",
      detail: expect.stringContaining("knows no target {job="),
    });
  });

  it("is none where it is not ready", async () => {
    const { url } = await openBackend(json({ error: "starting up" }, 503));
    expect(await health(url)).toMatchObject({ ok: false, detail: expect.stringContaining("503") });
  });
});

describe("the alerts of its rules", () => {
  async function alerts(url: string, more: object = {}): Promise<unknown> {
    const source = { id: "rules", prometheus: { base: url, match: { team: "core" }, ...more } };
    const made = createAlerts({ backends: openBackends(), ...metricsOf({ now: {} }) });
    const [only] = await made.listed(systemWith({ alerts: [source] }));
    return valueOf(only?.reading);
  }

  it("are those that fire, with our word for their severity, and what is pending where it is wanted", async () => {
    const held = {
      id: 'Held{team="core"}',
      severity: "warning",
      ownSeverity: "no severity",
      summary: 'Held{team="core"}',
    };
    const queue = {
      id: 'Queue{service="worker", team="core"}',
      severity: "critical",
      ownSeverity: "Page",
      summary: "worker has a queue of 4",
      since: expect.any(Number),
    };
    const soon = { id: 'Soon{team="core"}', severity: "info", ownSeverity: "pending, critical" };
    const severities = { page: "critical" };
    // Its rules are first judged some moments after it is ready.
    await expect.poll(() => alerts(real.url, { severities }), { timeout: 60_000 }).toMatchObject([queue, held]);
    await expect
      .poll(() => alerts(real.url, { severities, pending: true }), { timeout: 60_000 })
      .toMatchObject([queue, held, { ...soon, summary: 'Pending: Soon{team="core"}' }]);
  });

  it("are never none where something else answers", async () => {
    const { url } = await openBackend(json({ status: "success", data: { rules: [] } }));
    expect(await alerts(url)).toMatch(/Prometheus does not answer with/);
    const other = await openBackend(json({ status: "success", data: { alerts: [{ labels: {}, state: "odd" }] } }));
    expect(await alerts(other.url)).toMatch(/Prometheus does not answer with/);
  });
});

describe("what answers in place of Prometheus", () => {
  const vector = (result: unknown, more: object = {}): Handler =>
    json({ status: "success", data: { resultType: "vector", result }, ...more });

  it.each([
    [
      "a partial answer",
      vector([{ metric: {}, value: [now, "1"] }], { warnings: ["store 10.0.0.7 is gone; token=hunter2-hunter2"] }),
      /is not sure of its answer: store 10\.0\.0\.7 is gone; token=\[redacted\]/,
    ],
    ["a login page", page(), /answered with a web page instead of data/],
    ["other JSON", json({ lag: 3 }), /answered with something that Prometheus does not answer with/],
    ["an error said with 200", json({ status: "error", error: "no" }), /Prometheus does not answer with/],
    [
      "a native histogram",
      vector([{ metric: { job: "a" }, histogram: [now, {}] }]),
      /native histogram for \{job="a"\}/,
    ],
    ["an empty value", vector([{ metric: {}, value: [now, ""] }]), /which is not known/],
    [
      "a timeout of its own",
      json({ status: "error", errorType: "timeout", error: "query timed out in expression evaluation" }, 503),
      /answered 503 .*query timed out in expression evaluation/,
    ],
  ])("%s is no number, and says why", async (_what, handler, said) => {
    const { url } = await openBackend(handler);
    expect(await metric(url, "sum(lag)")).toMatch(said);
    expect(await readAs(url, "sum(lag)")).toMatch(said);
  });

  it("is told how long it may compute, and is asked nothing but the query", async () => {
    const backend = await openBackend(vector([{ metric: {}, value: [now, "1"] }]));
    expect(await metric(`${backend.url}/prometheus/`, 'sum(rate(a{b="${env:HOME}&c"}[5m]))')).toBe(1);
    const asked = new URL(backend.calls[0]?.path ?? "", backend.url);
    expect(asked.pathname).toBe("/prometheus/api/v1/query");
    expect([...asked.searchParams]).toEqual([
      ["query", 'sum(rate(a{b="${env:HOME}&c"}[5m]))'],
      ["timeout", "3000ms"],
    ]);
  });

  it("gives as many points as a chart shows, over however long", async () => {
    const backend = await openBackend(json({ status: "success", data: { resultType: "matrix", result: [] } }));
    for (const days of [0.01, 30, 3_650]) await course(backend.url, "lag", Date.now() - days * 86_400_000);
    const points = backend.calls.map(({ path }) => {
      const { searchParams: asked } = new URL(path, backend.url);
      return (Number(asked.get("end")) - Number(asked.get("start"))) / Number(asked.get("step"));
    });
    expect(points).toHaveLength(3);
    for (const each of points) expect(each).toBeLessThanOrEqual(400);
  });
});
