import { type Backend, serve } from "../../domain/systems/backend.ts";
import { specReader } from "../../domain/systems/spec.ts";
import type { Secrets } from "../wire/secrets.ts";
import {
  checkServer,
  identifyServer,
  PostgresQuery,
  PostgresServer,
  PostgresValue,
  readColumn,
  readFigure,
  readQuery,
} from "./answers.ts";
import { PostgresConnection } from "./connection.ts";
import { rowsRead } from "./rows-read.ts";
import { sqlArguments } from "./sql.ts";

/** A PostgreSQL server, or what speaks its protocol. */
export function postgresBackend(secrets: Secrets): Backend {
  const known = specReader(PostgresQuery);
  return {
    name: "postgres",
    connection: PostgresConnection,
    proof: "itself",
    identity: serve(PostgresServer, (spec, look) => identifyServer(secrets, spec, look)),
    health: serve(PostgresServer, (spec, look) => checkServer(secrets, spec, look)),
    fact: serve(PostgresValue, (spec, look) => readColumn(secrets, spec, look)),
    metric: serve(PostgresValue, (spec, look) => readFigure(secrets, spec, look)),
    query: {
      ...serve(PostgresQuery, (spec, asked) => readQuery(secrets, spec, asked)),
      placeholders: (spec) => sqlArguments(known(spec).postgres.sql),
    },
    reads: [rowsRead(secrets)],
  };
}
