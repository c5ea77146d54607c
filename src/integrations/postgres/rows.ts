import { BackendError } from "../../domain/failure.ts";
import { numberWritten } from "../../domain/systems/exact.ts";
import type { QueryCell, QueryTable } from "../../domain/systems/queries.ts";
import type { PostgresConnection } from "./connection.ts";
import { type DatabaseAsking, type DatabaseSession, inSession } from "./session.ts";

/** What a server says of itself. */
export interface DatabaseServer {
  readonly version: string;
  readonly isReplica: boolean;
}

/** A server that is not the one it has to be; `is` says which it is. */
export class OtherServer extends BackendError {
  readonly is: string;

  constructor(label: string, is: string) {
    super(label, { fault: "nonsense", detail: `it is not the server that is expected: it is ${is}; nothing was read` });
    this.is = is;
  }
}

/** What is read: one statement with its values, and at most so many rows of it. */
interface ReadRows {
  readonly text: string;
  readonly values: readonly (string | null)[];
  readonly most: number;
}

/** What was read, and of whom, as errors name it. */
interface RowsRead {
  readonly label: string;
  readonly table: QueryTable;
}

/**
 * Reads in a transaction that can change nothing and that the server itself ends in time. The server is proven first. No more
 * rows are fetched than are asked for, and one that tells whether there are more. Throws BackendError.
 */
export async function readRows(asking: DatabaseAsking, { text, values, most }: ReadRows): Promise<RowsRead> {
  return inSession(asking, async (session) => {
    await beginReading(session, asking);
    await session.ask(`DECLARE wardroom_rows NO SCROLL CURSOR FOR ${text}`, values);
    const { fields, rows } = await session.ask(`FETCH FORWARD ${most + 1} FROM wardroom_rows`);
    await session.ask("ROLLBACK");
    const table = {
      columns: fields.map(({ name }) => ({ name })),
      rows: rows.slice(0, most).map((row) => row.map((value, at) => cellOf(value, fields[at]?.dataTypeID ?? 0))),
      more: rows.length > most,
    };
    return { label: session.label, table };
  });
}

/** Who answers there, proven to be the one that is expected. Throws BackendError, OtherServer where it is another. */
export async function proveServer(asking: DatabaseAsking): Promise<DatabaseServer> {
  return inSession(asking, async (session) => {
    const server = await beginReading(session, asking);
    await session.ask("ROLLBACK");
    return server;
  });
}

async function beginReading(session: DatabaseSession, { database }: DatabaseAsking): Promise<DatabaseServer> {
  if ("backend" in database) throw new BackendError(database.backend, { fault: "missing", detail: "no such backend" });
  await session.ask("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
  await session.ask(
    `SELECT set_config('statement_timeout', $1, true), set_config('lock_timeout', $1, true),
            set_config('idle_in_transaction_session_timeout', $1, true), set_config('TimeZone', 'UTC', true),
            set_config('DateStyle', 'ISO, YMD', true), set_config('IntervalStyle', 'postgres', true),
            set_config('default_transaction_read_only', 'on', true), set_config('bytea_output', 'hex', true)`,
    [`${endsThereMs(session)}ms`],
  );
  return prove(session, database.expect);
}

/** A little before the deadline, so that it is the server that ends it, and knows that it has. */
export function endsThereMs(session: Pick<DatabaseSession, "leftMs">): number {
  return Math.max(1, Math.floor(session.leftMs() * 0.9));
}

/** The server in this session, proven. Throws OtherServer. */
export async function prove(session: DatabaseSession, expect: PostgresConnection["expect"]): Promise<DatabaseServer> {
  const { rows } = await session.ask(
    `SELECT current_database(), pg_is_in_recovery(), current_setting('server_version')${expect.system === undefined ? "" : ", (SELECT system_identifier FROM pg_control_system())"}`,
  );
  const [database = "", recovery, version = "", system] = rows[0] ?? [];
  const isReplica = recovery === "t";
  const odd = [
    ...(database === expect.database ? [] : [`the database ${database ?? ""}, not ${expect.database}`]),
    ...(expect.replica === undefined || expect.replica === isReplica
      ? []
      : [isReplica ? "a replica, where a primary is expected" : "a primary, where a replica is expected"]),
    ...(expect.system === undefined || expect.system === system ? [] : [`the cluster ${system}, not ${expect.system}`]),
  ];
  if (odd.length > 0) throw new OtherServer(session.label, odd.join(" and "));
  return { version: version?.split(" ")[0] ?? "", isReplica };
}

/** The types that are numbers: int8, int2, int4, oid, float4, float8, numeric. */
const numbers = new Set([20, 21, 23, 26, 700, 701, 1700]);
const booleanType = 16;

/** A value as the server wrote it: a number with every digit; NaN and the infinities, which are none, as words. */
function cellOf(text: string | null, type: number): QueryCell {
  if (text === null) return null;
  if (type === booleanType) return text === "t";
  if (!numbers.has(type) || !/^-?\d/.test(text)) return text;
  return numberWritten(text, Number(text));
}
