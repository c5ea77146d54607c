import { type Backend, serve } from "../../domain/systems/backend.ts";
import { HttpConnection } from "../../domain/systems/http-connection.ts";
import { specReader } from "../../domain/systems/spec.ts";
import { closeStepKind } from "../../domain/systems/steps.ts";
import { endpointArguments } from "../wire/endpoint.ts";
import { examineFiles } from "../wire/examine-files.ts";
import type { Http } from "../wire/http.ts";
import { certificatesOf } from "../wire/seen-certificates.ts";
import { HttpAlerts, readAlerts } from "./alerts.ts";
import { checkHealth, HttpHealth } from "./health.ts";
import { httpStep } from "./http-step.ts";
import { HttpIdentity, httpProof, identify } from "./identity.ts";
import { jsonRead } from "./json-read.ts";
import { JsonValue, readFact, readNumber } from "./json-value.ts";
import { HttpList, readList } from "./lists.ts";
import { HttpPortfolio, readPortfolio } from "./portfolio.ts";
import { HttpQuery, readTable } from "./query.ts";
import { Rounds } from "./rounds.ts";
import { waitStep } from "./wait-step.ts";

const name = "http";

/** Whatever answers HTTP with JSON. */
export function httpBackend(http: Http): Backend {
  const rounds = new Rounds(http);
  const known = specReader(HttpQuery);
  return {
    name,
    connection: HttpConnection,
    proof: httpProof,
    examineFiles,
    certificates: certificatesOf,
    identity: serve(HttpIdentity, (spec, look) => identify(rounds, spec, look)),
    health: serve(HttpHealth, (spec, look) => checkHealth(rounds, spec, look)),
    fact: serve(JsonValue, (spec, look) => readFact(rounds, spec, look)),
    metric: serve(JsonValue, (spec, look) => readNumber(rounds, spec, look)),
    alerts: serve(HttpAlerts, (spec, look) => readAlerts(rounds, spec, look)),
    portfolio: serve(HttpPortfolio, (spec, look) => readPortfolio(rounds, spec, look)),
    list: serve(HttpList, (spec, look) => readList(rounds, spec, look)),
    query: {
      ...serve(HttpQuery, (spec, asked) => readTable(rounds, spec, asked)),
      placeholders: (spec) =>
        endpointArguments(known(spec).json.url).map((argument) => ({ name: argument, inAddress: true })),
      columns: (spec) => Object.keys(known(spec).json.columns),
    },
    reads: [jsonRead(rounds)],
    steps: [closeStepKind(name, httpStep(http)), closeStepKind(name, waitStep(http))],
  };
}
