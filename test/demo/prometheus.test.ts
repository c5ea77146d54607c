import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { startPrometheus } from "../fakes/prometheus-process.ts";
import { at, getJson, post, standDemo, startedAt } from "./rig.ts";

const Line = z.object({ metric: z.record(z.string(), z.string()), values: z.array(z.tuple([z.number(), z.string()])) });
const Matrix = z.object({ data: z.object({ result: z.array(Line) }) });

function asked(url: string, path: string, parameters: Readonly<Record<string, string>>): Promise<unknown> {
  return getJson(`${url}${path}?${new URLSearchParams(parameters)}`);
}

/** What a query gives at some moments, by the labels of each series; numbers to nine digits, as both write them. */
async function course(url: string, query: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const [start, end] = [startedAt / 1_000 - 1_200, startedAt / 1_000 + 60].map(String);
  const answer = await asked(url, "/api/v1/query_range", { query, start: start ?? "", end: end ?? "", step: "60" });
  const { data } = Matrix.parse(answer);
  return Object.fromEntries(
    data.result.map(({ metric, values }) => [
      JSON.stringify(Object.entries(metric).toSorted(([a], [b]) => (a < b ? -1 : 1))),
      values.map(([time, value]) => `${time} ${Number(value).toPrecision(9)}`),
    ]),
  );
}

const queries = [
  "histogram_quantile(0.95, sum by (le) (rate(pg_api_latency_seconds_bucket[5m])))",
  "histogram_quantile(0.5, rate(pg_api_latency_seconds_bucket[2m]))",
  'sum(rate(pg_api_requests_total{status=~"5.."}[5m])) / sum(rate(pg_api_requests_total[5m])) * 100',
  '(sum(rate(pg_api_requests_total{status="9xx"}[5m])) or vector(0)) / sum(rate(pg_api_requests_total[5m]))',
  'avg by (status) (increase(pg_api_requests_total{status!~"2.*", instance!="pulseguard-2"}[3m]))',
  "max without (instance) (pg_queue_lag) - min without (instance) (pg_queue_lag)",
  "pg_queue_lag > 100 and pg_block_gap >= 0",
  "count(up == 1) + 2 ^ 3 % 5 - -1",
  "pg_queue_lag / on (instance) pg_block_gap != bool 3",
  "rate(process_start_time_seconds[5m]) unless pg_nothing",
  "up",
];

test("gives what a real Prometheus gives that knows the same samples", async () => {
  const { demo } = await standDemo();
  await demo.advance(60);
  const { url } = demo.pulseguard.prometheus;
  const { data } = Matrix.parse(
    await asked(url, "/api/v1/query", { query: '{__name__=~".+"}[3h]', time: String(startedAt / 1_000 + 60) }),
  );
  const lines = data.result
    .toSorted((a, b) => ((a.metric["__name__"] ?? "") < (b.metric["__name__"] ?? "") ? -1 : 1))
    .flatMap(({ metric: { __name__: name, ...labels }, values }) => {
      const told = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
      return values.map(([time, value]) => `${name}{${told.join(",")}} ${value} ${time}`);
    });
  const real = await startPrometheus([...lines, "# EOF\n"].join("\n"));
  onTestFinished(() => real.stop());
  for (const query of queries) {
    const ours = await course(url, query);
    expect(Object.keys(ours).length, query).toBeGreaterThan(0);
    expect(ours, query).toEqual(await course(real.url, query));
  }
});

test("has a past when it is first asked, and goes on from there", async () => {
  const { demo } = await standDemo();
  const { url } = demo.pulseguard.prometheus;
  const query = "histogram_quantile(0.95, sum by (le) (rate(pg_api_latency_seconds_bucket[5m])))";
  const start = startedAt / 1_000 - 10_000;
  const parameters = { query, start: String(start), end: String(startedAt / 1_000), step: "100" };
  const { data } = Matrix.parse(await asked(url, "/api/v1/query_range", parameters));
  expect(data.result[0]?.values).toHaveLength(101);
  expect(data.result[0]?.values.filter(([, value]) => !(Number(value) > 0.01 && Number(value) < 1))).toEqual([]);
});

test("an instance that does not answer is down, and its numbers end", async () => {
  const { demo, clock } = await standDemo();
  const { url } = demo.pulseguard.prometheus;
  await post(`${demo.env["PULSEGUARD_2"]}/_demo`, { fault: { kind: "hang" } });
  await demo.advance(31);
  clock.now += 31_000;
  expect(at(await asked(url, "/api/v1/query", { query: "sum(up)" }), "/data/result/0/value/1")).toBe("2");
  const lags = await asked(url, "/api/v1/query", { query: "count(pg_queue_lag)" });
  expect(at(lags, "/data/result/0/value/1")).toBe("2");
  const targets = z
    .object({ data: z.object({ activeTargets: z.array(z.object({ health: z.string() })) }) })
    .parse(await getJson(`${url}/api/v1/targets`));
  expect(targets.data.activeTargets.map(({ health }) => health)).toEqual(["up", "down", "up"]);
});

test("its rules let fire what has held for long enough", async () => {
  const { demo, clock } = await standDemo();
  const { url } = demo.pulseguard.prometheus;
  for (const node of demo.pulseguard.nodes) node.strike("queue", 600);
  await demo.advance(240);
  clock.now += 240_000;
  const alerts = at(await getJson(`${url}/api/v1/alerts`), "/data/alerts");
  expect(alerts).toMatchObject([{ labels: { alertname: "HighQueueLag", severity: "warning" }, state: "firing" }]);
  expect(at(await getJson(`${url}/api/v1/rules`), "/data/groups/0/rules/1")).toMatchObject({
    name: "HighQueueLag",
    state: "firing",
    duration: 60,
  });
});

test("tells what it has", async () => {
  const { demo } = await standDemo();
  const { url } = demo.pulseguard.prometheus;
  expect(await (await fetch(`${url}/-/ready`)).text()).toContain("Ready");
  expect(at(await getJson(`${url}/api/v1/labels`), "/data")).toEqual(
    expect.arrayContaining(["__name__", "instance", "job", "le", "status"]),
  );
  expect(at(await asked(url, "/api/v1/series", { "match[]": 'up{instance=~".*-1"}' }), "/data")).toEqual([
    { __name__: "up", job: "pulseguard", instance: "pulseguard-1" },
  ]);
  expect(at(await getJson(`${url}/api/v1/metadata`), "/data/pg_queue_lag/0/type")).toBe("gauge");
});

test.each([
  ["sum(", "1:5: parse error: unexpected end of input"],
  ["sum(up) without", "1:16: parse error"],
  ["topk(3, up)", '1:1: parse error: unknown function with name "topk"'],
  ["rate(up)", 'expected type range vector in call to function "rate", got instant vector'],
  ['{job=~".*"}', "must contain at least one non-empty matcher"],
  ['up{job=~"("}', "error parsing regexp"],
  ["up offset 5m", "1:4: parse error"],
  ["1 == 1", "comparisons between scalars must use BOOL modifier"],
  ["up / on (job) pg_queue_lag", "found duplicate series"],
  ["@", "unexpected character"],
  ["", "unexpected end of input"],
])("does not take %j, and says where it stops", async (query, said) => {
  const { demo } = await standDemo();
  const response = await fetch(`${demo.pulseguard.prometheus.url}/api/v1/query?${new URLSearchParams({ query })}`);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    status: "error",
    errorType: "bad_data",
    error: expect.stringContaining(said),
  });
});

test("does not compute more points than Prometheus does", async () => {
  const { demo } = await standDemo();
  const answer = await asked(demo.pulseguard.prometheus.url, "/api/v1/query_range", {
    query: "up",
    start: "0",
    end: "1000000",
    step: "1",
  });
  expect(at(answer, "/error")).toContain("exceeded maximum resolution");
});
