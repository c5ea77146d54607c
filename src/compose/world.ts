import { createCharts } from "../charts/charts.ts";
import type { CommandPorts } from "../domain/commands/command.ts";
import type { Configuration } from "../domain/commands/configuration.ts";
import type { Log } from "../domain/log.ts";
import type { Meter } from "../domain/meter.ts";
import type { Directory } from "../domain/people/directory.ts";
import type { Store } from "../domain/store.ts";
import { type Backend, stepKindsOf } from "../domain/systems/backend.ts";
import type { Probes } from "../domain/systems/health.ts";
import { planOperation } from "../domain/systems/plan-operation.ts";
import type { StepRunner } from "../domain/systems/steps.ts";
import { createAlerts } from "../integrations/alerts.ts";
import { createLogs } from "../integrations/files/logs.ts";
import { httpBackend } from "../integrations/http/http.ts";
import { createLists } from "../integrations/http/lists.ts";
import { createPortfolios } from "../integrations/http/portfolios.ts";
import { createProbes } from "../integrations/http/probes.ts";
import { createMetrics } from "../integrations/metrics.ts";
import { note } from "../integrations/note/note.ts";
import { createStepRunner } from "../integrations/steps.ts";
import { createHttp, type Http } from "../integrations/wire/http.ts";

/** Every way to reach a system. A new one is a folder of `integrations` and a line here. */
export function createBackends({ http }: { readonly http: Http }): readonly Backend[] {
  return [httpBackend(http), note];
}

/** Everything beyond this process that commands and workers reach. */
export interface World extends Omit<CommandPorts, "policy"> {
  readonly probes: Probes;
  readonly steps: StepRunner;
  close(): Promise<void>;
}

export function createWorld(parts: {
  readonly store: Store;
  readonly current: () => Configuration;
  readonly directory: Directory;
  readonly log: Log;
  readonly meter: Meter;
}): World {
  const { store, current, directory, log, meter } = parts;
  const http = createHttp({ log, meter });
  const backends = createBackends({ http });
  const kinds = stepKindsOf(backends);
  const metrics = createMetrics({ http, store });
  const logs = createLogs();
  const charts = createCharts();
  return {
    store,
    systems: { all: () => current().systems.all(), find: (id) => current().systems.find(id) },
    probes: createProbes({ http, meter }),
    metrics,
    logs,
    alerts: createAlerts({ http, metrics, sampledEveryMs: () => current().history.everyMs }),
    portfolios: createPortfolios(http),
    lists: createLists(http),
    charts,
    directory,
    planner: { plan: (operation, values) => planOperation(kinds, operation, values) },
    steps: createStepRunner(backends),
    async close() {
      http.close();
      charts.close();
      await logs.close();
    },
  };
}
