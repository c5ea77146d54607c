import { z } from "zod";
import { AlertSource } from "../alerts/alert.ts";
import { Id } from "../people/person.ts";
import { Duration } from "../text/duration.ts";
import { type Backend, partsOf, readKindsOf, stepKindsOf } from "./backend.ts";
import { Fact, HealthCheck } from "./health.ts";
import { ListSource } from "./lists.ts";
import { LogSource } from "./logs.ts";
import { Metric } from "./metrics.ts";
import { operationSchema } from "./operation.ts";
import { NamedQuery } from "./queries.ts";
import { oneOf, sourceSchema, withSource } from "./sources.ts";
import { System } from "./system.ts";

/** A system's file: what every system has, put together with what these backends add to its entries. */
export function systemSchema(backends: readonly Backend[]) {
  const health = withSource(HealthCheck, partsOf(backends, "health"), { timeout: Duration.prefault("2s") });
  const metric = Metric.extend({ source: sourceSchema(partsOf(backends, "metric")) });
  const query = withSource(NamedQuery, partsOf(backends, "query"), {
    timeout: Duration.pipe(NamedQuery.shape.timeout).prefault("5s"),
  });
  const connections = backends.flatMap(({ name, connection }) =>
    connection
      ? [z.strictObject({ [name]: connection }).pipe(z.record(z.string(), z.record(z.string(), z.json())))]
      : [],
  );
  return System.extend({
    backends: z.record(Id, oneOf(connections)).optional(),
    identity: sourceSchema(partsOf(backends, "identity")).optional(),
    health: z.array(health).min(1),
    facts: z.array(withSource(Fact, partsOf(backends, "fact"))).prefault([]),
    metrics: z.array(metric).prefault([]),
    logs: z.array(withSource(LogSource, partsOf(backends, "log"))).prefault([]),
    alerts: z.array(withSource(AlertSource, partsOf(backends, "alerts"))).prefault([]),
    portfolio: sourceSchema(partsOf(backends, "portfolio")).optional(),
    lists: z.record(Id, withSource(ListSource, partsOf(backends, "list"))).prefault({}),
    queries: z.array(query).prefault([]),
    operations: z.record(Id, operationSchema(stepKindsOf(backends), readKindsOf(backends))).prefault({}),
  });
}
