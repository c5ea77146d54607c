import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type FastifyReply, type FastifyRequest, fastify } from "fastify";
import { type Failing, type Fault, Faults } from "./faults.ts";
import { Gateway } from "./gateway.ts";
import { DiscordPerson } from "./person.ts";
import { answer, type Call } from "./routes.ts";
import { DiscordRefusal, type FakeMessage, fieldsOf, World } from "./world.ts";

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
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
  sessionStartsLeft = 1_000;
  readonly #app = fastify({ logger: false, bodyLimit: 60_000_000 });
  readonly #faults = new Faults();
  #revoked = false;
  #limited: { readonly route: RegExp; readonly every: number } | undefined;
  #counted = 0;
  #baseUrl = "";

  constructor() {
    this.gateway = new Gateway(this.world, this.#app.server, this.token);
  }

  get apiUrl(): string {
    return `${this.#baseUrl}/api`;
  }

  async start(): Promise<this> {
    this.#app.removeAllContentTypeParsers();
    this.#app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
    this.#app.all("/api/v10/*", (request, reply) => this.#call(request, reply));
    this.#baseUrl = await this.#app.listen({ port: 0, host: "127.0.0.1" });
    this.gateway.baseUrl = this.#baseUrl;
    return this;
  }

  async stop(): Promise<void> {
    this.gateway.stop();
    this.#app.server.closeAllConnections();
    await this.#app.close();
  }

  as(user: string): DiscordPerson {
    return new DiscordPerson(this, user);
  }

  fail(fault: Fault): Failing {
    return this.#faults.add(fault);
  }

  /** Every so many posts to a route are answered 429. */
  limitOneIn(route: RegExp, every: number): void {
    this.#limited = { route, every };
  }

  heal(): void {
    this.#faults.heal();
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

  async #call(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const path = decodeURIComponent(new URL(request.url, "http://x").pathname.replace(/^\/api\/v10/, ""));
    const fault = this.#faults.next(request.method, path) ?? this.#limit(request.method, path);
    if (fault?.kind === "slow") await sleep(fault.ms);
    if (fault?.kind === "reset-before") return request.raw.socket.destroy();
    if (fault?.kind === "status") return reply.code(fault.status).send({ message: "no", code: 0 });
    if (fault?.kind === "json-error")
      return reply.code(fault.status).send({ message: fault.message, code: fault.code });
    if (fault?.kind === "rate-limited") {
      const { retryAfter, global = false } = fault;
      void reply.header("retry-after", String(retryAfter)).header("x-ratelimit-scope", global ? "global" : "user");
      if (global) void reply.header("x-ratelimit-global", "true");
      return reply.code(429).send({ message: "You are being rate limited.", retry_after: retryAfter, global });
    }
    const { body, files } = await bodyOf(request);
    this.calls.push({ method: request.method, path, body });
    const result = this.#answer(request, path, { body, files });
    if (fault?.kind === "reset-after") return request.raw.socket.destroy();
    return reply.code(result.status).send(result.body);
  }

  #limit(method: string, path: string): Fault | undefined {
    if (method !== "POST" || !this.#limited?.route.test(path)) return undefined;
    this.#counted += 1;
    return this.#counted % this.#limited.every === 0 ? { kind: "rate-limited", retryAfter: 1 } : undefined;
  }

  #answer(
    request: FastifyRequest,
    path: string,
    given: Pick<Call, "body" | "files">,
  ): { readonly status: number; readonly body?: unknown } {
    const open = /^\/(?:interactions|webhooks)\//.test(path);
    if (!open && (request.headers.authorization !== `Bot ${this.token}` || this.#revoked))
      return { status: 401, body: { message: "401: Unauthorized", code: 0 } };
    try {
      return answer(request.method, path, {
        ...given,
        world: this.world,
        query: {},
        gatewayUrl: this.gateway.url,
        sessionStartsLeft: this.sessionStartsLeft,
        tell: (type, data, needs) => this.gateway.dispatch(type, data, needs),
      });
    } catch (error) {
      if (!(error instanceof DiscordRefusal)) throw error;
      return { status: error.status, body: { code: error.code, message: error.message } };
    }
  }
}

async function bodyOf(request: FastifyRequest): Promise<Pick<Call, "body" | "files">> {
  const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const type = request.headers["content-type"] ?? "";
  if (!type.startsWith("multipart/"))
    return { body: fieldsOfJson(raw.length > 0 ? JSON.parse(raw.toString("utf8")) : {}), files: [] };
  const form = await new Response(new Uint8Array(raw), { headers: { "content-type": type } }).formData();
  const files: { name: string; bytes: Uint8Array }[] = [];
  for (const [name, value] of form)
    if (name.startsWith("files[") && typeof value !== "string")
      files.push({ name: value.name, bytes: await value.bytes() });
  const payload = form.get("payload_json");
  return { body: fieldsOfJson(typeof payload === "string" ? JSON.parse(payload) : {}), files };
}

function fieldsOfJson(value: unknown): Record<string, unknown> {
  return Array.isArray(value) ? { list: value } : fieldsOf(value);
}

export async function startFakeDiscord(): Promise<FakeDiscord> {
  return new FakeDiscord().start();
}
