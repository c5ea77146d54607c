import { z } from "zod";
import { AlertSource } from "../alerts/alert.ts";
import { Id } from "../people/person.ts";
import { Duration } from "../text/duration.ts";
import { type Backend, partsOf, readKindsOf, stepKindsOf } from "./backend.ts";
import { Fact, HealthCheck } from "./health.ts";
import { Declared, Unproven } from "./identities.ts";
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
  return System.extend({
    backends: declaredBackends(backends).optional(),
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

/** A system's file of which something was left out, as where it has mistakes: what every system has to have may be missing. */
export function systemInPart(schema: ReturnType<typeof systemSchema>) {
  const { id, title, health } = schema.shape;
  return schema.extend({
    id: id.prefault("unnamed"),
    title: title.prefault("Unnamed"),
    health: z.array(health.element).prefault([]),
  });
}

/** `{ prom: { prometheus: { base }, identity: { … } } }`: each below its kind, with what proves it beside. */
function declaredBackends(backends: readonly Backend[]): z.ZodType<Readonly<Record<string, Declared>>> {
  const kinds = backends.flatMap(({ name, connection, proof }) => (connection ? [{ name, connection, proof }] : []));
  const forms = kinds.map(({ name, connection, proof }) => {
    const written = proof === undefined || proof === "itself" ? [] : [proof.schema];
    return z.strictObject({ [name]: connection, identity: oneOf<unknown>([...written, Unproven]).optional() });
  });
  return z
    .record(Id, oneOf<Record<string, unknown>>(forms))
    .transform((declared) =>
      Object.fromEntries(
        Object.entries(declared).map(([name, { identity, ...reached }]): [string, unknown] => {
          const [[kind, connection] = ["", {}]] = Object.entries(reached);
          const proof = kinds.find((each) => each.name === kind)?.proof;
          if (identity === undefined) return [name, { kind, connection }];
          if (proof === undefined || proof === "itself" || Unproven.safeParse(identity).success)
            return [name, { kind, connection, identity }];
          return [name, { kind, connection, identity: { backend: kind, spec: proof.specFor(name, identity) } }];
        }),
      ),
    )
    .pipe(z.record(Id, Declared));
}
