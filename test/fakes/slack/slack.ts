import { createHmac, randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type FastifyReply, type FastifyRequest, fastify } from "fastify";
import { methods, scopeOf } from "./api.ts";
import { type Failing, type Fault, Faults } from "./faults.ts";
import { type Args, type Context, fieldsOf, textOf } from "./method.ts";
import { SlackPace } from "./pace.ts";
import { Delivery, SlackPerson } from "./person.ts";
import { Sockets } from "./sockets.ts";
import { type Ephemeral, type FakeMessage, SlackRefusal, World } from "./world.ts";

/** Scopes without which Slack delivers nothing, though no call asks for them. */
const hearingScopes = [
  "app_mentions:read",
  "commands",
  "groups:history",
  "groups:read",
  "groups:write",
  "im:history",
  "reactions:read",
];

export interface Call {
  readonly method: string;
  readonly args: Args;
  readonly at: number;
}

export interface FakeSlackOptions {
  /**
   * What is called faster than Slack takes is answered 429, and the end fails. `forgiven`: the end does not, where what calls is
   * killed and cannot know what it called before. `off`: everything is taken, for what measures something else.
   */
  readonly pace?: "held" | "forgiven" | "off";
}

/**
 * A workspace of Slack over HTTP and WebSockets, for the real clients: it enforces what Slack enforces, can be told to
 * fail, and remembers what it saw.
 */
export class FakeSlack {
  readonly world = new World();
  readonly botToken = `xoxb-${randomBytes(8).toString("hex")}`;
  readonly appToken = `xapp-${randomBytes(8).toString("hex")}`;
  readonly signingSecret = randomBytes(16).toString("hex");
  readonly calls: Call[] = [];
  readonly deliveries: Delivery[] = [];
  readonly sockets: Sockets;
  /** Scopes the bot was given; all of them until a test takes one away. */
  readonly scopes = new Set([...Object.values(scopeOf), ...hearingScopes]);
  /** Slack delivers an event again that was not acknowledged for so long. */
  retryAfterMs = 3_000;
  readonly #app = fastify({ logger: false, bodyLimit: 20_000_000 });
  readonly #faults = new Faults();
  readonly #revoked = new Set<string>();
  readonly #pace: SlackPace | undefined;
  /** Calls that were refused because they came faster than Slack takes them. */
  readonly tooFast: string[] = [];
  readonly #forgives: boolean;
  #limited: { readonly method: string; readonly every: number } | undefined;
  #counted = 0;
  eventsUrl: string | undefined;
  #baseUrl = "";

  constructor({ pace = "held" }: FakeSlackOptions = {}) {
    if (pace !== "off") this.#pace = new SlackPace();
    this.#forgives = pace === "forgiven";
    this.sockets = new Sockets(this.world, this.#app.server);
  }

  get apiUrl(): string {
    return `${this.#baseUrl}/api/`;
  }

  async start(): Promise<this> {
    this.#app.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, body, done) =>
      done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    );
    this.#app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
    this.#app.all("/api/:method", (request, reply) => this.#call(request, reply));
    this.#app.post("/upload/:file", (request) => this.#upload(request));
    this.#app.post("/respond/:id", (request) => this.#respond(request));
    this.#baseUrl = await this.#app.listen({ port: 0, host: "127.0.0.1" });
    this.sockets.baseUrl = this.#baseUrl;
    return this;
  }

  /** Throws where it was called faster than it takes, which whoever keeps to the pace never is told. */
  async stop(): Promise<void> {
    this.sockets.stop();
    await this.#app.close();
    if (!this.#forgives && this.tooFast.length > 0)
      throw new Error(`Slack was called faster than it takes: ${this.tooFast.join(", ")}`);
  }

  as(user: string): SlackPerson {
    return new SlackPerson(this, user);
  }

  fail(fault: Fault): Failing {
    return this.#faults.add(fault);
  }

  heal(): void {
    this.#faults.heal();
  }

  /** Every so many calls of a method are answered 429. */
  limitOneIn(method: string, every: number): void {
    this.#limited = { method, every };
  }

  /** When something first stood in a channel, or was shown to somebody there alone; ms. */
  get answeredAt(): ReadonlyMap<string, number> {
    return this.world.answeredAt;
  }

  revoke(token: string): void {
    this.#revoked.add(token);
  }

  /** Events, commands and interactions go to this address, signed, instead of to sockets. */
  httpEventsTo(url: string | undefined): void {
    this.eventsUrl = url;
  }

  messages(channel: string): FakeMessage[] {
    return this.world.messages.filter((message) => message.channel === channel && !message.deleted);
  }

  ephemerals(user: string): Ephemeral[] {
    return this.world.ephemerals.filter((each) => each.user === user);
  }

  responseUrl(user: string, channel: string): string {
    const id = randomBytes(8).toString("hex");
    this.world.responseUrls.set(id, { user, channel, uses: 0 });
    return `${this.#baseUrl}/respond/${id}`;
  }

  /** Hands something to the bot; what is not acknowledged in time comes again, as far as Slack repeats it. */
  deliver(what: { type: "events_api" | "slash_commands" | "interactive"; payload: Record<string, unknown> }): Delivery {
    const delivery = new Delivery(this.world.id("E"), what.type, what.payload);
    this.deliveries.push(delivery);
    void this.send(delivery, 0);
    return delivery;
  }

  async send(delivery: Delivery, attempt: number, reason = "timeout"): Promise<void> {
    const acked =
      this.eventsUrl === undefined
        ? this.#overSocket(delivery, attempt, reason)
        : this.#overHttp(delivery, attempt, reason);
    const timer = new AbortController();
    const late = sleep(this.retryAfterMs, "late" as const, { signal: timer.signal }).catch(() => "late" as const);
    // What the bot declined comes again no sooner than what it left unanswered.
    const payload = await Promise.race([acked.catch(() => late), late]);
    timer.abort();
    if (payload !== "late") return delivery.acknowledge(payload);
    delivery.timedOut();
    if (delivery.type === "events_api" && attempt < 3) await this.send(delivery, attempt + 1);
  }

  async #overSocket(delivery: Delivery, attempt: number, reason: string): Promise<unknown> {
    const envelope = {
      envelope_id: `${delivery.id}-${attempt}-${this.world.next()}`,
      type: delivery.type,
      accepts_response_payload: delivery.type !== "events_api",
      payload: delivery.payload,
      ...(attempt > 0 && { retry_attempt: attempt, retry_reason: reason }),
    };
    const acked = this.sockets.send(envelope);
    return acked ?? new Promise(() => {});
  }

  async #overHttp(delivery: Delivery, attempt: number, reason: string): Promise<unknown> {
    const form = delivery.type !== "events_api";
    const body = !form
      ? JSON.stringify(delivery.payload)
      : new URLSearchParams(
          delivery.type === "slash_commands"
            ? Object.fromEntries(Object.entries(delivery.payload).map(([name, value]) => [name, String(value)]))
            : { payload: JSON.stringify(delivery.payload) },
        ).toString();
    const answer = await fetch(this.eventsUrl ?? "", {
      method: "POST",
      body,
      headers: {
        ...this.sign(body),
        "content-type": form ? "application/x-www-form-urlencoded" : "application/json",
        ...(attempt > 0 && { "x-slack-retry-num": String(attempt), "x-slack-retry-reason": reason }),
      },
    });
    if (!answer.ok) throw new Error(`the bot answered ${answer.status}`);
    const text = await answer.text();
    return text === "" ? {} : JSON.parse(text);
  }

  sign(body: string, atSeconds = Math.floor(Date.now() / 1_000)): Record<string, string> {
    const hash = createHmac("sha256", this.signingSecret).update(`v0:${atSeconds}:${body}`).digest("hex");
    return { "x-slack-request-timestamp": String(atSeconds), "x-slack-signature": `v0=${hash}` };
  }

  async #call(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const method = String(fieldsOf(request.params)["method"]);
    const args = argsOf(request.body);
    this.calls.push({ method, args, at: performance.now() });
    const fault = this.#faults.next(method) ?? this.#limit(method);
    if (fault?.kind === "slow") await sleep(fault.ms);
    if (fault?.kind === "reset-before") return request.raw.socket.destroy();
    if (fault?.kind === "status" && !fault.after) return reply.code(fault.status).send("no");
    if (fault?.kind === "rate-limited")
      return reply.code(429).header("retry-after", String(fault.retryAfter)).send({ ok: false, error: "ratelimited" });
    const wait = fault ? undefined : this.#pace?.take(method, String(args["channel"]), performance.now());
    if (wait !== undefined) {
      this.tooFast.push(method);
      return reply.code(429).header("retry-after", String(wait)).send({ ok: false, error: "ratelimited" });
    }
    if (fault?.kind === "ok-false") return { ok: false, error: fault.error, ...fault.extra };
    const answer = this.#answer(method, args, request.headers.authorization ?? `Bearer ${String(args["token"])}`);
    if (fault?.kind === "reset-after") return request.raw.socket.destroy();
    if (fault?.kind === "status") return reply.code(fault.status).send("no");
    return reply.header("x-oauth-scopes", [...this.scopes].join(",")).send(answer);
  }

  #limit(method: string): Fault | undefined {
    if (this.#limited?.method !== method) return undefined;
    this.#counted += 1;
    return this.#counted % this.#limited.every === 0 ? { kind: "rate-limited", retryAfter: 1 } : undefined;
  }

  #answer(method: string, args: Args, authorization: string): Record<string, unknown> {
    try {
      const token = authorization.replace(/^Bearer /, "");
      const kind = token === this.botToken ? "bot" : token === this.appToken ? "app" : undefined;
      if (!kind) throw new SlackRefusal("invalid_auth");
      if (this.#revoked.has(token)) throw new SlackRefusal("token_revoked");
      const run = methods[method];
      if (!run) throw new SlackRefusal("unknown_method");
      const needed = neededScope(method, args, this.world);
      if (needed !== undefined && !this.scopes.has(needed))
        throw new SlackRefusal("missing_scope", { needed, provided: [...this.scopes].join(",") });
      return { ok: true, ...run(args, this.#context(kind)) };
    } catch (error) {
      if (!(error instanceof SlackRefusal)) throw error;
      return { ok: false, error: error.code, ...error.extra };
    }
  }

  #context(token: "bot" | "app"): Context {
    return {
      world: this.world,
      token,
      baseUrl: this.#baseUrl,
      sockets: this.sockets,
      happened: (event) => this.event(event),
    };
  }

  /** An event of a channel that the bot is in. */
  event(event: Readonly<Record<string, unknown>>): Delivery {
    const payload = {
      token: "unused",
      team_id: this.world.team,
      api_app_id: this.world.appId,
      event,
      type: "event_callback",
      event_id: this.world.id("Ev"),
      event_time: Math.floor(Date.now() / 1_000),
      authorizations: [{ enterprise_id: null, team_id: this.world.team, user_id: this.world.botUser, is_bot: true }],
    };
    return this.deliver({ type: "events_api", payload });
  }

  #upload(request: FastifyRequest): string {
    const file = this.world.files.get(String(fieldsOf(request.params)["file"]));
    if (!file) throw new Error("no such upload");
    file.bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.from(String(request.body));
    return "OK";
  }

  #respond(request: FastifyRequest): Record<string, unknown> {
    const known = this.world.responseUrls.get(String(fieldsOf(request.params)["id"]));
    if (!known || known.uses >= 5) return { ok: false, error: "used_url" };
    known.uses += 1;
    const body = argsOf(request.body);
    const blocks = Array.isArray(body["blocks"]) ? body["blocks"] : [];
    if (body["delete_original"] === true) return { ok: true };
    this.world.noteAnswer(known.channel);
    this.world.ephemerals.push({
      user: known.user,
      channel: known.channel,
      text: textOf(body["text"]),
      blocks,
      via: "response_url",
    });
    return { ok: true };
  }
}

/** What is done to a private channel has scopes of its own. */
function neededScope(method: string, args: Args, world: World): string | undefined {
  const needed = scopeOf[method];
  const isPrivate = args["is_private"] === "true" || world.channels.get(String(args["channel"]))?.isPrivate;
  return isPrivate && needed === "channels:manage" ? "groups:write" : needed;
}

/** Complex values come as JSON inside a form. */
function argsOf(body: unknown): Args {
  const parsed = Buffer.isBuffer(body) ? JSON.parse(body.toString()) : body;
  return Object.fromEntries(
    Object.entries(fieldsOf(parsed)).map(([name, value]) => [name, complex.has(name) ? jsonOr(value) : value]),
  );
}

const complex = new Set(["blocks", "metadata", "view", "files"]);

function jsonOr(value: unknown): unknown {
  return typeof value === "string" ? JSON.parse(value) : value;
}

export async function startFakeSlack(options: FakeSlackOptions = {}): Promise<FakeSlack> {
  return new FakeSlack(options).start();
}
