import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { Server as NetServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { createServer } from "../src/http/node-http.ts";
import { type Fault, type Lie, touches } from "./fault.ts";

export interface Call {
  readonly method: string;
  readonly path: string;
  /** What stands behind the `?`. */
  readonly parameters: URLSearchParams;
  /** The `Idempotency-Key` header. */
  readonly key: string | undefined;
  /** The JSON sent, or undefined when there was no body. */
  readonly body: unknown;
  readonly headers: IncomingHttpHeaders;
}

export interface Answer {
  readonly status: number;
  /** Sent as JSON, or as it is when it is text. */
  readonly body: object | string;
  readonly type?: string;
  /** Writes what follows, piece by piece, instead of the body, and ends the response. */
  readonly stream?: (response: ServerResponse) => void;
}

export interface ServiceParts {
  readonly name: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** What changes something has to carry it, as a bearer token; nothing has to when left out. */
  readonly token?: string;
  /** Both PEM; plain HTTP when left out. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** What an answer of a fault says of itself; `{ error: "internal error" }` and the like when left out. */
  readonly failure?: (status: number) => object;
  /** Answers a call; undefined is 404. */
  answer(call: Call): Answer | undefined | Promise<Answer | undefined>;
  /** False: what it stands for is stopped, and it answers nobody but its switches. Always up when left out. */
  isUp?(): boolean;
  /** Reads a body that is no JSON by its content type, or answers instead; undefined leaves it to be read as JSON. */
  readonly read?: (bytes: Buffer, type: string) => { readonly body: unknown } | Answer | undefined;
  /** The same answer, told wrongly. */
  lie(call: Call, answer: Answer, lie: Lie): Answer;
  /** `/_demo`: GET tells what can be switched, POST switches it. `after` runs once the answer is out. */
  control(call: Call): Promise<Answer & { readonly after?: () => Promise<void> }>;
}

const bodyLimit = 64 * 1024;
const reopenTries = 40;

/** One HTTP service of a demo system, on loopback, with the switches that make it misbehave. */
export class DemoService {
  readonly name: string;
  readonly #parts: ServiceParts;
  readonly #server: Server;
  #port = 0;
  #fault: Fault | undefined;
  #callsLeft = Number.POSITIVE_INFINITY;
  #isOver = false;

  constructor(parts: ServiceParts) {
    this.name = parts.name;
    this.#parts = parts;
    const handle = (request: IncomingMessage, response: ServerResponse): void => {
      this.#handle(request, response).catch(() => response.destroy());
    };
    this.#server = parts.tls ? createSecureServer(parts.tls, handle) : createServer(handle);
  }

  /** Listens. Rejects when the port is taken. */
  async open(): Promise<void> {
    this.#port = await listen(this.#server, this.#parts.port);
  }

  /** `http://127.0.0.1:<port>`, or `https`; it stays the same through `down` and `heal`. */
  get url(): string {
    return `${this.#parts.tls ? "https" : "http"}://127.0.0.1:${this.#port}`;
  }

  get port(): number {
    return this.#port;
  }

  /** The fault in force. */
  get fault(): Fault | undefined {
    return this.#fault;
  }

  get isListening(): boolean {
    return this.#server.listening;
  }

  /** Misbehaves from now on, instead of any fault before. */
  async fail(fault: Fault): Promise<void> {
    await this.heal();
    this.#fault = fault;
    this.#callsLeft = ("times" in fault ? fault.times : undefined) ?? Number.POSITIVE_INFINITY;
    if (fault.kind === "down") await this.#close();
  }

  /** Behaves again; a closed listener opens on the port it had. */
  async heal(): Promise<void> {
    this.#fault = undefined;
    if (this.#server.listening || this.#isOver) return;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await listen(this.#server, this.#port);
        return;
      } catch (error) {
        // Another socket of this machine may hold the number for a moment as the near end of a connection.
        if (attempt === reopenTries) throw error;
        await delay(50, undefined, { ref: false });
      }
    }
  }

  /** Over for good: no switch opens it again. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#close();
  }

  async #close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = refuseStrangers(request);
    if (refusal) return send(response, refusal);
    const call = await readCall(request, this.#parts.read);
    if ("status" in call) return send(response, call);
    if (call.path === "/_demo") {
      const { after, ...answer } = await this.#parts.control(call);
      if (after) response.once("close", () => void after().catch(() => undefined));
      return send(response, answer);
    }
    const { token } = this.#parts;
    if (this.#parts.isUp?.() === false) {
      response.destroy();
      return;
    }
    if (call.method !== "GET" && token !== undefined && request.headers.authorization !== `Bearer ${token}`)
      return send(response, { status: 401, body: { error: "a change needs the trader's bearer token" } });
    const fault = this.#takeFault(call);
    return fault ? this.#misbehave(fault, call, response) : send(response, await this.#answer(call));
  }

  #takeFault(call: Call): Fault | undefined {
    const fault = this.#fault;
    if (!fault || !touches(fault, call.method === "GET" ? "reads" : "changes")) return undefined;
    this.#callsLeft -= 1;
    if (this.#callsLeft <= 0) this.#fault = undefined;
    return fault;
  }

  async #misbehave(fault: Fault, call: Call, response: ServerResponse): Promise<void> {
    switch (fault.kind) {
      case "slow": {
        const answer = await this.#answer(call);
        await delay(fault.ms, undefined, { ref: false });
        return send(response, answer);
      }
      case "error":
        return send(response, this.#failure(fault.status ?? 500, "internal error"));
      case "lying":
        return send(response, this.#parts.lie(call, await this.#answer(call), fault.lie));
      case "refuse":
        return send(response, this.#failure(fault.status ?? 409, "refused by the demo's switch"));
      case "lost-answer":
        await this.#answer(call);
        response.destroy();
        return;
      case "lost-request":
      case "down":
        response.destroy();
        return;
      case "hang":
        return;
    }
  }

  #failure(status: number, error: string): Answer {
    return { status, body: this.#parts.failure?.(status) ?? { error } };
  }

  async #answer(call: Call): Promise<Answer> {
    return (await this.#parts.answer(call)) ?? { status: 404, body: { error: `no ${call.method} ${call.path} here` } };
  }
}

/** Opens every service or, when one port is taken, none. */
export async function openAll(services: readonly DemoService[]): Promise<void> {
  try {
    for (const service of services) await service.open();
  } catch (error) {
    await Promise.all(services.map((each) => each.stop()));
    throw error;
  }
}

/** The login page that a proxy would put in the way. */
export const loginPage: Answer = {
  status: 200,
  type: "text/html; charset=utf-8",
  body: "<!doctype html><html><head><title>Sign in</title></head><body><h1>Sign in to continue</h1></body></html>",
};

/** Has a server answer on a port of loopback, 0 for a free one, and answers which. Rejects when it is taken. */
export async function listen(server: NetServer, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
  const address = server.address();
  return address !== null && typeof address === "object" ? address.port : port;
}

/** A page in the visitor's browser must not be able to press the demo's buttons, nor a rebound name reach it. */
function refuseStrangers(request: IncomingMessage): Answer | undefined {
  const host = (request.headers.host ?? "").replace(/:\d+$/, "");
  if (!["127.0.0.1", "localhost", "[::1]"].includes(host)) return { status: 421, body: { error: "loopback only" } };
  if (request.method !== "GET" && request.headers.origin !== undefined) {
    return { status: 403, body: { error: "not from a browser page" } };
  }
  return undefined;
}

async function readCall(request: IncomingMessage, read: ServiceParts["read"]): Promise<Call | Answer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > bodyLimit) return { status: 413, body: { error: "too large" } };
    chunks.push(bytes);
  }
  const bytes = Buffer.concat(chunks);
  const text = bytes.toString("utf8");
  const header = request.headers["idempotency-key"];
  const address = new URL(request.url ?? "/", "http://127.0.0.1");
  const call = {
    method: request.method ?? "GET",
    path: address.pathname,
    parameters: address.searchParams,
    headers: request.headers,
    key: typeof header === "string" && header !== "" ? header : undefined,
  };
  if (text.trim() === "") return { ...call, body: undefined };
  const other = read?.(bytes, request.headers["content-type"] ?? "");
  if (other) return "status" in other ? other : { ...call, ...other };
  try {
    return { ...call, body: JSON.parse(text) };
  } catch {
    return { status: 400, body: { error: "the body is not JSON" } };
  }
}

function send(response: ServerResponse, answer: Answer): void {
  if (answer.stream) {
    response.writeHead(answer.status, { "content-type": answer.type ?? "application/json" });
    response.flushHeaders();
    answer.stream(response);
    return;
  }
  const isText = typeof answer.body === "string";
  const text = typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body);
  const type = answer.type ?? (isText ? "text/plain; charset=utf-8" : "application/json");
  response.writeHead(answer.status, { "content-type": type, "content-length": Buffer.byteLength(text) });
  response.end(text);
}
