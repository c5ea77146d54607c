import type { Config } from "../config/load-config.ts";
import type { Directory } from "../domain/directory.ts";
import type { CommandPorts, Log, Meter, Probes, StepRunner, Systems } from "../domain/ports.ts";
import type { Store } from "../domain/store.ts";
import { createAlerts } from "../integrations/alerts.ts";
import { createCharts } from "../integrations/charts/charts.ts";
import { createHttp } from "../integrations/http.ts";
import { createLists } from "../integrations/lists.ts";
import { createLogs } from "../integrations/logs/logs.ts";
import { createMetrics } from "../integrations/metrics.ts";
import { createPortfolios } from "../integrations/portfolios.ts";
import { createProbes } from "../integrations/probes.ts";
import { createStepRunner } from "../integrations/step-runner.ts";

/** Everything beyond this process that commands and workers reach. */
export interface World extends Omit<CommandPorts, "policy"> {
  readonly probes: Probes;
  readonly steps: StepRunner;
  close(): Promise<void>;
}

export function createWorld(parts: {
  readonly store: Store;
  readonly config: Config;
  readonly directory: Directory;
  readonly log: Log;
  readonly meter: Meter;
}): World {
  const { store, config, directory, log, meter } = parts;
  const http = createHttp({ log, meter });
  const metrics = createMetrics({ http, store });
  const logs = createLogs();
  const charts = createCharts();
  return {
    store,
    systems: systemsOf(config),
    probes: createProbes({ http, meter }),
    metrics,
    logs,
    alerts: createAlerts({ http, metrics, sampledEveryMs: config.history.everyMs }),
    portfolios: createPortfolios(http),
    lists: createLists(http),
    charts,
    directory,
    steps: createStepRunner(http),
    async close() {
      http.close();
      charts.close();
      await logs.close();
    },
  };
}

function systemsOf({ systems }: Config): Systems {
  return {
    all: () => systems,
    find: (id) => systems.find((system) => system.id === id || system.aliases.includes(id)),
  };
}
