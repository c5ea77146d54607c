import { type Backend, serve } from "../../domain/systems/backend.ts";
import { HttpConnection } from "../../domain/systems/http-connection.ts";
import { specReader } from "../../domain/systems/spec.ts";
import type { Http } from "../wire/http.ts";
import { PrometheusAlerts, readRuleAlerts } from "./alerts.ts";
import { askExpression } from "./expression.ts";
import { checkPrometheus, PrometheusHealth } from "./health.ts";
import { identifyPrometheus, PromqlIdentity, promqlProof } from "./identity.ts";
import { PromqlFact, PromqlMetric, readCourse, readDatum, readValue } from "./query.ts";
import { queryRead } from "./query-read.ts";
import { readRuleBehind } from "./rule-behind.ts";
import { readRuleStates } from "./rule-states.ts";

/** Whatever answers the HTTP API of Prometheus. */
export function prometheusBackend(http: Http): Backend {
  const known = specReader(PromqlMetric);
  return {
    name: "prometheus",
    connection: HttpConnection,
    proof: promqlProof,
    identity: serve(PromqlIdentity, (spec, look) => identifyPrometheus(http, spec, look)),
    health: serve(PrometheusHealth, (spec, look) => checkPrometheus(http, spec, look)),
    alerts: serve(PrometheusAlerts, (spec, look) => readRuleAlerts(http, spec, look)),
    fact: serve(PromqlFact, (spec, look) => readDatum(http, spec, look)),
    metric: {
      ...serve(PromqlMetric, (spec, look) => readValue(http, spec, look)),
      course: async (spec, look) => readCourse(http, known(spec), look),
      ruleBehind: async (connection, look) => readRuleBehind(http, HttpConnection.parse(connection), look),
      ruleStates: async (connection, look) => readRuleStates(http, HttpConnection.parse(connection), look),
      ask: async (connection, look) => askExpression(http, HttpConnection.parse(connection), look),
    },
    reads: [queryRead(http)],
  };
}
