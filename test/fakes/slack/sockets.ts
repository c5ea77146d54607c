import type { Server } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import { fieldsOf } from "./method.ts";
import { SlackRefusal, type World } from "./world.ts";

interface Socket {
  readonly ws: WebSocket;
  /** Takes envelopes and answers nothing, as a connection that was cut without a word. */
  halfOpen: boolean;
}

/** Slack allows so many sockets an app. */
const mostSockets = 10;

/** The sockets of an app: each envelope goes to exactly one of them. */
export class Sockets {
  readonly #world: World;
  readonly #server: Server;
  readonly #hub = new WebSocketServer({ noServer: true });
  readonly #open: Socket[] = [];
  readonly #waiting = new Map<string, (payload: unknown) => void>();
  readonly #tickets = new Set<string>();
  #turn = 0;
  /** How many sockets ever said hello. */
  opened = 0;
  /** What hello says in place of the true number. */
  connectionsToSay: number | undefined;
  baseUrl = "";

  constructor(world: World, server: Server) {
    this.#world = world;
    this.#server = server;
    server.on("upgrade", (request, socket, head) => {
      const ticket = new URL(request.url ?? "/", "http://x").searchParams.get("ticket") ?? "";
      if (!this.#tickets.delete(ticket)) return void socket.destroy();
      return this.#hub.handleUpgrade(request, socket, head, (ws) => this.#greet(ws));
    });
  }

  get count(): number {
    return this.#open.filter((socket) => !socket.halfOpen).length;
  }

  /** The address of a new socket. */
  open(): string {
    if (this.#open.length >= mostSockets) throw new SlackRefusal("too_many_websockets");
    const ticket = this.#world.id("ticket");
    this.#tickets.add(ticket);
    return `${this.baseUrl.replace("http", "ws")}/link/?ticket=${ticket}&app_id=${this.#world.appId}`;
  }

  /** Sends an envelope; answers its acknowledgement. Undefined when no socket is open. */
  send(envelope: Readonly<Record<string, unknown>> & { readonly envelope_id: string }): Promise<unknown> | undefined {
    if (this.#open.length === 0) return undefined;
    this.#turn += 1;
    const socket = this.#open[this.#turn % this.#open.length];
    const acked = new Promise<unknown>((resolve) => this.#waiting.set(envelope.envelope_id, resolve));
    if (!socket?.halfOpen) socket?.ws.send(JSON.stringify(envelope));
    return acked;
  }

  /** Loses one socket. `half-open` neither closes nor answers: pings die in it too. */
  lose(how: "frame" | "terminate" | "close" | "half-open"): void {
    const socket = this.#open.find((each) => !each.halfOpen);
    if (!socket) throw new Error("no socket is open");
    this.#lose(socket, how);
  }

  loseAll(how: "terminate" | "close" | "half-open"): void {
    for (const socket of this.#open.filter((each) => !each.halfOpen)) this.#lose(socket, how);
  }

  #lose(socket: Socket, how: "frame" | "terminate" | "close" | "half-open"): void {
    switch (how) {
      case "frame":
        return socket.ws.send(JSON.stringify({ type: "disconnect", reason: "refresh_requested", debug_info: {} }));
      case "terminate":
        return socket.ws.terminate();
      case "close":
        return socket.ws.close(1000);
      case "half-open":
        socket.halfOpen = true;
        socket.ws.pause();
    }
  }

  stop(): void {
    for (const { ws } of this.#open) ws.terminate();
    this.#hub.close();
    this.#server.closeAllConnections();
  }

  #greet(ws: WebSocket): void {
    const socket: Socket = { ws, halfOpen: false };
    this.#open.push(socket);
    this.opened += 1;
    ws.on("message", (data) => this.#hear(Buffer.isBuffer(data) ? data.toString("utf8") : "{}"));
    ws.on("error", () => {});
    ws.on("close", () => void this.#open.splice(this.#open.indexOf(socket), 1));
    ws.send(
      JSON.stringify({
        type: "hello",
        num_connections: this.connectionsToSay ?? this.#open.length,
        debug_info: { host: "fake", approximate_connection_time: 18_060 },
        connection_info: { app_id: this.#world.appId },
      }),
    );
  }

  #hear(text: string): void {
    const { envelope_id: id, payload } = fieldsOf(JSON.parse(text));
    this.#waiting.get(String(id))?.(payload);
    this.#waiting.delete(String(id));
  }
}
