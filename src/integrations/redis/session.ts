import type { Redis } from "ioredis";
import { BackendError } from "../../domain/failure.ts";
import { parseDuration, showWait } from "../../domain/text/duration.ts";
import { MissingSecret, type Secrets } from "../wire/secrets.ts";
import { type RedisConnection, type RedisReached, type RedisServer, reachRedis } from "./connection.ts";
import { redisFault } from "./fault.ts";

/** INFO is some kilobytes, 128 entries of the slow log some dozens: whatever sends more is no answer to these. */
const mostBytes = 1_024 * 1_024;

/** What a question to a server is asked with. */
export interface RedisAsking {
  readonly secrets: Secrets;
  readonly server: RedisServer;
  readonly deadlineMs: number;
}

/** One connection with one server, which is proven to be the one that is expected. */
export interface RedisSession {
  /** Host and port, as errors name it. */
  readonly label: string;
  /** Throws what redisFault has words for. */
  ask(command: string, ...args: readonly string[]): Promise<unknown>;
}

/** A server that is not the one it has to be; `is` says which it is. */
export class OtherRedis extends BackendError {
  readonly is: string;

  constructor(label: string, is: string) {
    super(label, { fault: "nonsense", detail: `it is not the server that is expected: it ${is}; nothing was read` });
    this.is = is;
  }
}

/** Opens a connection, and ends it with what it was opened for: whatever happens it is gone by the deadline. Throws BackendError. */
export async function inRedis<Result>(
  { secrets, server, deadlineMs: left }: RedisAsking,
  use: (session: RedisSession) => Promise<Result>,
): Promise<Result> {
  if ("backend" in server)
    throw new BackendError(server.backend, { fault: "missing", detail: "no such backend is declared" });
  const deadlineMs = Math.min(left, parseDuration(server.timeout ?? `${left}ms`));
  const reached = await reachedBy(secrets, server);
  const label = `${reached.host}:${reached.port}`;
  const client = await clientFor(reached, deadlineMs);
  let isConnected = false;
  const ended = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    // A Redis that speaks no TLS reads its first bytes as the beginning of a command, and waits for the rest.
    const hint =
      reached.tls && !isConnected ? ": TLS was begun and not answered, write redis:// where it speaks none" : "";
    const detail = `gave no answer within ${showWait(deadlineMs)}${hint}`;
    ended.reject(new BackendError(label, { fault: "timeout", detail }));
  }, deadlineMs);
  // Said once more by whichever command was under way; without a listener it would end the process.
  client.on("error", (error: unknown) => ended.reject(error));
  client.on("connect", () => {
    isConnected = true;
    guard(client, () => ended.reject(tooLong(label)));
  });
  const session: RedisSession = { label, ask: async (command, ...args) => client.call(command, ...args) };
  try {
    const answered = client.connect().then(async () => {
      await prove(session, server);
      return use(session);
    });
    return await Promise.race([answered, ended.promise]);
  } catch (error) {
    throw redisFault(label, server, error);
  } finally {
    clearTimeout(timer);
    client.disconnect();
  }
}

async function reachedBy(secrets: Secrets, connection: RedisConnection): Promise<RedisReached> {
  try {
    return await reachRedis(secrets, connection);
  } catch (error) {
    if (!(error instanceof MissingSecret)) throw error;
    const label = connection.url.startsWith("redis") ? "Redis" : connection.url;
    throw new BackendError(label, { fault: "unauthorised", detail: `nothing was sent: ${error.message}` });
  }
}

/** The library is loaded by whoever asks a server first. */
async function clientFor({ host, port, user, password, database, tls }: RedisReached, deadlineMs: number) {
  const { Redis: Client } = await import("ioredis");
  return new Client({
    host,
    port,
    db: database,
    ...(user !== "" && { username: user }),
    ...(password !== "" && { password }),
    ...(tls && { tls }),
    lazyConnect: true,
    connectTimeout: deadlineMs,
    // One try: whoever looks again opens another.
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
    disableClientInfo: true,
  });
}

function guard({ stream }: Redis, end: () => void): void {
  let bytes = 0;
  stream.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > mostBytes) end();
  });
}

function tooLong(label: string): BackendError {
  return new BackendError(label, { fault: "nonsense", detail: "it sent more than 1 MiB, which is no answer to this" });
}

async function prove(session: RedisSession, { expect }: RedisConnection): Promise<void> {
  if (expect?.role !== undefined) {
    const told = await session.ask("ROLE");
    const role = Array.isArray(told) && told[0] === "master" ? "primary" : "replica";
    if (role !== expect.role) throw new OtherRedis(session.label, `is a ${role}`);
  }
  if (expect?.key === undefined) return;
  const held = await session.ask("GET", expect.key.name);
  if (held !== expect.key.value)
    throw new OtherRedis(
      session.label,
      held === null ? `has no key ${expect.key.name}` : `holds another value in ${expect.key.name}`,
    );
}
