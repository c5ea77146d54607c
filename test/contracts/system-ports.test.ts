import { createHealthChecks } from "../../src/integrations/health-checks.ts";
import { createLists } from "../../src/integrations/lists.ts";
import { createLogs } from "../../src/integrations/logs.ts";
import { createMetrics } from "../../src/integrations/metrics.ts";
import { createPortfolios } from "../../src/integrations/portfolios.ts";
import { createQueries } from "../../src/integrations/queries.ts";
import { createReads } from "../../src/integrations/reads.ts";
import { fakeSystemPorts, guard, trader } from "../commands/fixtures.ts";
import { openBackends } from "../integrations/backend.ts";
import { systemPortsContract } from "./system-ports.contract.ts";

systemPortsContract("the fakes of commands", () => ({ ports: fakeSystemPorts(), full: trader, bare: guard }));

// Nothing listens at the addresses of these systems: what can be counted on holds then too.
systemPortsContract("the integrations", () => {
  const backends = openBackends();
  const ports = {
    health: createHealthChecks({ backends }),
    metrics: createMetrics({ backends }),
    logs: createLogs(backends),
    lists: createLists(backends),
    portfolios: createPortfolios(backends),
    queries: createQueries(backends),
    reads: createReads(backends),
  };
  return { ports, full: trader, bare: guard };
});
