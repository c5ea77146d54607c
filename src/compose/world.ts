import { createCharts } from "../charts/charts.ts";
import type { CommandPorts, WorldPorts } from "../domain/commands/command.ts";
import type { Configuration } from "../domain/commands/configuration.ts";
import type { Log } from "../domain/log.ts";
import type { Meter } from "../domain/meter.ts";
import type { Directory } from "../domain/people/directory.ts";
import type { Store } from "../domain/store.ts";
import { type Backend, stepKindsOf } from "../domain/systems/backend.ts";
import { planOperation } from "../domain/systems/plan-operation.ts";
import type { StepRunner } from "../domain/systems/steps.ts";
import { createAlerts } from "../integrations/alerts.ts";
import { createLogs } from "../integrations/files/logs.ts";
import { createHealthChecks } from "../integrations/http/health-checks.ts";
import { httpBackend } from "../integrations/http/http.ts";
import { createLists } from "../integrations/http/lists.ts";
import { createPortfolios } from "../integrations/http/portfolios.ts";
import { createMetrics } from "../integrations/metrics.ts";
import { note } from "../integrations/note/note.ts";
import { createStepRunner } from "../integrations/steps.ts";
import { createHttp, type Http } from "../integrations/wire/http.ts";

/** Every way to reach a system. A new one is a folder of `integrations` and a line here. */
export function createBackends({ http }: { readonly http: Http }): readonly Backend[] {
  return [httpBackend(http), note];
}

/** Everything beyond this process that commands and workers reach. */
export interface World extends WorldPorts {
  readonly systems: CommandPorts["systems"];
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
    people: { directory },
    systems: {
      all: () => current().systems.all(),
      find: (id) => current().systems.find(id),
      health: createHealthChecks({ http, meter }),
      metrics,
      logs,
      portfolios: createPortfolios(http),
      lists: createLists(http),
      planner: { plan: (operation, values) => planOperation(kinds, operation, values) },
    },
    alerts: createAlerts({ http, metrics, sampledEveryMs: () => current().history.everyMs }),
    charts,
    steps: createStepRunner(backends),
    async close() {
      http.close();
      charts.close();
      await logs.close();
    },
  };
}
