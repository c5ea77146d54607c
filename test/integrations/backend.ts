import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { onTestFinished } from "vitest";
import { createBackends } from "../../src/compose/world.ts";
import { createHttp, type Http, type HttpOptions } from "../../src/integrations/wire/http.ts";

/** What a stand-in for a backend does with a call. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface Backend {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly host: string;
  /** What was asked so far, oldest first. */
  readonly calls: readonly { readonly method: string; readonly path: string; readonly key: string | undefined }[];
  /** From now on every call goes to this. */
  answer(handler: Handler): void;
}

/** A real server on a free loopback port for the length of a test. */
export async function openBackend(handler: Handler = json({})): Promise<Backend> {
  let current = handler;
  const calls: { method: string; path: string; key: string | undefined }[] = [];
  const server = createServer((request, response) => {
    const key = request.headers["idempotency-key"];
    calls.push({
      method: request.method ?? "",
      path: request.url ?? "",
      key: typeof key === "string" ? key : undefined,
    });
    current(request, response);
  });
  const port = await listen(server);
  onTestFinished(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  });
  return {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    calls,
    answer(next) {
      current = next;
    },
  };
}

export function openHttp(options: HttpOptions = {}): Http {
  const http = createHttp(options);
  onTestFinished(() => http.close());
  return http;
}

/** The backends that the bot ships with, on connections that end with the test. */
export function openBackends(): ReturnType<typeof createBackends> {
  return createBackends({ http: openHttp() });
}

/** An address where nothing listens: a port that was free a moment ago. */
export async function closedUrl(): Promise<string> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

export function json(value: unknown, status = 200): Handler {
  return (_request, response) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(value));
  };
}

export function text(body: string, type = "text/plain; version=0.0.4", status = 200): Handler {
  return (_request, response) => {
    response.writeHead(status, { "content-type": type });
    response.end(body);
  };
}

export function page(status = 200): Handler {
  return (_request, response) => {
    response.writeHead(status, { "content-type": "text/html" });
    response.end("<!doctype html><title>Sign in</title><p>token=page-secret-4711</p>");
  };
}

/** Takes the call and never answers. */
export const hang: Handler = () => undefined;

/** Breaks the connection before any answer. */
export const drop: Handler = (request) => {
  request.socket.destroy();
};

/** Sends the head of a good answer and some of its body, then breaks the connection. */
export const cut: Handler = (_request, response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
  response.write('{"half":', () => response.socket?.destroy());
};

/** Sends the head and one byte, and never the rest. */
export const trickle: Handler = (_request, response) => {
  response.writeHead(200, { "content-type": "application/json" });
  response.write("{");
};

/** A good answer, but far too long. */
export const flood: Handler = (_request, response) => {
  response.writeHead(200, { "content-type": "application/json" });
  const chunk = " ".repeat(1_024 * 1_024);
  let left = 16;
  const more = (): void => {
    left -= 1;
    if (left > 0 && !response.destroyed) response.write(chunk, more);
    else response.end();
  };
  more();
};

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address !== null && typeof address === "object") resolve(address.port);
    });
  });
}
