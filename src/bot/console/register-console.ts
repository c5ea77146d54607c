import { randomBytes } from "node:crypto";
import websocket from "@fastify/websocket";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Courier, RoomKeeper } from "../../domain/messages/message.ts";
import type { Bot } from "../surface.ts";
import { loadAssets } from "./assets.ts";
import { Conversation } from "./conversation.ts";
import { ConsoleCourier } from "./courier.ts";
import { type ConsoleLog, Deliveries } from "./deliveries.ts";
import { fileHeaders } from "./file-answer.ts";
import { admit, carriesToken, securityHeaders, sessionCookie } from "./guard.ts";
import { Hub } from "./hub.ts";
import { MessageStore } from "./message-store.ts";
import { ConsoleRooms } from "./rooms.ts";
import { type ConsoleSetup, closeCodes } from "./wire.ts";

export interface ConsoleOptions {
  readonly bot: Bot;
  /** What is configured now, asked for at each use. */
  readonly current: () => ConsoleSetup;
  /** The SQLite file that keeps what was said, or `:memory:`. */
  readonly storagePath: string;
  readonly log: ConsoleLog;
  /** Wall clock, ms. */
  readonly now?: () => number;
}

export interface Console {
  readonly courier: Courier;
  readonly rooms: RoomKeeper;
  /** The page's address, known once the server listens; holds nothing secret. */
  readonly url: string;
  /** Lets pages go, waits for what is under way and closes the storage. */
  close(): Promise<void>;
  health(): { readonly ok: boolean; readonly detail: string };
}

const largestFrame = 64 * 1024;
const mostSockets = 100;
const settleWithinMs = 5_000;
const bounds = { messagesPerChannel: 3_000, fileBytes: 128 * 1024 * 1024 };

interface Door {
  readonly token: string;
  readonly store: MessageStore;
  readonly hub: Hub;
  readonly converse: (socket: websocket.WebSocket) => void;
}

/**
 * Puts the console on a server: page, live connection and files. The caller binds it to loopback only; the console
 * refuses every request that does not come to a loopback name from its own page.
 */
export async function registerConsole(app: FastifyInstance, options: ConsoleOptions): Promise<Console> {
  const { bot, log, current, now = Date.now } = options;
  const store = new MessageStore(options.storagePath, bounds);
  const hub = new Hub({ store, current });
  const courier = new ConsoleCourier({ store, hub, now });
  const deliveries = new Deliveries({ bot, store, hub, courier, log, now });
  const token = randomBytes(32).toString("base64url");
  const sockets = new Set<websocket.WebSocket>();
  const parts = {
    token,
    bot,
    store,
    hub,
    deliveries,
    current,
    log,
    steady: () => performance.now(),
  };
  const converse = (socket: websocket.WebSocket) => {
    if (sockets.size >= mostSockets) return socket.close(closeCodes.tooMany, "too many pages");
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    return void new Conversation(socket, parts);
  };
  await app.register(async (scope) => {
    await scope.register(websocket, { options: { maxPayload: largestFrame } });
    addRoutes(scope, { token, store, hub, converse });
  });
  const closeOnce = once(async () => {
    for (const socket of sockets) socket.close(closeCodes.leaving, "leaving");
    await within(deliveries.settled(), settleWithinMs);
    store.close();
  });
  return {
    courier,
    rooms: new ConsoleRooms({ store, hub, now }),
    get url() {
      return addressOf(app);
    },
    close: closeOnce,
    health: () => healthOf(store, hub),
  };
}

function addRoutes(scope: FastifyInstance, { token, store, converse }: Door): void {
  const assets = loadAssets();
  scope.addHook("onRequest", async (request, reply) => guard(request, reply));
  for (const [address, asset] of assets) {
    scope.get(address, async (_request, reply) => reply.type(asset.type).send(asset.bytes));
  }
  scope.get("/session", async (_request, reply) => {
    reply.header("set-cookie", `${sessionCookie}=${token}; Path=/; HttpOnly; SameSite=Strict`);
    return { token };
  });
  const needsToken = async (request: FastifyRequest, reply: FastifyReply) => {
    if (carriesToken(request.headers.cookie, token)) return;
    await reply.code(401).send({ error: "Open the console's page first." });
  };
  scope.get("/socket", { websocket: true, preValidation: needsToken }, converse);
  scope.get<{ Params: { id: string } }>("/files/:id", { preValidation: needsToken }, async (request, reply) => {
    const file = store.file(request.params.id);
    if (!file) return reply.code(404).send({ error: "This file is no longer kept." });
    return reply.headers(fileHeaders(file)).send(Buffer.from(file.bytes));
  });
}

async function guard(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const answer = admit({
    method: request.method,
    path: request.url.split("?")[0] ?? "",
    headers: request.headers,
    port: request.socket.localPort ?? 0,
    upgrade: request.ws,
  });
  if (!answer.ok) await reply.code(answer.status).send({ error: answer.why });
  else reply.headers(securityHeaders(request.headers.host ?? ""));
}

function healthOf(store: MessageStore, hub: Hub): { ok: boolean; detail: string } {
  try {
    return { ok: true, detail: `${store.count()} messages kept, ${hub.size} pages open` };
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : "storage failed" };
  }
}

function addressOf(app: FastifyInstance): string {
  const address = app.server.address();
  if (address === null || typeof address === "string") throw new Error("The console's server does not listen yet");
  return `http://127.0.0.1:${address.port}/`;
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= work());
}

async function within(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, limit]);
  clearTimeout(timer);
}
