import type { RequestListener } from "node:http";
import { type FastifyInstance, fastify } from "fastify";
import type { Log } from "../domain/log.ts";
import { withoutSchemas } from "../http/without-schemas.ts";
import { programName, type TakenAddress } from "./address.ts";
import { type Check, runChecks } from "./health.ts";
import type { Measurements } from "./metrics.ts";

export interface ServerOptions {
  /** Where it listens already. */
  readonly address: TakenAddress;
  readonly log: Log;
  readonly health: {
    /** Alive and hearing: a supervisor restarts the process when one of these fails. */
    readonly alive: readonly Check[];
    /** Fit for work now: traffic stays away while one of these fails. */
    readonly ready: readonly Check[];
  };
  readonly metrics: Pick<Measurements, "contentType" | "text">;
  /** How long one check may take. 2 s when left out. */
  readonly checkMs?: number;
  /** How long requests under way may still take once `close` was called. 5 s when left out. */
  readonly drainMs?: number;
}

export interface Server {
  /** The composition root registers the console and the webhooks here, before `serve`. */
  readonly app: FastifyInstance;
  readonly url: string;
  readonly port: number;
  /** Answers from now on. */
  serve(): Promise<void>;
  /** Takes nothing new, lets requests under way end, then cuts what is left. Safe to call twice. */
  close(): Promise<void>;
}

/** The HTTP server with `/healthz`, `/readyz` and `/metrics`. */
export function createServer(options: ServerOptions): Server {
  const { address, log } = options;
  const answering = Promise.withResolvers<RequestListener>();
  const app = fastify({
    ...withoutSchemas,
    logger: false,
    bodyLimit: 1_048_576,
    return503OnClosing: true,
    serverFactory(listener) {
      answering.resolve(listener);
      return address.http;
    },
  });
  let closing: Promise<void> | undefined;
  app.setErrorHandler((error, request, reply) => {
    const status = statusOf(error);
    if (status >= 500) log.error("request failed", { path: pathOf(request.url), err: error });
    const said =
      status < 500 && error instanceof Error ? error.message : "something went wrong here; the log says what";
    return reply.code(status).send({ error: said });
  });
  // A connection kept alive past its last answer would hold up the close until it is cut.
  app.addHook("onSend", async (_request, reply) => {
    if (closing) reply.header("connection", "close");
  });
  addChecks(app, options, () => closing !== undefined);
  return {
    app,
    url: address.url,
    port: address.port,
    async serve() {
      await app.ready();
      address.serve(await answering.promise);
    },
    close() {
      closing ??= closeWithin(app, address, options.drainMs ?? 5_000);
      return closing;
    },
  };
}

function addChecks(app: FastifyInstance, options: ServerOptions, closing: () => boolean): void {
  const { health, metrics, checkMs = 2_000 } = options;
  app.get("/healthz", async (_request, reply) => {
    const report = await runChecks(health.alive, checkMs);
    return reply
      .code(report.ok ? 200 : 503)
      .header("cache-control", "no-store")
      .send({ program: programName, ...report });
  });
  app.get("/readyz", async (_request, reply) => {
    const draining: Check[] = closing() ? [{ name: "draining", run: async () => "shutting down" }] : [];
    const report = await runChecks([...draining, ...health.ready], checkMs);
    return reply
      .code(report.ok ? 200 : 503)
      .header("cache-control", "no-store")
      .send({ program: programName, ...report });
  });
  app.get("/metrics", async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
}

async function closeWithin(app: FastifyInstance, address: TakenAddress, drainMs: number): Promise<void> {
  const cut = setTimeout(() => address.http.closeAllConnections(), drainMs);
  try {
    await Promise.all([address.close(), app.close()]);
  } finally {
    clearTimeout(cut);
  }
}

function statusOf(error: unknown): number {
  if (!(error instanceof Error) || !("statusCode" in error) || typeof error.statusCode !== "number") return 500;
  return error.statusCode >= 400 && error.statusCode <= 599 ? error.statusCode : 500;
}

/** Queries may carry what belongs to nobody's log. */
function pathOf(url: string): string {
  return url.split("?", 1)[0] ?? "";
}
