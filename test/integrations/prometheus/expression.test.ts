import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Evaluated, Expression } from "../../../src/domain/systems/metrics.ts";
import type { Reading } from "../../../src/domain/systems/reading.ts";
import type { System } from "../../../src/domain/systems/system.ts";
import { createMetrics } from "../../../src/integrations/metrics.ts";
import { type PrometheusProcess, startPrometheus } from "../../fakes/prometheus-process.ts";
import { closedUrl, type Handler, json, openBackend, openBackends, page } from "../backend.ts";
import { systemWith } from "../systems.ts";

const now = Math.floor(Date.now() / 1_000);

function gauge(name: string, series: Readonly<Record<string, (at: number) => number | string>>): string {
  const times = Array.from({ length: 160 }, (_, at) => now - 1_800 + at * 15);
  const lines = Object.entries(series).flatMap(([labels, value]) =>
    times.map((at) => `${name}${labels} ${value(at)} ${at}`),
  );
  return [`# TYPE ${name} gauge`, ...lines, ""].join("\n");
}

const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`{n="${at}"}`, () => at]));
const history = [
  gauge("queue_length", { '{service="api"}': () => 3.25, '{service="worker"}': () => 4 }),
  gauge("some", many(30)),
  gauge("wide", many(1_001)),
  gauge("odd", { "": (at) => (at % 60 < 30 ? "NaN" : 1) }),
  gauge("leaky", { '{url="http://x/?api_key=hunter2hunter2"}': () => 1 }),
  "# EOF\n",
].join("");

let real: PrometheusProcess;
beforeAll(async () => {
  real = await startPrometheus(history);
});
afterAll(() => real.stop());

async function ask(url: string, expression: Expression | string): Promise<Reading<Evaluated>> {
  const system = systemWith({ backends: { prom: { prometheus: { base: url } }, web: { http: { base: url } } } });
  const metrics = createMetrics({ backends: openBackends() });
  expect(metrics.askable(system)).toEqual(["prom"]);
  return metrics.ask(system, "prom", typeof expression === "string" ? { text: expression } : expression);
}

async function given(url: string, expression: Expression | string): Promise<Evaluated | string> {
  const reading = await ask(url, expression);
  return reading.ok ? reading.value : reading.detail;
}

describe("an expression, of a real Prometheus", () => {
  it("gives each series as Prometheus writes it", async () => {
    expect(await given(real.url, "queue_length")).toEqual({
      found: 2,
      doubts: [],
      series: [
        { name: 'queue_length{service="api"}', value: "3.25", samples: [] },
        { name: 'queue_length{service="worker"}', value: "4", samples: [] },
      ],
    });
    expect(await given(real.url, "1 / 3")).toMatchObject({ series: [{ name: "", value: "0.3333333333333333" }] });
    expect(await given(real.url, '"word"')).toMatchObject({ series: [{ name: "", value: "word" }] });
    expect(await given(real.url, "sum(queue_length) / 0")).toMatchObject({ series: [{ value: "+Inf" }] });
    expect(await given(real.url, "0 / 0")).toMatchObject({ series: [{ value: "NaN" }] });
    expect(await given(real.url, "nothing_of_the_kind")).toEqual({ found: 0, doubts: [], series: [] });
  });

  it("gives at most twenty of many, and says how many there are", async () => {
    const found = await given(real.url, "some");
    expect(found).toMatchObject({ found: 30 });
    expect(typeof found === "string" ? found : found.series).toHaveLength(20);
  });

  it("has a course, whose gaps are no zeros", async () => {
    const from = (now - 900) * 1_000;
    expect(await given(real.url, { text: "queue_length", from })).toMatchObject({
      found: 2,
      series: [{ name: 'queue_length{service="api"}', value: "3.25", samples: expect.any(Array) }, { value: "4" }],
    });
    const odd = await given(real.url, { text: "odd", from });
    const samples = typeof odd === "string" ? [] : (odd.series[0]?.samples ?? []);
    expect(samples.length).toBeGreaterThan(20);
    expect(samples.filter(({ value }) => value !== 1)).toEqual([]);
  });

  it("shows no secret that stands in a label", async () => {
    expect(JSON.stringify(await given(real.url, "leaky"))).not.toContain("hunter2hunter2");
  });

  it.each([
    ["sum(", /400 Bad Request: invalid parameter "query": 1:5: parse error: unclosed left parenthesis/],
    ["queue_length[5m]", /gave a range, which is no value/],
    ["wide", /gave 1001 series, more than 1000: sum them/],
    ["sum(sum_over_time(wide[30m:1s]))", /answered 422 .*too many samples/],
    [{ text: "some", from: (now - 900) * 1_000 }, /gave 30 lines, more than 20: sum them/],
    [
      { text: "queue_length[5m]", from: (now - 900) * 1_000 },
      /answered 400 Bad Request: .*must be Scalar or instant Vector/,
    ],
  ])("that asks %j has no answer, and says why", async (expression, said) => {
    expect(await given(real.url, expression)).toMatch(said);
  });
});

describe("what answers an expression in place of Prometheus", () => {
  const body = { status: "success", data: { resultType: "vector", result: [{ metric: {}, value: [now, "1"] }] } };

  it("is shown with its own doubts", async () => {
    const { url } = await openBackend(json({ ...body, warnings: ["store 7 is gone; token=hunter2-hunter2"] }));
    expect(await given(url, "lag")).toMatchObject({ found: 1, doubts: ["store 7 is gone; token=[redacted]"] });
  });

  const words = (said: string, status: number): Handler =>
    json({ status: "error", errorType: "x", error: said }, status);
  it.each<[string, Handler, string, RegExp]>([
    ["a login page", page(), "nonsense", /a web page instead of data/],
    [
      "text that calls itself data",
      (_, answer) => answer.setHeader("content-type", "application/json").end("ok"),
      "nonsense",
      /not JSON/,
    ],
    ["10 MiB", json({ ...body, more: "x".repeat(10 * 1_024 * 1_024) }), "nonsense", /answered more than may be read/],
    ["no credentials", words("who are you", 401), "unauthorised", /answered 401 Unauthorized: who are you/],
    ["no right", words("not you", 403), "unauthorised", /answered 403 Forbidden: not you/],
    ["a timeout of its own", words("query timed out in expression evaluation", 503), "overloaded", /query timed out/],
    ["a secret in its words", words("bad token=hunter2-hunter2", 400), "refused", /bad token=\[redacted\]/],
    [
      "an answer cut off",
      (_, answer) => answer.writeHead(200, { "content-length": "99" }).end('{"status'),
      "broken",
      /in the middle/,
    ],
  ])("with %s gives no answer, and says why", async (_what, handler, kind, said) => {
    const { url } = await openBackend(handler);
    const reading = await ask(url, "lag");
    expect(reading).toMatchObject({ ok: false, fault: kind, detail: expect.stringMatching(said) });
  });

  it("is down", async () => {
    expect(await ask(await closedUrl(), "lag")).toMatchObject({
      ok: false,
      fault: "unreachable",
      detail: expect.stringContaining("connection refused"),
    });
  });

  it("is slow: the server is told how long it may compute, and a shorter time of the backend's own holds", async () => {
    const silent = await openBackend(() => {});
    const system = systemWith({ backends: { prom: { prometheus: { base: silent.url, timeoutMs: 150 } } } });
    const reading = await createMetrics({ backends: openBackends() }).ask(system, "prom", { text: "lag" });
    expect(reading).toMatchObject({ ok: false, fault: "timeout", detail: expect.stringContaining("no answer within") });
    expect(new URL(silent.calls[0]?.path ?? "", silent.url).searchParams.get("timeout")).toBe("8000ms");
  });
});

describe("the rule that an alert comes from", () => {
  const system = (...urls: readonly string[]) =>
    systemWith({
      backends: Object.fromEntries(urls.map((base, at) => [`prom${at}`, { prometheus: { base } }])),
    });
  const link = (expression: string) => `http://pod-7f:9090/graph?g0.expr=${encodeURIComponent(expression)}&g0.tab=1`;
  const ruleBehind = (on: System, to: string) => createMetrics({ backends: openBackends() }).ruleBehind(on, to);

  it("is found where a server evaluates it, wherever its link leads, and no other expression is", async () => {
    const rules = {
      groups: [
        {
          name: "g",
          rules: [
            { alert: "Long", expr: "queue_length>3.5" },
            { record: "r", expr: "up" },
          ],
        },
      ],
    };
    const evaluating = await startPrometheus("# EOF\n", rules);
    try {
      expect(await ruleBehind(system(real.url, evaluating.url), link("queue_length > 3.5"))).toEqual({
        backend: "prom1",
        expression: { text: "queue_length", limit: { sign: ">", at: 3.5 } },
      });
      const asked = await Promise.all(
        [link("queue_length"), link("up"), "http://x/", "no address"].map((each) =>
          ruleBehind(system(evaluating.url), each),
        ),
      );
      expect(asked).toEqual([undefined, undefined, undefined, undefined]);
      // Of two places that have it nobody can say which this one is.
      expect(await ruleBehind(system(evaluating.url, evaluating.url), link("queue_length > 3.5"))).toBeUndefined();
    } finally {
      await evaluating.stop();
    }
  });

  it("is nothing where the server does not answer", async () => {
    expect(await ruleBehind(system(await closedUrl()), link("up"))).toBeUndefined();
  });
});
