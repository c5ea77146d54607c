import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { withConnections } from "../../../src/domain/systems/connections.ts";
import { createMetrics } from "../../../src/integrations/metrics.ts";
import { SystemFile } from "../../fakes/backends.ts";
import { type PrometheusProcess, startPrometheus } from "../../fakes/prometheus-process.ts";
import { openBackends } from "../backend.ts";
import { manualHistory, manualNow } from "../manual-history.ts";
import { systemWith } from "../systems.ts";

let real: PrometheusProcess;
beforeAll(async () => {
  real = await startPrometheus(manualHistory);
});
afterAll(() => real.stop());

/** Each series that a query gives, by its name, as Prometheus itself writes the value. */
async function given(query: string): Promise<Readonly<Record<string, string | undefined>>> {
  const system = systemWith({ backends: { prom: { prometheus: { base: real.url } } } });
  const reading = await createMetrics({ backends: openBackends() }).ask(system, "prom", { text: query });
  if (!reading.ok) throw new Error(reading.detail);
  return Object.fromEntries(reading.value.series.map(({ name, value }) => [name, value]));
}

async function metric(query: string): Promise<number> {
  const metrics = [{ id: "it", title: "It", source: { prometheus: { base: real.url, query } } }];
  const [read] = await createMetrics({ backends: openBackends() }).read(systemWith({ metrics }));
  if (!read) throw new Error("nothing was read");
  if (!read.reading.ok) throw new Error(read.reading.detail);
  return read.reading.value;
}

it("the eight panels of LOGOS PXL Core give one number each, and their lines (LG3)", async () => {
  const text = readFileSync(join(import.meta.dirname, "../../../systems/logos.yaml"), "utf8");
  const { metrics: panels } = z.object({ metrics: z.array(z.json()) }).parse(parse(text));
  const prom = { prometheus: { base: real.url } };
  const health = [{ id: "prometheus", title: "Prometheus", prometheus: { backend: "prom" } }];
  const file = { id: "logos", title: "LOGOS", backends: { prom }, health, metrics: panels };
  const system = withConnections(SystemFile.parse(file));
  const metrics = createMetrics({ backends: openBackends() });
  const read = await metrics.read(system);
  const values = read.map(({ id, reading }) => [
    id,
    reading.ok ? Number(reading.value.toPrecision(3)) : reading.detail,
  ]);
  expect(Object.fromEntries(values)).toEqual({
    request_rate: 100,
    latency_p95: 0.048,
    error_rate: 0.001,
    queue_depth: 9,
    // Nothing of the core is scraped at all: that is none, and where the guide asks `up == 0` it is nothing.
    pxl_core_up: 0,
    cpu: 50,
    memory: 50,
    network_in: 0.75,
    disk_reads: 0.75,
  });
  const lines = await Promise.all(
    system.metrics.map(async ({ id }) => {
      const course = await metrics.course(system, id, (manualNow - 900) * 1_000);
      return [id, course?.ok ? course.value.length : course?.detail];
    }),
  );
  expect(Object.fromEntries(lines)).toEqual({
    request_rate: 1,
    latency_p95: 1,
    error_rate: 1,
    queue_depth: 2,
    pxl_core_up: 1,
    cpu: 2,
    memory: 1,
    network_in: 2,
    disk_reads: 2,
  });
});

describe("a manual's query and the one in its place, on a real Prometheus", () => {
  it("error rate: the labels of both sides differ, so that each failure is all of its kind", async () => {
    const faulty = 'rate(http_requests_total{status=~"5.."}[5m]) / rate(http_requests_total[5m]) * 100';
    // 100 % where one in a hundred thousand fails.
    expect(await given(faulty)).toEqual({ '{service="gateway", status="500"}': "100" });
    const right =
      '100 * (sum(rate(http_requests_total{status=~"5.."}[5m])) or vector(0)) / sum(rate(http_requests_total[5m]))';
    expect(await metric(right)).toBeCloseTo(0.001, 5);
    // Without a single failure there is no series of them: that is zero, and the manual's is nothing at all.
    const none = right.replace("5..", "7..");
    expect(await metric(none)).toBe(0);
    expect(await given(faulty.replace("5..", "7.."))).toEqual({});
  });

  it("95th percentile: a histogram a series, so that one slow path is the whole of its own", async () => {
    const faulty = "histogram_quantile(0.95, rate(http_request_duration_seconds_bucket[5m]))";
    const each = await given(faulty);
    expect(Object.keys(each)).toHaveLength(2);
    expect(Number(each['{path="/export", service="gateway"}'])).toBeGreaterThan(2);
    const right = "histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))";
    expect(await metric(right)).toBeLessThan(0.05);
  });

  it("memory: what has no limit is infinitely full, and the cache counts", async () => {
    const faulty = "container_memory_usage_bytes / container_spec_memory_limit_bytes * 100";
    expect(await given(faulty)).toEqual({ '{name="gateway"}': "+Inf", '{name="pxl-core"}': "75" });
    const right = "max(100 * container_memory_working_set_bytes / (container_spec_memory_limit_bytes > 0))";
    expect(await metric(right)).toBe(50);
  });

  it("PulseGuard's latency: without buckets there is nothing, and without a rate it is that since the start", async () => {
    expect(await given("histogram_quantile(0.95, pg_api_latency_seconds)")).toEqual({});
    expect(Number((await given("histogram_quantile(0.95, pg_api_latency_seconds_bucket)"))[""])).toBeLessThan(0.05);
    const right = "histogram_quantile(0.95, sum by (le) (rate(pg_api_latency_seconds_bucket[5m])))";
    expect(await metric(right)).toBeCloseTo(0.975, 2);
  });
});
