import { once } from "node:events";
import type { RequestListener, Server } from "node:http";
import { z } from "zod";
import { errorCode, UserError } from "../domain/failure.ts";
import { createServer } from "../http/node-http.ts";

/** How long a request may take to come in, ms. */
const requestMs = 30_000;
/** As long as the usual proxies keep a connection, and a little more, so that they close it first, ms. */
const keepAliveMs = 72_000;
/** How long the program that has the port may take to say who it is, ms. */
const whoMs = 1_500;

/** An address that this process listens on. Until `serve` is called, everybody is answered 503. */
export interface TakenAddress {
  readonly http: Server;
  readonly url: string;
  readonly port: number;
  serve(listener: RequestListener): void;
  /** Takes no new connection, and resolves when the last one is gone. Safe to call twice. */
  close(): Promise<void>;
}

/** What a Wardroom says of itself on `/healthz`, whether it is well or not. */
export const programName = "wardroom";
const Greeting = z.looseObject({ program: z.literal(programName) });

/**
 * Listens before anything else is done, so that a start whose port is taken has changed nothing. Throws a UserError when the
 * address cannot be had, which names the other program when that is a Wardroom. Port 0 takes a free one.
 */
export async function takeAddress({
  host,
  port,
}: {
  readonly host: string;
  readonly port: number;
}): Promise<TakenAddress> {
  let listener = stillStarting;
  const http = createServer({ requestTimeout: requestMs, keepAliveTimeout: keepAliveMs }, (request, response) =>
    listener(request, response),
  );
  http.listen(port, host);
  try {
    await once(http, "listening");
  } catch (error) {
    throw await listenProblem(error, { host, port });
  }
  const address = http.address();
  const taken = typeof address === "object" && address ? address.port : port;
  let closing: Promise<void> | undefined;
  return {
    http,
    url: urlOf(host, taken),
    port: taken,
    serve(served) {
      listener = served;
    },
    close() {
      closing ??= new Promise((resolve) => void http.close(() => resolve()));
      return closing;
    },
  };
}

const stillStarting: RequestListener = (_request, response) => {
  response.writeHead(503, { "content-type": "application/json", "retry-after": "1" });
  response.end(JSON.stringify({ ok: false, program: programName, checks: { start: "still starting" } }));
};

function urlOf(host: string, port: number): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

async function listenProblem(error: unknown, at: { readonly host: string; readonly port: number }): Promise<unknown> {
  const { host, port } = at;
  const next = port > 0 && port < 65_535 ? port + 1 : 7_701;
  switch (errorCode(error) ?? "") {
    case "EADDRINUSE":
      return (await isWardroom(urlOf(host, port)))
        ? new UserError(
            `Port ${port} on ${host} is taken by another Wardroom: ${urlOf(host, port)}`,
            `Stop that one, or start this one on another port and another state folder: PORT=${next} WARDROOM_STATE=… npm start`,
          )
        : new UserError(
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

/** Asked without a secret: any program may have the port. */
async function isWardroom(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(whoMs), redirect: "error" });
    return Greeting.safeParse(await answer.json()).success;
  } catch {
    return false;
  }
}
