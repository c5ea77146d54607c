import type { ClientRequest, IncomingMessage } from "node:http";
import { request as requestSecure } from "node:https";
import { TLSSocket } from "node:tls";
import { type Agent, request as requestPlain } from "./node-http.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** How far a call had come: nothing sent, sent without an answer, or in the middle of the answer. */
export type Phase = "connecting" | "sent" | "answering";

export interface Failure {
  readonly kind: "failed";
  readonly cause: "deadline" | "connection" | "oversize";
  readonly phase: Phase;
  /** The system's own word, such as ECONNREFUSED; for what a proxy refused with its status, as ERR_PROXY_TUNNEL_407. */
  readonly code: string;
}

export interface Answered {
  readonly kind: "answered";
  readonly status: number;
  /** The media type without its parameters, in small letters. */
  readonly type: string;
  /** The character set that is said beside the type, where one is. */
  readonly charset?: string;
  readonly location: string | undefined;
  readonly encoding: string | undefined;
  readonly body: Buffer;
}

export interface Order {
  readonly url: URL;
  readonly method: Method;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
  readonly deadlineMs: number;
  readonly maxBytes: number;
  /** Node's own when left out, which keeps a connection for some seconds. */
  readonly agent?: Agent;
  /** Takes the body of a good answer piece by piece as it comes; nothing of it is kept then. */
  readonly take?: ((piece: Buffer) => void) | undefined;
}

/** Of an error answer no more than this is kept: enough for its reason. */
const errorBytes = 16 * 1_024;

/** One call on the wire. The deadline covers the connection, the headers and the whole body. Never rejects. */
export function exchange(order: Order): Promise<Answered | Failure> {
  return new Promise((resolve) => {
    const wire: Wire = { phase: "connecting", request: undefined, partial: undefined };
    let ended = false;
    const end = (result: Answered | Failure): void => {
      // Afterwards the connection may be another call's: nothing that happens on it is touched any more.
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      // An error answer whose body got lost is still that answer: its status is what was decided there.
      const known = result.kind === "failed" ? wire.partial?.() : undefined;
      resolve(known ?? result);
      if (result.kind === "failed" || known) wire.request?.destroy();
    };
    const fail = (cause: Failure["cause"], code: string): void =>
      end({ kind: "failed", cause, code, phase: wire.phase });
    const timer = setTimeout(() => fail("deadline", "deadline"), Math.max(0, order.deadlineMs));
    try {
      wire.request = open(order, wire);
      wire.request.on("error", (error) => fail("connection", codeOf(error)));
      wire.request.on("response", (response) => {
        wire.phase = "answering";
        collect(response, { order, wire, end, fail });
      });
      wire.request.end(order.body);
    } catch (error) {
      fail("connection", codeOf(error));
    }
  });
}

interface Wire {
  phase: Phase;
  request: ClientRequest | undefined;
  /** What has come of an error answer so far. */
  partial: (() => Answered) | undefined;
}

interface Collecting {
  readonly order: Order;
  readonly wire: Wire;
  readonly end: (result: Answered | Failure) => void;
  readonly fail: (cause: Failure["cause"], code: string) => void;
}

function open(order: Order, wire: Wire): ClientRequest {
  const secure = order.url.protocol === "https:";
  const { method, body, agent } = order;
  // Node says no length for a DELETE, whose body would then be read as the beginning of another call.
  const headers =
    body === undefined ? order.headers : { ...order.headers, "content-length": String(Buffer.byteLength(body)) };
  // Ends the connection to a proxy that gives no tunnel, which nothing else has hold of; elsewhere it does nothing.
  const timeout = Math.max(1, Math.ceil(order.deadlineMs));
  const options = { method, headers, timeout, ...(agent && { agent }) };
  const request = secure ? requestSecure(order.url, options) : requestPlain(order.url, options);
  request.on("socket", (socket) => {
    // A new connection through a proxy is open before its handshake has begun.
    const isOpen = secure ? socket instanceof TLSSocket && socket.getFinished() !== undefined : !socket.connecting;
    if (request.reusedSocket || isOpen) markSent(wire);
    else socket.once(secure ? "secureConnect" : "connect", () => markSent(wire));
  });
  return request;
}

function markSent(wire: Wire): void {
  if (wire.phase === "connecting") wire.phase = "sent";
}

function collect(response: IncomingMessage, { order, wire, end, fail }: Collecting): void {
  const chunks: Buffer[] = [];
  let size = 0;
  const status = response.statusCode ?? 0;
  const answer = (): Answered => ({
    kind: "answered",
    status,
    type: (response.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "",
    ...charsetOf(response.headers["content-type"]),
    location: response.headers.location,
    encoding: response.headers["content-encoding"],
    body: Buffer.concat(chunks),
  });
  const isError = status >= 400;
  if (isError) wire.partial = answer;
  const limit = isError ? errorBytes : order.maxBytes;
  const { take } = order;
  const keep = take && !isError ? take : (chunk: Buffer) => void chunks.push(chunk);
  response.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > limit) fail("oversize", "oversize");
    else keep(chunk);
  });
  response.on("error", (error) => fail("connection", codeOf(error)));
  response.on("end", () => (response.complete ? end(answer()) : fail("connection", "ECONNRESET")));
  response.on("close", () => fail("connection", "ECONNRESET"));
}

function charsetOf(contentType = ""): { charset?: string } {
  const charset = /;\s*charset\s*=\s*"?([\w.:-]+)/i.exec(contentType)?.[1];
  return charset === undefined ? {} : { charset };
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error && "code" in error && typeof error.code === "string")) return "failed";
  const { code, message } = error;
  // What a handshake failed of stands only in the message: `…:SSL routines:ssl3_read_bytes:wrong version number:…`.
  const reason = code === "EPROTO" ? /:SSL routines:[^:]*:([^:]+):/.exec(message)?.[1] : undefined;
  if (reason !== undefined) return `ERR_SSL_${reason.toUpperCase().replaceAll(/[^A-Z0-9]+/g, "_")}`;
  const status = code === "ERR_PROXY_TUNNEL" ? /HTTP\/1\.[01] (\d{3})/.exec(message)?.[1] : undefined;
  return status === undefined ? code : `${code}_${status}`;
}
