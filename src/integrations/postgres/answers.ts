import { z } from "zod";
import { BackendError } from "../../domain/failure.ts";
import { type Datum, numberOf, textOfDatum } from "../../domain/systems/exact.ts";
import type { ComponentDetail, Identity } from "../../domain/systems/health.ts";
import type { QueryAsked, QueryCell, QueryTable } from "../../domain/systems/queries.ts";
import type { Look, Taken } from "../../domain/systems/reading.ts";
import type { Secrets } from "../wire/secrets.ts";
import { type Database, ofDatabase } from "./connection.ts";
import { OtherServer, proveServer, readRows } from "./rows.ts";
import type { DatabaseAsking } from "./session.ts";
import { FixedSql, Sql, withParameters } from "./sql.ts";

export const PostgresQuery = z.strictObject({ postgres: ofDatabase({ sql: Sql }) });
/** One row of one column. */
export const PostgresValue = z.strictObject({ postgres: ofDatabase({ sql: FixedSql }) });
export const PostgresServer = z.strictObject({ postgres: ofDatabase({}) });

/** The rows that a statement gives, with what was given for its arguments. Throws BackendError. */
export async function readQuery(
  secrets: Secrets,
  { postgres }: z.output<typeof PostgresQuery>,
  look: QueryAsked,
): Promise<Taken<QueryTable>> {
  const { text, names } = withParameters(postgres.sql);
  const values = names.map((name) => textOfDatum(look.arguments[name]) ?? null);
  const { table } = await readRows(asking(secrets, postgres, look), { text, values, most: look.rows });
  return { value: table };
}

/** The one value that a statement gives. None, several and NULL are errors in words. Throws BackendError. */
export async function readColumn(
  secrets: Secrets,
  { postgres }: z.output<typeof PostgresValue>,
  look: Look,
): Promise<Taken<Datum>> {
  return { value: (await oneValue(secrets, postgres, look)).value };
}

async function oneValue(
  secrets: Secrets,
  postgres: z.output<typeof PostgresValue>["postgres"],
  look: Look,
): Promise<{ readonly label: string; readonly value: Datum }> {
  const asked = { text: postgres.sql, values: [], most: 1 };
  const { label, table } = await readRows(asking(secrets, postgres, look), asked);
  const odd = (fault: "missing" | "nonsense", detail: string): BackendError =>
    new BackendError(label, { fault, detail });
  if (table.columns.length !== 1) throw odd("nonsense", `it gave ${table.columns.length} columns where one is wanted`);
  if (table.more) throw odd("nonsense", "it gave several rows where one is wanted");
  const [row] = table.rows;
  if (!row) throw odd("missing", "it gave no row");
  const value: QueryCell = row[0] ?? null;
  if (value === null) throw odd("missing", "it gave NULL, which is not known");
  return { label, value };
}

/** The one number that a statement gives. Throws BackendError. */
export async function readFigure(
  secrets: Secrets,
  { postgres }: z.output<typeof PostgresValue>,
  look: Look,
): Promise<Taken<number>> {
  const { label, value } = await oneValue(secrets, postgres, look);
  const number = numberOf(value);
  if (number !== undefined) return { value: number };
  const detail = `it gave ${JSON.stringify(textOfDatum(value)).slice(0, 60)}, which is no number`;
  throw new BackendError(label, { fault: "nonsense", detail });
}

/** It is well when it lets us in, is the one that is expected, and answers. Throws BackendError. */
export async function checkServer(
  secrets: Secrets,
  { postgres }: z.output<typeof PostgresServer>,
  look: Look,
): Promise<Taken<ComponentDetail>> {
  const { version, isReplica } = await proveServer(asking(secrets, postgres, look));
  return { value: { detail: `PostgreSQL ${version}, ${isReplica ? "a replica" : "a primary"}` } };
}

/** Throws BackendError where nobody answers. */
export async function identifyServer(
  secrets: Secrets,
  { postgres }: z.output<typeof PostgresServer>,
  look: Look,
): Promise<Taken<Identity>> {
  try {
    await proveServer(asking(secrets, postgres, look));
    return { value: { is: "proven" } };
  } catch (error) {
    if (!(error instanceof OtherServer)) throw error;
    return { value: { is: "contradicted", why: `${error.backend} is ${error.is}` } };
  }
}

function asking(secrets: Secrets, database: Database, { deadlineMs }: Pick<Look, "deadlineMs">): DatabaseAsking {
  return { secrets, database, deadlineMs };
}
