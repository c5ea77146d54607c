import { expect, it } from "vitest";
import { demoVariables } from "../../demo/variables.ts";
import { configOrRefuse, demoPlace } from "../../src/compose/config.ts";
import { createBackends } from "../../src/compose/world.ts";
import { serving, stepKindsOf } from "../../src/domain/systems/backend.ts";
import type { Reading } from "../../src/domain/systems/reading.ts";
import { createAlerts } from "../../src/integrations/alerts.ts";
import { createHealthChecks } from "../../src/integrations/health-checks.ts";
import { createLists } from "../../src/integrations/lists.ts";
import { createMetrics } from "../../src/integrations/metrics.ts";
import { createPortfolios } from "../../src/integrations/portfolios.ts";
import { createReads } from "../../src/integrations/reads.ts";
import { take } from "../../src/integrations/wire/reading.ts";
import { type BackendReader, backendContract, deadlineContract } from "../contracts/backend.contract.ts";
import { backends } from "../fakes/backends.ts";
import { json, text } from "./backend.ts";
import { metricsOf, systemWith } from "./systems.ts";

function only<Value>(readings: readonly Reading<Value>[]): Reading<Value> {
  const [first] = readings;
  if (!first || readings.length !== 1) throw new Error(`one reading was expected, ${readings.length} came`);
  return first;
}

const readers: Readonly<Record<string, BackendReader>> = {
  "a health check": {
    deadlineMs: 400,
    well: json({ status: "ok" }),
    async read(http, url) {
      const health = [{ id: "api", http: url, timeout: "400ms", expect: { "/status": "ok" } }];
      const { components } = await createHealthChecks({ backends: createBackends({ http }) }).check(
        systemWith({ health }),
      );
      return only(components.map(({ reading }) => reading));
    },
  },
  "a fact": {
    deadlineMs: 2_000,
    well: json({ mode: "live" }),
    async read(http, url) {
      const facts = [{ id: "mode", title: "Mode", json: { url, path: "/mode" } }];
      const { facts: read } = await createHealthChecks({ backends: createBackends({ http }) }).check(
        systemWith({ facts }),
      );
      return only(read.map(({ reading }) => reading));
    },
  },
  "a metric in JSON": {
    deadlineMs: 3_000,
    well: json({ lag: 3 }),
    async read(http, url) {
      const metrics = [{ id: "lag", title: "Lag", source: { json: { url, path: "/lag" } } }];
      const read = await createMetrics({ backends: createBackends({ http }) }).read(systemWith({ metrics }));
      return only(read.map(({ reading }) => reading));
    },
  },
  "a metric of Prometheus": {
    deadlineMs: 3_000,
    well: text("lag 3\n"),
    async read(http, url) {
      const metrics = [{ id: "lag", title: "Lag", source: { prometheus: { urls: [url], name: "lag" } } }];
      const read = await createMetrics({ backends: createBackends({ http }) }).read(systemWith({ metrics }));
      return only(read.map(({ reading }) => reading));
    },
  },
  "a metric in PromQL": {
    deadlineMs: 3_000,
    well: json({ status: "success", data: { resultType: "scalar", result: [1, "3"] } }),
    async read(http, base) {
      const metrics = [{ id: "lag", title: "Lag", source: { prometheus: { base, query: "lag" } } }];
      const read = await createMetrics({ backends: createBackends({ http }) }).read(systemWith({ metrics }));
      return only(read.map(({ reading }) => reading));
    },
  },
  "a query read as data": {
    deadlineMs: 5_000,
    well: json({ status: "success", data: { resultType: "scalar", result: [1, "3"] } }),
    read(http, base) {
      return createReads(createBackends({ http })).read("trader", { kind: "prometheus", spec: { base, query: "lag" } });
    },
  },
  "a source of alerts": {
    deadlineMs: 3_000,
    well: json({ alerts: [] }),
    async read(http, url) {
      const fields = { id: "id", severity: "severity", summary: "message" };
      const alerts = [{ id: "monitor", poll: url, list: "/alerts", fields, severities: {} }];
      const read = await createAlerts({ backends: createBackends({ http }), ...metricsOf({ now: {} }) }).listed(
        systemWith({ alerts }),
      );
      return only(read.map(({ reading }) => reading));
    },
  },
  "a portfolio": {
    deadlineMs: 3_000,
    well: json({ positions: [] }),
    async read(http, url) {
      const fields = { symbol: "symbol", side: "side", quantity: "quantity", price: "price" };
      const portfolio = { http: url, positions: "/positions", fields };
      return createPortfolios(createBackends({ http })).read(systemWith({ portfolio }));
    },
  },
  "a list": {
    deadlineMs: 1_500,
    well: json({ all: ["b1"] }),
    async read(http, url) {
      const lists = { backups: { title: "Backups", json: { url, path: "/all" } } };
      return createLists(createBackends({ http })).read(systemWith({ lists }), "backups");
    },
  },
  "a proof of identity": {
    deadlineMs: 3_000,
    well: json({ system: "trader" }),
    read(http, url) {
      const { identity } = systemWith({ identity: { http: url, expect: { "/system": "trader" } } });
      const look = { system: "trader", deadlineMs: 3_000, round: {} };
      return take(async () => serving(createBackends({ http }), "http", "identity").read(identity?.spec, look));
    },
  },
};

for (const [name, reader] of Object.entries(readers)) backendContract(name, reader);
deadlineContract(readers);

it.each(["alphapulse", "logos", "pulseguard"])(
  "what %s's file says of its sources and steps, read again, is the same",
  async (id) => {
    const { config } = await configOrRefuse(demoPlace, demoVariables);
    const system = config.systems.find((each) => each.id === id);
    if (!system) throw new Error("there is no such system");
    const { identity, portfolio, lists, operations } = system;
    const sources = [
      ...system.health.map(({ source }) => ["health", source] as const),
      ...system.facts.map(({ source }) => ["fact", source] as const),
      ...system.metrics.map(({ source }) => ["metric", source] as const),
      ...system.logs.map(({ source }) => ["log", source] as const),
      ...system.alerts.map(({ source }) => ["alerts", source] as const),
      ...Object.values(lists).map(({ source }) => ["list", source] as const),
      ...(identity ? [["identity", identity] as const] : []),
      ...(portfolio ? [["portfolio", portfolio] as const] : []),
    ];
    const again = sources.map(([port, { backend, spec }]) => serving(backends, backend, port).schema.parse(spec));
    expect(again).toEqual(sources.map(([, { spec }]) => spec));
    const steps = Object.values(operations).flatMap((operation) => [...operation.steps, ...operation.verify]);
    const kinds = stepKindsOf(backends);
    expect(steps.map(({ kind, spec }) => kinds.get(kind)?.schema.parse(spec))).toEqual(steps.map(({ spec }) => spec));
    expect(sources.length).toBeGreaterThan(5);
  },
);
