import { type FastifyInstance, fastify } from "fastify";
import { UserError } from "../domain/failure.ts";
import type { Log } from "../domain/log.ts";
import { type Check, runChecks } from "./health.ts";
import type { Measurements } from "./metrics.ts";

export interface ServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
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
  /** The composition root registers the console and the webhooks here, before `listen`. */
  readonly app: FastifyInstance;
  /** Throws UserError when the address cannot be had. */
  listen(): Promise<{ readonly url: string; readonly port: number }>;
  /** Takes nothing new, lets requests under way end, then cuts what is left. Safe to call twice. */
  close(): Promise<void>;
}

/** The HTTP server with `/healthz`, `/readyz` and `/metrics`. */
export function createServer(options: ServerOptions): Server {
  const { host, port, log } = options;
  const app = fastify({ logger: false, bodyLimit: 1_048_576, requestTimeout: 30_000, return503OnClosing: true });
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
    async listen() {
      await app.listen({ host, port }).catch((error: unknown) => {
        throw listenProblem(error, host, port);
      });
      const address = app.server.address();
      const taken = typeof address === "object" && address ? address.port : port;
      return { url: `http://${host.includes(":") ? `[${host}]` : host}:${taken}`, port: taken };
    },
    close() {
      closing ??= closeWithin(app, options.drainMs ?? 5_000);
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
      .send(report);
  });
  app.get("/readyz", async (_request, reply) => {
    const draining: Check[] = closing() ? [{ name: "draining", run: async () => "shutting down" }] : [];
    const report = await runChecks([...draining, ...health.ready], checkMs);
    return reply
      .code(report.ok ? 200 : 503)
      .header("cache-control", "no-store")
      .send(report);
  });
  app.get("/metrics", async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
}

async function closeWithin(app: FastifyInstance, drainMs: number): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), drainMs);
  try {
    await app.close();
  } finally {
    clearTimeout(cut);
  }
}

function listenProblem(error: unknown, host: string, port: number): unknown {
  const next = port > 0 && port < 65_535 ? port + 1 : 7_701;
  switch (codeOf(error)) {
    case "EADDRINUSE":
      return new UserError(
        `Port ${port} on ${host} is taken by another program.`,
        `Stop that program, or start on another port: PORT=${next} npm start`,
      );
    case "EACCES":
      return new UserError(
        `This user may not listen on port ${port}.`,
        "Ports below 1024 are the system's; start on a higher one: PORT=7700 npm start",
      );
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new UserError(
        `${host} is no address of this machine.`,
        "Set HOST to one that is, for example HOST=127.0.0.1",
      );
    default:
      return error;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

function statusOf(error: unknown): number {
  if (!(error instanceof Error) || !("statusCode" in error) || typeof error.statusCode !== "number") return 500;
  return error.statusCode >= 400 && error.statusCode <= 599 ? error.statusCode : 500;
}

/** Queries may carry what belongs to nobody's log. */
function pathOf(url: string): string {
  return url.split("?", 1)[0] ?? "";
}
