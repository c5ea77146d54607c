import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type FastifyReply, type FastifyRequest, fastify } from "fastify";
import { Buckets } from "./buckets.ts";
import type { Answer, Call } from "./call.ts";
import { type Failing, type Fault, Faults } from "./faults.ts";
import { Gateway } from "./gateway.ts";
import { DiscordPerson } from "./person.ts";
import { DiscordRefusal } from "./refusal.ts";
import { bodyOf } from "./request-body.ts";
import { answer } from "./routes.ts";
import { channelWire, roleWire } from "./wire.ts";
import { type Channel, type FakeMessage, World } from "./world.ts";

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Names of the files that came with it. */
  readonly files: readonly string[];
  /** What it was answered with; 0 until then. */
  status: number;
}

export interface FakeDiscordOptions {
  /**
   * Rate limits are in force, and the end fails where a call came too fast although Discord had told that the bucket was empty.
   * `forgiven`: the end does not, where what calls is killed and cannot know what it called before. `off`: everything is taken, for what
   * measures something else.
   */
  readonly pace?: "held" | "forgiven" | "off";
  /** Privileged intents that the application has switched on. */
  readonly messageContent?: boolean;
  /** How often a message older than an hour may still be edited. */
  readonly oldEdits?: number;
}

/**
 * A server of Discord over HTTP and a gateway, for the real client: it enforces what Discord enforces, can be told to
 * fail, and remembers what it saw.
 */
export class FakeDiscord {
  readonly world = new World();
  readonly token =
    `${randomBytes(12).toString("base64url")}.${randomBytes(4).toString("base64url")}.${randomBytes(20).toString("base64url")}`;
  readonly calls: Seen[] = [];
  readonly gateway: Gateway;
  readonly #app = fastify({ logger: false, bodyLimit: 120_000_000 });
  readonly #faults = new Faults();
  readonly #buckets: Buckets | undefined;
  readonly #stopping = Promise.withResolvers<void>();
  readonly #forgives: boolean;
  /** Calls that were refused as too fast, although what was answered before said that they would be. */
  readonly tooFast: string[] = [];
  #revoked = false;
  #limited: { readonly route: RegExp; readonly every: number } | undefined;
  #counted = 0;
  #baseUrl = "";

  constructor({ pace = "held", messageContent = false, oldEdits = 0 }: FakeDiscordOptions) {
    this.gateway = new Gateway(this.world, this.#app.server, this.token);
    this.world.messageContent = messageContent;
    this.world.oldEdits = oldEdits;
    if (pace !== "off") this.#buckets = new Buckets();
    this.#forgives = pace === "forgiven";
    this.world.watcher = {
      channel: (channel) => this.#tellOfChannel(channel),
      role: (id) => {
        const role = { guild_id: this.world.guild, role: roleWire(id, this.world) };
        this.gateway.dispatch("GUILD_ROLE_CREATE", role, { kind: "guild" });
      },
    };
  }

  /** Without a slash at its end, as the client takes it. */
  get apiUrl(): string {
    return `${this.#baseUrl}/api`;
  }

  get guildId(): string {
    return this.world.guild;
  }

  get botUserId(): string {
    return this.world.botUser;
  }

  async start(): Promise<this> {
    this.#app.removeAllContentTypeParsers();
    this.#app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
    this.#app.all("/api/v10/*", (request, reply) => this.#call(request, reply));
    this.#baseUrl = await this.#app.listen({ port: 0, host: "127.0.0.1" });
    this.gateway.baseUrl = this.#baseUrl;
    return this;
  }

  /** Throws where it was called too fast, which whoever keeps to what it tells never is told. */
  async stop(): Promise<void> {
    this.#stopping.resolve();
    this.gateway.stop();
    this.#app.server.closeAllConnections();
    await this.#app.close();
    if (!this.#forgives && this.tooFast.length > 0)
      throw new Error(`Discord was called faster than it had told that it takes: ${this.tooFast.join(", ")}`);
  }

  as(user: string): DiscordPerson {
    return new DiscordPerson(this, user);
  }

  addUser(user: Parameters<World["addUser"]>[0]): string {
    return this.world.addUser(user);
  }

  addRole({ name, ...how }: { id?: string; name: string; mentionable?: boolean }): string {
    return this.world.addRole(name, how);
  }

  removeMember(user: string): void {
    this.world.members.delete(user);
  }

  /** A channel or a thread. `bot: false`: the bot may not even see it. */
  addChannel(channel: {
    id?: string;
    name: string;
    kind?: "text" | "thread";
    bot?: boolean;
    permissions?: bigint;
    parent?: string;
    archived?: boolean;
    locked?: boolean;
  }): string {
    const { kind = "text", bot = true, ...rest } = channel;
    return this.world.addChannel({ ...rest, type: kind === "thread" ? 11 : 0, ...(!bot && { permissions: 0n }) });
  }

  fail(fault: Fault): Failing {
    return this.#faults.add(fault);
  }

  /** Every so many posts to a route are answered 429. */
  limitOneIn(route: RegExp, every: number): void {
    this.#limited = { route, every };
  }

  /** The token was reset. */
  revoke(): void {
    this.#revoked = true;
    this.gateway.revoked = true;
    this.gateway.refuseForGood(4_004);
  }

  /** What everybody in a channel sees. */
  messages(channel: string): FakeMessage[] {
    return this.world.messages.filter(
      (each) => each.channel === channel && !each.deleted && each.ephemeralFor === undefined && !each.thinking,
    );
  }

  /** What one person sees alone. */
  ephemerals(user: string): FakeMessage[] {
    return this.world.messages.filter((each) => each.ephemeralFor === user && !each.deleted && !each.thinking);
  }

  #tellOfChannel(channel: Channel): void {
    if (channel.type === 1) return;
    const type = channel.type >= 11 ? "THREAD_CREATE" : "CHANNEL_CREATE";
    this.gateway.dispatch(type, channelWire(channel, this.world), { kind: "guild" });
  }

  async #call(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const { pathname, searchParams: query } = new URL(request.url, "http://x");
    const path = decodeURIComponent(pathname.replace(/^\/api\/v10/, ""));
    const fault = this.#faults.next(request.method, path) ?? this.#limit(request.method, path);
    if (fault?.kind === "slow") await sleep(fault.ms);
    if (fault?.kind === "reset-before") return request.raw.socket.destroy();
    const hang = () => this.#stopping.promise.then(() => request.raw.socket.destroy());
    if (fault?.kind === "hang" && !fault.after) return hang();
    const failed = fault && answerOfFault(fault, reply);
    const after = fault?.kind === "status" && fault.after;
    if (failed && !after) return reply.code(failed.status).send(failed.body);
    const { body, files } = await bodyOf(request);
    const seen: Seen = { method: request.method, path, body, files: files.map((file) => file.name), status: 0 };
    this.calls.push(seen);
    const result = this.#allowed(request, path, reply) ?? this.#answer(request.method, path, { body, files, query });
    seen.status = result.status;
    if (fault?.kind === "hang") return hang();
    if (fault?.kind === "reset-after") return request.raw.socket.destroy();
    if (failed) return reply.code(failed.status).send(failed.body);
    return reply.code(result.status).send(result.body);
  }

  #limit(method: string, path: string): Fault | undefined {
    if (method !== "POST" || !this.#limited?.route.test(path)) return undefined;
    this.#counted += 1;
    return this.#counted % this.#limited.every === 0 ? { kind: "rate-limited", retryAfter: 1 } : undefined;
  }

  /** Passes with undefined; otherwise the refusal. */
  #allowed(request: FastifyRequest, path: string, reply: FastifyReply): Answer | undefined {
    const open = /^\/(?:interactions|webhooks)\//.test(path);
    if (!open && (request.headers.authorization !== `Bot ${this.token}` || this.#revoked))
      return { status: 401, body: { message: "401: Unauthorized", code: 0 } };
    const taken = this.#buckets?.take(request.method, path, performance.now());
    void reply.headers(taken?.headers ?? {});
    if (taken?.refused?.wasTold) this.tooFast.push(`${request.method} ${path}`);
    return taken?.refused && tooFastAnswer(taken.refused);
  }

  #answer(method: string, path: string, given: Pick<Call, "body" | "files" | "query">): Answer {
    try {
      return answer(method, path, {
        ...given,
        world: this.world,
        gatewayUrl: this.gateway.url,
        sessionStarts: this.gateway.sessionStarts,
        tell: (type, data, about) => this.gateway.dispatch(type, data, about),
      });
    } catch (error) {
      if (!(error instanceof DiscordRefusal)) throw error;
      const { status, code, message, errors } = error;
      return { status, body: { message, code, ...(errors && { errors }) } };
    }
  }
}

function tooFastAnswer({ retryAfter, global }: { readonly retryAfter: number; readonly global: boolean }): Answer {
  return { status: 429, body: { message: "You are being rate limited.", retry_after: retryAfter, global } };
}

/** What a fault answers in Discord's place; undefined when Discord answers after all. */
function answerOfFault(fault: Fault, reply: FastifyReply): Answer | undefined {
  switch (fault.kind) {
    case "status":
      return { status: fault.status, body: { message: "no", code: 0 } };
    case "json-error":
      return { status: fault.status, body: { message: fault.message, code: fault.code } };
    case "rate-limited": {
      const { retryAfter, global = false } = fault;
      void reply.headers({ "retry-after": String(retryAfter), "x-ratelimit-scope": global ? "global" : "user" });
      if (global) void reply.header("x-ratelimit-global", "true");
      return tooFastAnswer({ retryAfter, global });
    }
    case "reset-before":
    case "reset-after":
    case "slow":
    case "hang":
      return undefined;
  }
}

/** Starts one on a free port of the loopback interface. */
export async function startFakeDiscord(options: FakeDiscordOptions = {}): Promise<FakeDiscord> {
  return new FakeDiscord(options).start();
}
