import type { Client, FieldDef } from "pg";
import { BackendError, errorCode } from "../../domain/failure.ts";
import { parseDuration, showWait } from "../../domain/text/duration.ts";
import { MissingSecret, type Secrets } from "../wire/secrets.ts";
import { type Database, type PostgresConnection, type Reached, reach } from "./connection.ts";
import { type AskedAt, type Complaint, postgresFault } from "./fault.ts";

/** What a statement gave: every value as the text that the server wrote, and nothing as null. */
export interface RowsGiven {
  readonly fields: readonly Pick<FieldDef, "name" | "dataTypeID">[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** One connection with one server, ended with what is asked of it. */
export interface DatabaseSession {
  /** Host and port, as errors name it. */
  readonly label: string;
  /** One statement; more than one is refused by the server. Throws BackendError. */
  ask(text: string, values?: readonly (string | null)[]): Promise<RowsGiven>;
  /** How long it may still take, in ms; 1 at least. */
  leftMs(): number;
}

/** As much as the longest answer that anybody reads. */
const mostBytes = 8 * 1_024 * 1_024;

/** What a question to a server is asked with. */
export interface DatabaseAsking {
  readonly secrets: Secrets;
  readonly database: Database;
  readonly deadlineMs: number;
}

/**
 * Opens a session, and ends it with what it was opened for: whatever happens it is gone by the deadline. Nothing of the
 * environment but what the connection names has a part in it. Throws BackendError.
 */
export async function inSession<Result>(
  asking: DatabaseAsking,
  use: (session: DatabaseSession) => Promise<Result>,
): Promise<Result> {
  const { database, secrets } = asking;
  if ("backend" in database)
    throw new BackendError(database.backend, { fault: "missing", detail: "no such backend is declared" });
  const deadlineMs = Math.min(asking.deadlineMs, parseDuration(database.timeout ?? `${asking.deadlineMs}ms`));
  const reached = await reachedBy(secrets, database);
  const label = reached.host.startsWith("/") ? reached.host : `${reached.host}:${reached.port}`;
  const at: AskedAt = { label, user: reached.user, database: reached.database, connection: database };
  const held = new HeldClient(at, deadlineMs, await clientFor(reached));
  try {
    return await use(await held.open());
  } catch (error) {
    throw held.explained(error);
  } finally {
    await held.close();
  }
}

async function reachedBy(secrets: Secrets, connection: PostgresConnection): Promise<Reached> {
  try {
    return await reach(secrets, connection);
  } catch (error) {
    if (!(error instanceof MissingSecret)) throw error;
    const label = connection.url.startsWith("postgres") ? "PostgreSQL" : connection.url;
    throw new BackendError(label, { fault: "unauthorised", detail: `nothing was sent: ${error.message}` });
  }
}

/** The library is loaded by whoever asks a database first. */
async function clientFor({ host, port, user, password, database, ssl }: Reached): Promise<Client> {
  const { Client: PgClient } = await import("pg");
  return new PgClient({
    host,
    port,
    user,
    database,
    ssl,
    // A function, so that none is looked for in the environment or in a file of the account's.
    password: () => password,
    application_name: "wardroom",
    keepAlive: true,
  });
}

/** A client with a deadline that ends its connection, however far it has come. */
class HeldClient {
  readonly #at: AskedAt;
  readonly #client: Client;
  readonly #endsAt: number;
  readonly #deadlineMs: number;
  readonly #timer: NodeJS.Timeout;
  /** Why the connection was ended from here. */
  #ended: BackendError | undefined;

  constructor(at: AskedAt, deadlineMs: number, client: Client) {
    this.#at = at;
    this.#client = client;
    this.#deadlineMs = deadlineMs;
    this.#endsAt = performance.now() + deadlineMs;
    client.on("error", () => undefined);
    this.#timer = setTimeout(() => {
      const detail = `gave no answer within ${showWait(this.#deadlineMs)}`;
      this.#end(new BackendError(at.label, { fault: "timeout", detail }));
    }, deadlineMs);
  }

  async open(): Promise<DatabaseSession> {
    const connecting = this.#client.connect();
    const { connection, ssl } = this.#client;
    // What reads the answers is put onto the stream by now, or once TLS is spoken.
    if (ssl) connection.once("sslconnect", () => this.#guard());
    else this.#guard();
    await connecting;
    return {
      label: this.#at.label,
      leftMs: () => Math.max(1, Math.floor(this.#endsAt - performance.now())),
      ask: async (text, values = []) => {
        const asked = {
          text,
          values: [...values],
          rowMode: "array" as const,
          // One statement, whatever is written: the simple protocol would take several.
          queryMode: "extended",
          types: { getTypeParser: () => (value: string) => value },
        };
        const { fields, rows } = await this.#client.query<(string | null)[]>(asked);
        return { fields, rows };
      },
    };
  }

  /** What broke, as BackendError: what was ended from here is told as that, and not as a broken connection. */
  explained(error: unknown): Error {
    if (this.#ended) return this.#ended;
    if (error instanceof BackendError) return error;
    return postgresFault(this.#at, complaintIn(error));
  }

  async close(): Promise<void> {
    try {
      if (!this.#ended) await this.#client.end();
    } finally {
      clearTimeout(this.#timer);
    }
  }

  /** Answers are counted, and what is no answer of a server ends the connection: the library would throw it at nobody. */
  #guard(): void {
    const { stream } = this.#client.connection;
    const readers = stream.listeners("data");
    stream.removeAllListeners("data");
    let bytes = 0;
    stream.on("data", (chunk: Uint8Array) => {
      bytes += chunk.length;
      if (bytes > mostBytes) {
        const detail = `it answered with more than ${mostBytes / 1_048_576} MiB: ask for less of it`;
        return this.#end(new BackendError(this.#at.label, { fault: "nonsense", detail }));
      }
      try {
        for (const reader of readers) Reflect.apply(reader, stream, [chunk]);
      } catch {
        const detail = "what answers there does not speak as PostgreSQL does";
        this.#end(new BackendError(this.#at.label, { fault: "nonsense", detail }));
      }
    });
  }

  #end(why: BackendError): void {
    this.#ended ??= why;
    this.#client.connection.stream.destroy(why);
  }
}

function complaintIn(error: unknown): Complaint {
  if (error instanceof AggregateError && error.errors.length > 0) return complaintIn(error.errors[0]);
  if (!(error instanceof Error)) return { code: "", message: "it failed without a word" };
  const code = errorCode(error) ?? "";
  const hint = "hint" in error && typeof error.hint === "string" ? error.hint : undefined;
  if (/received invalid response/.test(error.message))
    return { code, message: "what answers there does not speak as PostgreSQL does" };
  if (/Connection terminated/.test(error.message))
    return { code, message: "it closed the connection in the middle of an answer" };
  return { code, message: error.message, hint };
}
