import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { withConnections } from "../../src/domain/systems/connections.ts";
import type { Source } from "../../src/domain/systems/sources.ts";
import { type System } from "../../src/domain/systems/system.ts";
import { LogFiles } from "../../src/integrations/files/logs.ts";
import { HttpAlerts } from "../../src/integrations/http/alerts.ts";
import { HttpHealth } from "../../src/integrations/http/health.ts";
import { HttpStep } from "../../src/integrations/http/http-step.ts";
import { JsonValue } from "../../src/integrations/http/json-value.ts";
import { HttpPortfolio } from "../../src/integrations/http/portfolio.ts";
import { PromqlMetric } from "../../src/integrations/prometheus/query.ts";
import { PrometheusMetric } from "../../src/integrations/prometheus-text/metrics.ts";
import { Endpoint, urlOf } from "../../src/integrations/wire/endpoint.ts";
import { SystemFile } from "../fakes/backends.ts";
import { at, getJson, post, sample, standDemo, tokenOf } from "./rig.ts";

const folder = resolve(import.meta.dirname, "../../systems");
const names = ["alphapulse.yaml", "pulseguard.yaml"] as const;

async function loadSystem(name: string, env: Readonly<Record<string, string>>): Promise<System> {
  const text = await readFile(join(folder, name), "utf8");
  expect(text.split("\n")[0]).toBe("# yaml-language-server: $schema=../schema/system.json");
  const fill = (value: unknown): unknown => {
    if (typeof value === "string")
      return value.replaceAll(/\$\{(\w+)\}/g, (_, variable: string) => env[variable] ?? "");
    if (Array.isArray(value)) return value.map(fill);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner)]));
  };
  return withConnections(SystemFile.parse(fill(parse(text))));
}

async function valueOf({ backend, spec }: Source): Promise<unknown> {
  if (backend === "http") {
    const { url, path } = JsonValue.parse(spec).json;
    return at(await getJson(urlOf(url)), path);
  }
  if (backend === "prometheus") {
    const { query, ...server } = PromqlMetric.parse(spec).prometheus;
    const path = `/api/v1/query?query=${encodeURIComponent(query)}`;
    const answer = await getJson(`${"base" in server ? server.base : ""}${path}`);
    return Number(at(answer, "/data/result/0/value/1"));
  }
  const { urls, name, quantile, ratio } = PrometheusMetric.parse(
    z.object({ prometheus: z.unknown() }).parse(spec).prometheus,
  );
  const text = await (await fetch(urlOf(urls[0] ?? ""))).text();
  if (quantile !== undefined) return sample(text, `${name}_count{endpoint="/score"}`);
  const label = ratio ? Object.entries(ratio.labels)[0] : undefined;
  const line = text
    .split("\n")
    .find((each) => each.startsWith(name) && (!label || each.includes(`${label[0]}="${label[1]}"`)));
  return Number(line?.split(" ").at(-1));
}

describe.each(names)("%s", (name) => {
  test("is a valid system", async () => {
    const { demo } = await standDemo();
    const system = await loadSystem(name, demo.env);
    expect(`${system.id}.yaml`).toBe(name);
  });

  test("finds its identity and every component well (PG1)", async () => {
    const { demo } = await standDemo();
    const system = await loadSystem(name, demo.env);
    // Containers are asked of the engine, in the stories.
    const overHttp = system.health.flatMap(({ source }) => HttpHealth.safeParse(source.spec).data ?? []);
    expect(overHttp.length).toBeGreaterThan(0);
    for (const check of [...overHttp, ...(system.identity ? [HttpHealth.parse(system.identity.spec)] : [])]) {
      const document = await getJson(urlOf(check.http));
      for (const [path, wanted] of Object.entries(check.expect ?? {})) expect(at(document, path)).toBe(wanted);
    }
  });

  test("finds every fact, and those that it expects are so", async () => {
    const { demo } = await standDemo();
    const system = await loadSystem(name, demo.env);
    const overHttp = system.facts.filter(({ source }) => JsonValue.safeParse(source.spec).success);
    const read = await Promise.all(
      overHttp.map(async ({ id, source, expect: wanted }) => {
        const { json } = JsonValue.parse(source.spec);
        const value = at(await getJson(urlOf(json.url)), json.path);
        return { id, isWell: value !== undefined && (wanted === undefined || value === wanted) };
      }),
    );
    expect(read).toEqual(overHttp.map(({ id }) => ({ id, isWell: true })));
  });

  test("finds a number for every metric", async () => {
    const { demo } = await standDemo();
    const system = await loadSystem(name, demo.env);
    const read = await Promise.all(
      system.metrics.map(async ({ id, source }) => ({ id, isNumber: Number.isFinite(await valueOf(source)) })),
    );
    expect(read).toEqual(system.metrics.map(({ id }) => ({ id, isNumber: true })));
  });

  test("every rule is about a metric it has, with the metric's limits", async () => {
    const { demo } = await standDemo();
    const system = await loadSystem(name, demo.env);
    const astray = system.rules.filter((rule) => {
      const metric = system.metrics.find((each) => each.id === rule.metric);
      return ![metric?.warn, metric?.critical].includes(rule.above ?? rule.below ?? Number.NaN);
    });
    expect(system.rules.length).toBeGreaterThan(0);
    expect(astray).toEqual([]);
  });

  test("finds a file with lines for every log, below its root (PG4, AP9)", async () => {
    const { demo } = await standDemo();
    const system = await loadSystem(name, demo.env);
    const read = await Promise.all(
      system.logs.map(async (source) => ({ id: source.id, bytes: await bytesOf(source) })),
    );
    expect(read).toEqual(system.logs.map(({ id }) => ({ id, bytes: expect.any(Number) })));
    expect(read.filter(({ bytes }) => bytes === 0)).toEqual([]);
  });
});

/** Size of the first file a source names; rejects when there is none right below its root. */
async function bytesOf({ id, source }: System["logs"][number]): Promise<number> {
  const { file, root } = LogFiles.parse(source.spec);
  const pattern = new RegExp(`^${file.replaceAll(".", "\\.").replaceAll("*", ".*")}$`);
  const [first] = (await readdir(root)).filter((each) => pattern.test(each));
  if (first === undefined) throw new Error(`${id} has no file below its root`);
  return (await readFile(join(root, first))).length;
}

test("PulseGuard's limits and waits are the manual's (PG2, PG3)", async () => {
  const { demo } = await standDemo();
  const { rules } = await loadSystem("pulseguard.yaml", demo.env);
  expect(rules.map(({ id, above, for: holds }) => ({ id, above, holds }))).toEqual([
    { id: "high-latency", above: 0.1, holds: 120_000 },
    { id: "high-queue-lag", above: 1_000, holds: 60_000 },
    { id: "high-block-gap", above: 50, holds: 60_000 },
    { id: "high-error-rate", above: 0.05, holds: 120_000 },
  ]);
});

test("AlphaPulse's portfolio and alerts are where its file says (AP2, AP3)", async () => {
  const { demo } = await standDemo();
  const system = await loadSystem("alphapulse.yaml", demo.env);
  const portfolio = HttpPortfolio.parse(system.portfolio?.spec);
  const document = await getJson(urlOf(portfolio.http));
  const [position] = [at(document, portfolio.positions)].flat();
  for (const field of Object.values(portfolio.fields)) expect(position).toHaveProperty(field ?? "no field is named");
  for (const total of portfolio.totals) expect(at(document, total.path), total.title).toBeTypeOf("number");
  demo.alphapulse.pinFigures({ cpu_percent: 95 });
  await demo.advance(1);
  const source = HttpAlerts.parse(system.alerts[0]?.source.spec);
  const [alert] = [at(await getJson(urlOf(source.poll)), source.list)].flat();
  const fields = Object.values(source.fields).filter((field) => typeof field === "string");
  expect(fields).toHaveLength(4);
  for (const field of fields) expect(alert).toHaveProperty(field);
  expect(source.severities).toHaveProperty(String(at(alert, `/${textIn(source.fields.severity)}`)));
});

function textIn(field: unknown): string {
  return z.string().parse(field);
}

const Watch = z.looseObject({ json: z.object({ url: Endpoint, path: z.string() }), is: z.string() });

test("AlphaPulse's file closes positions the careful way", async () => {
  const { demo } = await standDemo();
  const { operations } = await loadSystem("alphapulse.yaml", demo.env);
  expect(operations["flatten"]).toMatchObject({
    risk: "destructive",
    direction: "reduces",
    short: true,
    precondition: { positions: { growth: 0.05 } },
    verify: [
      { kind: "watch", spec: { json: { path: "/trading/open_orders" }, is: "value == 0", times: 2 } },
      { kind: "watch", spec: { json: { path: "/portfolio/positions" }, is: "value == []", times: 2 } },
    ],
  });
});

test.each([
  ["emergency-stop", []],
  ["reset-stop", ["emergency_stop"]],
  ["maintenance-on", []],
  ["resume", ["maintenance_mode"]],
  ["flatten", []],
] as const)(
  "AlphaPulse takes %s where its file says, knows the key afterwards, and comes to the state",
  async (id, before) => {
    const { demo } = await standDemo();
    const { operations } = await loadSystem("alphapulse.yaml", demo.env);
    for (const operation of before) await post(`${demo.env["ALPHAPULSE_URL"]}/${operation}`, undefined, tokenOf(demo));
    const [step] = operations[id]?.steps ?? [];
    const { method, url, json, idempotencyHeader, probe } = HttpStep.parse(step?.spec);
    const headers = { ...tokenOf(demo), [idempotencyHeader]: `test/${id}` };
    expect((await fetch(urlOf(probe ?? ""), { headers })).status).toBe(404);
    const answer = await fetch(urlOf(url), { method, headers, ...(json ? { body: JSON.stringify(json) } : {}) });
    expect(answer.status).toBe(200);
    expect((await fetch(urlOf(probe ?? ""), { headers })).status).toBe(200);
    const [check] = operations[id]?.verify ?? [];
    const { is, json: read } = Watch.parse(check?.spec);
    const wanted: unknown = JSON.parse(is.replace("value == ", ""));
    const seen = async () => at(await getJson(urlOf(read.url)), read.path);
    await vi.waitFor(async () => expect(await seen()).toEqual(wanted), { timeout: 60_000 });
  },
);
