import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { Redis } from "ioredis";
import { BackendError } from "../../domain/failure.ts";
import { runScript, type Script } from "./script.ts";

/** How long an operation goes on asking before it gives up, unless told. Far below the ten minutes a commit's id is kept. */
const usualPatienceMs = 10_000;
/** A server that took a command and says nothing for so long is treated as a lost connection. */
const answerMs = 3_000;
const connectMs = 3_000;

/** The server is up but not able just now; nothing was executed. */
const passing = ["LOADING", "BUSY", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN"];
/** The server said no, and will again: nothing was executed. */
const refusing = ["OOM", "MISCONF", "NOREPLICAS", "NOAUTH", "NOPERM", "WRONGPASS"];

/** Where a state is, and how long to wait for it. */
export interface StateOfRedis {
  readonly url: string;
  readonly prefix: string;
  /** How long an operation is tried again while the server is away, in ms. */
  readonly patienceMs?: number;
}

/**
 * One connection to the server of a state. Whatever is sent through it may be sent twice: after a lost answer it asks again.
 */
export class Connection {
  readonly redis: Redis;
  /** Host and port, without what would let anyone in. */
  readonly name: string;
  /** The key that every other begins with: the prefix as a hash tag. */
  readonly root: string;
  readonly #patienceMs: number;
  readonly #underway = new Set<(error: Error) => void>();

  private constructor(redis: Redis, state: StateOfRedis) {
    const { host = "localhost", port = 6379 } = redis.options;
    this.redis = redis;
    this.name = `Redis ${host}:${port}`;
    this.root = `{${state.prefix}}`;
    this.#patienceMs = state.patienceMs ?? usualPatienceMs;
    redis.on("close", () => {
      for (const reject of this.#underway) reject(new Error("the connection was lost before the answer"));
    });
  }

  /** Connects once. Rejects with a BackendError when nobody answers; later losses are waited out. */
  static async open(state: StateOfRedis): Promise<Connection> {
    const redis = new Redis(state.url, {
      lazyConnect: true,
      connectTimeout: connectMs,
      commandTimeout: answerMs,
      // Resending is decided below, where it is known how long and what to say when it fails.
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: null,
      retryStrategy: (times) => Math.min(times * 20, 500),
      // After a failover the address may still be that of the old primary.
      reconnectOnError: (error) => (error.message.startsWith("READONLY") ? 1 : false),
    });
    const connection = new Connection(redis, state);
    let reason = "nobody answers";
    redis.on("error", (error: Error) => {
      reason = error.message;
    });
    try {
      await redis.connect();
    } catch (error) {
      redis.disconnect();
      if (error instanceof Error && error.message !== "Connection is closed.") reason = error.message;
      throw new BackendError(connection.name, { fault: "unreachable", detail: reason });
    }
    return connection;
  }

  /** Runs a script, asking again while the server is away. `what` names it in the error: "the commit". */
  async run(script: Script, args: readonly (string | number)[], what: string): Promise<unknown> {
    return this.persist(() => runScript(this.redis, script, [this.root, ...args]), what);
  }

  /** Asks until there is an answer. The fault is `lost` when it may have been executed, `unreachable` when it was never sent. */
  async persist<Answer>(ask: () => Promise<Answer>, what: string): Promise<Answer> {
    const deadline = performance.now() + this.#patienceMs;
    let sent = false;
    while (performance.now() < deadline) {
      if (this.redis.status !== "ready") {
        await this.#untilReady(deadline);
        continue;
      }
      try {
        return await this.attempt(ask);
      } catch (error) {
        const answer = answerOf(error);
        if (answer === "lost") sent = true;
        else if (answer !== "again")
          throw new BackendError(this.name, { ...answer, detail: `${what}: ${answer.detail}` });
        await pause(10);
      }
    }
    const waited = `no answer within ${this.#patienceMs / 1_000} s`;
    throw sent
      ? new BackendError(this.name, { fault: "lost", detail: `${waited}; the outcome of ${what} is unknown` })
      : new BackendError(this.name, { fault: "unreachable", detail: `${waited}; ${what} was never sent` });
  }

  /** Asks once. Rejects as soon as the connection is lost: the client would wait for its time to run out. */
  async attempt<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    const loss = Promise.withResolvers<never>();
    this.#underway.add(loss.reject);
    try {
      return await Promise.race([ask(), loss.promise]);
    } finally {
      this.#underway.delete(loss.reject);
    }
  }

  close(): void {
    this.redis.disconnect();
  }

  async #untilReady(deadline: number): Promise<void> {
    const left = Math.max(1, Math.ceil(deadline - performance.now()));
    try {
      await once(this.redis, "ready", { signal: AbortSignal.timeout(left) });
    } catch {
      // Out of time, or another attempt to connect failed: the caller looks at the clock and comes back.
    }
  }
}

/** What a failed attempt says about its execution. */
function answerOf(
  error: unknown,
): "again" | "lost" | { readonly fault: "refused" | "broken"; readonly detail: string } {
  if (!(error instanceof Error)) return "lost";
  if (error.name === "ReplyError") {
    const code = error.message.split(" ", 1)[0] ?? "";
    if (passing.includes(code)) return "again";
    return { fault: refusing.includes(code) ? "refused" : "broken", detail: error.message };
  }
  return error.message.includes("enableOfflineQueue") ? "again" : "lost";
}
