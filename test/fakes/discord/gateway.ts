import type { Server } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import type { About } from "./call.ts";
import { guildWire } from "./guild-wire.ts";
import { mayIdentify, shownTo } from "./intents.ts";
import { memberWire, userWire } from "./wire.ts";
import { fieldsOf, listOf, textOf, type World } from "./world.ts";

interface Session {
  readonly id: string;
  ws: WebSocket | undefined;
  seq: number;
  readonly sent: unknown[];
  readonly intents: number;
  /** Takes and answers nothing. */
  halfOpen: boolean;
}

/** How a session is lost: each is something that clients meet. */
type Drop = "close-4000" | "op7" | "terminate" | "invalid-session" | "half-open";

const closeCodes = {
  unknownOpcode: 4_001,
  decodeError: 4_002,
  notAuthenticated: 4_003,
  authenticationFailed: 4_004,
  alreadyAuthenticated: 4_005,
  invalidSeq: 4_007,
  disallowedIntents: 4_014,
} as const;

/** The gateway: identify, resume, heartbeats and dispatches. */
export class Gateway {
  readonly #world: World;
  readonly #hub = new WebSocketServer({ noServer: true });
  readonly #sessions: Session[] = [];
  readonly #token: string;
  #waiting: (() => void)[] = [];
  identifies = 0;
  resumes = 0;
  heartbeatMs = 41_250;
  /** How many sessions may still be started, of how many, until the count starts anew, ms. */
  sessionStarts = { total: 1_000, remaining: 1_000, resetAfter: 60_000 };
  /** Privileged intents that the application has not switched on are refused. */
  privilegedAllowed = false;
  /** The token was reset: nobody is let in with it any more. */
  revoked = false;
  /** Takes an identify and does not answer it. */
  silent = false;
  /** Connections that want to resume are left without a word. */
  refuseResumes = false;
  baseUrl = "";

  constructor(world: World, server: Server, token: string) {
    this.#world = world;
    this.#token = token;
    server.on("upgrade", (request, socket, head) => {
      if (!(request.url ?? "").startsWith("/gateway")) return void socket.destroy();
      return this.#hub.handleUpgrade(request, socket, head, (ws) => this.#greet(ws));
    });
  }

  get url(): string {
    return `${this.baseUrl.replace("http", "ws")}/gateway`;
  }

  get connections(): number {
    return this.#live().length;
  }

  /** Tells every session of something, as its intents have it; a session that is away is told when it resumes. */
  dispatch(type: string, data: unknown, about: About = { kind: "any" }): void {
    for (const session of this.#sessions) {
      const shown = shownTo(session, data, { about, world: this.#world });
      if (shown !== undefined) this.#send(session, type, shown);
    }
  }

  drop(how: Drop | { readonly how: Drop }): void {
    const kind = typeof how === "string" ? how : how.how;
    for (const session of this.#live()) {
      switch (kind) {
        case "close-4000":
          session.ws?.close(4_000);
          break;
        case "op7":
          session.ws?.send(JSON.stringify({ op: 7, d: null }));
          break;
        case "terminate":
          session.ws?.terminate();
          break;
        case "invalid-session":
          session.ws?.send(JSON.stringify({ op: 9, d: false }));
          this.#sessions.splice(this.#sessions.indexOf(session), 1);
          break;
        case "half-open":
          session.halfOpen = true;
          break;
      }
    }
  }

  /** Closes whatever is open with a code that no client comes back from. */
  refuseForGood(code: 4_004 | 4_014): void {
    for (const session of this.#live()) session.ws?.close(code);
  }

  /** Until somebody has identified or resumed. */
  async connected(): Promise<void> {
    if (this.connections > 0) return;
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  stop(): void {
    for (const ws of this.#hub.clients) ws.terminate();
    this.#hub.close();
  }

  #live(): Session[] {
    return this.#sessions.filter((session) => session.ws?.readyState === 1 && !session.halfOpen);
  }

  #greet(ws: WebSocket): void {
    ws.on("error", () => {});
    let session: Session | undefined;
    ws.on("message", (data) => {
      // What comes over a connection that is half open is lost on the way.
      if (session?.halfOpen && session.ws === ws) return;
      const packet = packetOf(Buffer.isBuffer(data) ? data.toString("utf8") : "");
      if (!packet) return ws.close(closeCodes.decodeError, "Error while decoding payload.");
      session = this.#take(ws, packet, session);
    });
    ws.on("close", () => {
      if (session?.ws === ws) session.ws = undefined;
    });
    ws.send(JSON.stringify({ op: 10, d: { heartbeat_interval: this.heartbeatMs } }));
  }

  #take(ws: WebSocket, { op, d }: Packet, session: Session | undefined): Session | undefined {
    switch (op) {
      case 1:
        ws.send(JSON.stringify({ op: 11 }));
        return session;
      case 2:
        if (!session) return this.#identify(ws, d);
        ws.close(closeCodes.alreadyAuthenticated, "Already authenticated.");
        return session;
      case 6:
        return this.#resume(ws, d);
      case 3:
      case 8:
        if (!session) ws.close(closeCodes.notAuthenticated, "Not authenticated.");
        else if (op === 8) this.#tellMembers(session, d);
        return session;
      default:
        ws.close(closeCodes.unknownOpcode, "Unknown opcode.");
        return session;
    }
  }

  #identify(ws: WebSocket, asked: Record<string, unknown>): Session | undefined {
    this.identifies += 1;
    const refuse = (code: number, why: string): undefined => {
      ws.close(code, why);
      return undefined;
    };
    const world = this.#world;
    if (asked["token"] !== this.#token || this.revoked)
      return refuse(closeCodes.authenticationFailed, "Authentication failed.");
    const intents = Number(asked["intents"]);
    const { messageContent, guildMembers } = world;
    const on = { all: this.privilegedAllowed, messageContent, guildMembers };
    if (!mayIdentify(intents, on)) return refuse(closeCodes.disallowedIntents, "Disallowed intent(s).");
    if (this.silent) return undefined;
    this.sessionStarts.remaining = Math.max(0, this.sessionStarts.remaining - 1);
    const session: Session = { id: world.id(), ws, seq: 0, sent: [], intents, halfOpen: false };
    this.#sessions.push(session);
    this.#send(session, "READY", {
      v: 10,
      user: userWire(world.botUser, world),
      guilds: [{ id: world.guild, unavailable: true }],
      session_id: session.id,
      resume_gateway_url: this.url,
      application: { id: world.application, flags: 0 },
    });
    const guild = shownTo(session, guildWire(world), { about: { kind: "guild" }, world });
    if (guild !== undefined) this.#send(session, "GUILD_CREATE", guild);
    this.#settle();
    return session;
  }

  #resume(ws: WebSocket, asked: Record<string, unknown>): Session | undefined {
    if (asked["token"] !== this.#token || this.revoked) {
      ws.close(closeCodes.authenticationFailed, "Authentication failed.");
      return undefined;
    }
    if (this.refuseResumes) return undefined;
    const session = this.#sessions.find((each) => each.id === asked["session_id"]);
    const seq = Number(asked["seq"]);
    if (!session) {
      ws.send(JSON.stringify({ op: 9, d: false }));
      return undefined;
    }
    if (!(seq >= 0 && seq <= session.seq)) {
      ws.close(closeCodes.invalidSeq, "Invalid seq.");
      return undefined;
    }
    this.resumes += 1;
    session.ws = ws;
    session.halfOpen = false;
    for (const missed of session.sent.slice(seq)) ws.send(JSON.stringify(missed));
    this.#send(session, "RESUMED", {});
    this.#settle();
    return session;
  }

  /** Members by id; by name, everybody. */
  #tellMembers(session: Session, asked: Record<string, unknown>): void {
    const world = this.#world;
    const ids = [asked["user_ids"] ?? []].flat().map(textOf);
    const found = [...world.members.keys()].filter((id) => ids.length === 0 || ids.includes(id));
    this.#send(session, "GUILD_MEMBERS_CHUNK", {
      guild_id: world.guild,
      members: found.map((id) => memberWire(id, world)),
      not_found: ids.filter((id) => !found.includes(id)),
      chunk_index: 0,
      chunk_count: 1,
      nonce: asked["nonce"],
      presences: listOf(undefined),
    });
  }

  #settle(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting = [];
  }

  #send(session: Session, t: string, d: unknown): void {
    session.seq += 1;
    const frame = { op: 0, t, s: session.seq, d };
    session.sent.push(frame);
    if (!session.halfOpen) session.ws?.send(JSON.stringify(frame));
  }
}

interface Packet {
  readonly op: unknown;
  readonly d: Record<string, unknown>;
}

function packetOf(text: string): Packet | undefined {
  try {
    const { op, d } = fieldsOf(JSON.parse(text));
    return { op, d: fieldsOf(d) };
  } catch {
    return undefined;
  }
}
