import { createBackends } from "../../src/compose/world.ts";
import type { Reading } from "../../src/domain/systems/reading.ts";
import { createAlerts } from "../../src/integrations/alerts.ts";
import { createHealthChecks } from "../../src/integrations/health-checks.ts";
import { createMetrics } from "../../src/integrations/metrics.ts";
import { createPortfolios } from "../../src/integrations/portfolios.ts";
import { type BackendReader, backendContract, deadlineContract } from "../contracts/backend.contract.ts";
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
  "a source of alerts": {
    deadlineMs: 3_000,
    well: json({ alerts: [] }),
    async read(http, url) {
      const fields = { id: "id", severity: "severity", summary: "message" };
      const alerts = [{ id: "monitor", poll: url, list: "/alerts", fields, severities: {} }];
      const read = await createAlerts({ backends: createBackends({ http }), ...metricsOf({ now: {} }) }).active(
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
};

for (const [name, reader] of Object.entries(readers)) backendContract(name, reader);
deadlineContract(readers);
