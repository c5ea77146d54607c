import { createServer, type IncomingMessage } from "node:http";
import { createServer as createSecureServer, type ServerOptions } from "node:https";
import { connect, type Server } from "node:net";
import type { Duplex } from "node:stream";
import { onTestFinished } from "vitest";

export interface SecureTarget {
  readonly port: number;
  /** Calls whose head was read. */
  readonly calls: () => number;
}

/** A service that speaks TLS on a free loopback port, for the length of a test. */
export async function openSecureTarget(options: ServerOptions, isCutting = false): Promise<SecureTarget> {
  let calls = 0;
  const server = createSecureServer(options, (request, response) => {
    calls += 1;
    if (isCutting) return void request.socket.destroy();
    response.writeHead(200, { "content-type": "application/json" }).end('{"status":"ok"}');
  });
  // As OpenSSL does: the alert goes out, and then the connection ends.
  server.on("tlsClientError", () => undefined);
  return { port: await listening(server), calls: () => calls };
}

export type Connecting = (request: IncomingMessage, socket: Duplex) => void;

export interface Proxy {
  readonly port: number;
  /** What each tunnel was asked for with. */
  readonly asked: readonly { readonly to: string; readonly authorization: string | undefined }[];
  /** Connections that are open now. */
  readonly open: () => number;
  /** When none is open any more. */
  readonly idle: () => Promise<void>;
}

/** A proxy that takes CONNECT, and answers it like this; it lets every tunnel through when left out. */
export async function openProxy(connecting: Connecting = tunnel): Promise<Proxy> {
  const asked: { to: string; authorization: string | undefined }[] = [];
  const sockets = new Set<Duplex>();
  const waiting: (() => void)[] = [];
  const server = createServer((_request, response) => response.writeHead(407).end());
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket
      .on("error", () => undefined)
      .on("close", () => {
        sockets.delete(socket);
        if (sockets.size === 0) for (const resolve of waiting.splice(0)) resolve();
      });
  });
  server.on("connect", (request, socket) => {
    asked.push({ to: request.url ?? "", authorization: request.headers["proxy-authorization"] });
    connecting(request, socket);
  });
  const port = await listening(server, sockets);
  const idle = (): Promise<void> =>
    sockets.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve));
  return { port, asked, open: () => sockets.size, idle };
}

function tunnel(request: IncomingMessage, socket: Duplex): void {
  const { hostname, port } = new URL(`http://${request.url}`);
  const target = connect(Number(port), hostname, () => {
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    target.pipe(socket).pipe(target);
  });
  target.on("error", () => socket.destroy()).on("close", () => socket.destroy());
  socket.on("close", () => target.destroy());
}

/** Takes a CONNECT and never answers it. */
export const hanging: Connecting = (_request, socket) => void socket.resume().on("end", () => socket.end());

/** What answers a CONNECT with a status and no tunnel. */
export function refusing(status: string): Connecting {
  return (_request, socket) => void socket.end(`HTTP/1.1 ${status}\r\ncontent-length: 0\r\n\r\n`);
}

async function listening(server: Server, also: Iterable<Duplex> = []): Promise<number> {
  const sockets = new Set<Duplex>();
  server.on("connection", (socket) => void sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of [...sockets, ...also]) socket.destroy();
    await closed;
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}
