import type { Server } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import { channelWire, memberWire, userWire } from "./wire.ts";
import { fieldsOf, type World } from "./world.ts";

interface Session {
  readonly id: string;
  ws: WebSocket | undefined;
  seq: number;
  readonly sent: unknown[];
  intents: number;
  /** Takes and answers nothing. */
  halfOpen: boolean;
}

const heartbeatMs = 41_250;
const intents = {
  guilds: 1,
  guildMessages: 512,
  directMessages: 4_096,
  messageContent: 32_768,
  privileged: 32_768 | 256 | 2,
};

/** The gateway: identify, resume, heartbeats and dispatches. */
export class Gateway {
  readonly #world: World;
  readonly #hub = new WebSocketServer({ noServer: true });
  readonly #sessions: Session[] = [];
  readonly #token: string;
  #waiting: (() => void)[] = [];
  identifies = 0;
  resumes = 0;
  /** Privileged intents that the application has not switched on are refused. */
  privilegedAllowed = false;
  /** The token was reset: nobody is let in with it any more. */
  revoked = false;
  /** Takes an identify and does not answer it. */
  silent = false;
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

  /** Tells every session of something; a session that is away is told when it resumes. */
  dispatch(type: string, data: unknown, needs: "guild" | "direct" | "any" = "any"): void {
    for (const session of this.#sessions) {
      const wanted =
        needs === "any" || (session.intents & (needs === "guild" ? intents.guildMessages : intents.directMessages)) > 0;
      if (wanted) this.#send(session, type, data);
    }
  }

  drop(how: "close-4000" | "op7" | "terminate" | "invalid-session" | "half-open"): void {
    for (const session of this.#live()) {
      switch (how) {
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
      const { op, d } = fieldsOf(JSON.parse(Buffer.isBuffer(data) ? data.toString("utf8") : "{}"));
      if (session?.halfOpen) return;
      if (op === 1) ws.send(JSON.stringify({ op: 11 }));
      if (op === 2) session = this.#identify(ws, fieldsOf(d));
      if (op === 6) session = this.#resume(ws, fieldsOf(d));
    });
    ws.on("close", () => {
      if (session?.ws === ws) session.ws = undefined;
    });
    ws.send(JSON.stringify({ op: 10, d: { heartbeat_interval: heartbeatMs } }));
  }

  #identify(ws: WebSocket, asked: Record<string, unknown>): Session | undefined {
    this.identifies += 1;
    const refuse = (code: number, why: string): undefined => {
      ws.close(code, why);
      return undefined;
    };
    if (asked["token"] !== this.#token || this.revoked) return refuse(4_004, "Authentication failed.");
    const wanted = Number(asked["intents"]);
    if (!this.privilegedAllowed && (wanted & intents.privileged) > 0) return refuse(4_014, "Disallowed intent(s).");
    if (this.silent) return undefined;
    const session: Session = { id: this.#world.id(), ws, seq: 0, sent: [], intents: wanted, halfOpen: false };
    this.#sessions.push(session);
    const world = this.#world;
    this.#send(session, "READY", {
      v: 10,
      user: userWire(world.botUser, world),
      guilds: [{ id: world.guild, unavailable: true }],
      session_id: session.id,
      resume_gateway_url: this.url,
      application: { id: world.application, flags: 0 },
    });
    this.#send(session, "GUILD_CREATE", guildWire(world));
    this.#settle();
    return session;
  }

  #resume(ws: WebSocket, asked: Record<string, unknown>): Session | undefined {
    const session = this.#sessions.find((each) => each.id === asked["session_id"]);
    if (!session || session.halfOpen) {
      ws.send(JSON.stringify({ op: 9, d: false }));
      return undefined;
    }
    this.resumes += 1;
    session.ws = ws;
    for (const missed of session.sent.slice(Number(asked["seq"]))) ws.send(JSON.stringify(missed));
    this.#send(session, "RESUMED", {});
    this.#settle();
    return session;
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

function guildWire(world: World): Record<string, unknown> {
  const everyone = {
    id: world.guild,
    name: "@everyone",
    permissions: "2147483647",
    position: 0,
    color: 0,
    hoist: false,
    managed: false,
    mentionable: false,
  };
  const roles = [...world.roles].map(([id, name]) => ({ ...everyone, id, name, permissions: "0", position: 1 }));
  const channels = [...world.channels.values()].filter((channel) => channel.type === 0);
  return {
    id: world.guild,
    name: "Fake",
    owner_id: "1",
    roles: [everyone, ...roles],
    channels: channels.map((channel) => channelWire(channel, world)),
    threads: [...world.channels.values()]
      .filter((channel) => channel.type === 11 && !channel.archived)
      .map((channel) => channelWire(channel, world)),
    members: [memberWire(world.botUser, world)],
    member_count: world.members.size,
    emojis: [],
    stickers: [],
    features: [],
    presences: [],
    voice_states: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
    large: false,
    unavailable: false,
    joined_at: "2026-01-01T00:00:00.000000+00:00",
    preferred_locale: "en-US",
    premium_tier: 0,
    nsfw_level: 0,
    verification_level: 0,
    default_message_notifications: 0,
    explicit_content_filter: 0,
    mfa_level: 0,
    system_channel_flags: 0,
    afk_timeout: 300,
    application_id: null,
    description: null,
    icon: null,
  };
}
