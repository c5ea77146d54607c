import { Agent as SecureAgent } from "node:https";
import { gunzipSync } from "node:zlib";
import { BackendError } from "../../domain/failure.ts";
import type { Log } from "../../domain/log.ts";
import type { Meter } from "../../domain/meter.ts";
import type { Json } from "../../domain/store.ts";
import { parseExactly, writeExactly } from "../../domain/systems/exact.ts";
import { type Answered, exchange, type Failure, type Method } from "../../http/exchange.ts";
import { Agent } from "../../http/node-http.ts";
import { showAddress } from "./address.ts";
import { connectionOf, type Endpoint } from "./endpoint.ts";
import { failureOf, problem, refusalOf, type ToldCall } from "./http-fault.ts";
import { outgoing, ownAgent, type SentCall } from "./outgoing.ts";
import { createSecrets, MissingSecret, type Secrets } from "./secrets.ts";

export interface Call {
  /** Whose time and failures these are on `/metrics`: a system's id or a host. */
  readonly backend: string;
  readonly url: Endpoint;
  /** GET when left out. Anything else is taken to change something: it is sent once and never again. */
  readonly method?: Method;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: Json;
  /** For the connection, the headers and the whole body together. */
  readonly deadlineMs: number;
  /** A larger answer is a failure. 2 MiB when left out. */
  readonly maxBytes?: number;
  /** Error statuses that are answers to this call, and so returned and not thrown. */
  readonly answers?: readonly number[];
}

export interface HttpAnswer<Body> {
  readonly status: number;
  readonly type: string;
  readonly body: Body;
  /** ms since 1970 when the answer was complete. */
  readonly at: number;
  readonly latencyMs: number;
}

/** The one way out of this process to an operated system. Every method throws BackendError and nothing else. */
export interface Http {
  /** A 2xx answer, or one of `answers`, whatever its body. */
  send(call: Call): Promise<HttpAnswer<Answered>>;
  /** A 2xx answer whose body is JSON. */
  json(call: Call): Promise<HttpAnswer<unknown>>;
  /** A 2xx answer whose body is text and not a web page. */
  text(call: Call): Promise<HttpAnswer<string>>;
  /** Ends the connections kept open. */
  close(): void;
}

export interface HttpOptions {
  readonly log?: Log;
  readonly meter?: Meter;
  /** Where credentials are found; none are there when left out. */
  readonly secrets?: Secrets;
}

const defaultMaxBytes = 2 * 1_024 * 1_024;
/** As much as the longest answer that anybody reads. */
const maxUnpackedBytes = 8 * 1_024 * 1_024;
const maxRedirects = 3;
const keptIdle = 4;

/** Connections are kept for reads only: on a kept one a change could not tell "never sent" from "lost". */
interface Agents {
  readonly secrets: Secrets;
  readonly kept: { readonly plain: Agent; readonly secure: SecureAgent };
  readonly fresh: { readonly plain: Agent; readonly secure: SecureAgent };
}

/** The one outgoing call, with connections that are kept; `close` ends them. */
export function createHttp(options: HttpOptions = {}): Http {
  const keep = { keepAlive: true, maxFreeSockets: keptIdle };
  const agents: Agents = {
    secrets: options.secrets ?? createSecrets(() => undefined),
    kept: { plain: new Agent(keep), secure: new SecureAgent(keep) },
    fresh: { plain: new Agent({ keepAlive: false }), secure: new SecureAgent({ keepAlive: false }) },
  };
  const send = (call: Call): Promise<HttpAnswer<Answered>> => measured(options, call, () => converse(agents, call));
  return {
    send,
    json: (call) =>
      measured(options, call, async () => withBody(await converse(agents, call), (answer) => bodyJson(call, answer))),
    text: (call) =>
      measured(options, call, async () => withBody(await converse(agents, call), (answer) => bodyText(call, answer))),
    close() {
      for (const agent of [agents.kept.plain, agents.kept.secure, agents.fresh.plain, agents.fresh.secure])
        agent.destroy();
    },
  };
}

async function measured<Body>(
  { log, meter }: HttpOptions,
  call: Call,
  work: () => Promise<HttpAnswer<Body>>,
): Promise<HttpAnswer<Body>> {
  const started = performance.now();
  let outcome = "ok";
  try {
    return await work();
  } catch (error) {
    outcome = error instanceof BackendError ? error.fault : "broken";
    log?.debug("a call to a backend failed", { backend: call.backend, target: showAddress(call.url), fault: outcome });
    throw error;
  } finally {
    meter?.count("wardroom_http_calls_total", { backend: call.backend, outcome });
    meter?.observe("wardroom_http_seconds", (performance.now() - started) / 1_000, { backend: call.backend });
  }
}

/** One call with what a read may do besides: be tried twice, and follow the same host to another path. */
async function converse(agents: Agents, call: Call): Promise<HttpAnswer<Answered>> {
  const started = performance.now();
  const deadlineMs = Math.min(call.deadlineMs, connectionOf(call.url).timeoutMs ?? call.deadlineMs);
  const asked = { url: call.url, method: call.method ?? ("GET" as const), deadlineMs };
  const sent = await prepared(agents, call, asked);
  let url = parseUrl(sent.url);
  for (let redirects = 0; ; redirects += 1) {
    if (!url) throw problem(asked, "unreachable", { said: "could not be sent: the address is not a URL" });
    const result = await attempt(agents, call, { url, sent, leftMs: deadlineMs - (performance.now() - started) });
    const latencyMs = performance.now() - started;
    if (result.kind === "failed") throw failureOf(asked, result, latencyMs);
    const next = redirectOf(url, result);
    if (asked.method !== "GET" || next === undefined) {
      const refusal = call.answers?.includes(result.status) ? undefined : refusalOf(asked, result);
      if (refusal) throw refusal;
      return { status: result.status, type: result.type, body: result, at: Date.now(), latencyMs };
    }
    if (next.origin !== url.origin)
      throw problem(asked, "nonsense", { said: sentOn(url, next), status: result.status });
    if (redirects >= maxRedirects)
      throw problem(asked, "nonsense", { said: "was sent on in circles", status: result.status });
    next.username = url.username;
    next.password = url.password;
    url = next;
  }
}

/** What is missing is told before anything is sent. */
async function prepared({ secrets }: Agents, call: Call, asked: ToldCall): Promise<SentCall> {
  try {
    return await outgoing(secrets, call.url, call.json);
  } catch (error) {
    if (!(error instanceof MissingSecret)) throw error;
    throw problem(asked, "unreachable", { said: `could not be sent: ${error.message}` });
  }
}

async function attempt(
  agents: Agents,
  call: Call,
  target: { readonly url: URL; readonly sent: SentCall; readonly leftMs: number },
): Promise<Answered | Failure> {
  const method = call.method ?? "GET";
  const started = performance.now();
  const order = {
    url: target.url,
    method,
    headers: {
      accept: "application/json, text/plain, */*",
      "accept-encoding": "identity",
      "user-agent": "wardroom",
      ...(call.json !== undefined && { "content-type": "application/json" }),
      ...call.headers,
      ...target.sent.headers,
    },
    body: target.sent.json === undefined ? undefined : writeExactly(target.sent.json),
    maxBytes: call.maxBytes ?? defaultMaxBytes,
  };
  const pick = (pair: Agents["kept"]): Agent => (target.url.protocol === "https:" ? pair.secure : pair.plain);
  const { tls } = target.sent;
  if (tls) return exchange({ ...order, deadlineMs: target.leftMs, agent: ownAgent(target.url, tls) });
  if (method !== "GET") return exchange({ ...order, deadlineMs: target.leftMs, agent: pick(agents.fresh) });
  const first = await exchange({ ...order, deadlineMs: target.leftMs, agent: pick(agents.kept) });
  const mayRepeat = first.kind === "failed" && first.cause === "connection" && first.phase !== "answering";
  const leftMs = target.leftMs - (performance.now() - started);
  if (!mayRepeat || leftMs <= 0) return first;
  // A kept connection that the target had just closed looks like a broken target; a fresh one tells them apart.
  return exchange({ ...order, deadlineMs: leftMs, agent: pick(agents.fresh) });
}

function redirectOf(url: URL, answer: Answered): URL | undefined {
  if (answer.status < 300 || answer.status >= 400 || answer.location === undefined) return undefined;
  return URL.canParse(answer.location, url) ? new URL(answer.location, url) : undefined;
}

/** A credential is sent nowhere but where the file says, so what leads elsewhere is told and not followed. */
function sentOn(url: URL, next: URL): string {
  const where =
    next.hostname === url.hostname
      ? `${next.protocol.slice(0, -1)} of the same host, ${next.host}`
      : `another host, ${next.host}`;
  return `was sent on to ${where}, and not followed: write that address if it is right`;
}

function parseUrl(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined;
}

function withBody<Body>(answer: HttpAnswer<Answered>, parse: (answered: Answered) => Body): HttpAnswer<Body> {
  return { ...answer, body: parse(answer.body) };
}

type Target = Pick<Call, "url" | "method">;

/** The body as JSON, with every digit of its numbers. Throws BackendError for a web page, for nothing and for what does not parse. */
export function bodyJson(call: Target, answer: Answered): unknown {
  const text = bodyText(call, answer);
  if (text.trim() === "") throw nonsense(call, answer, "answered with nothing");
  try {
    return parseExactly(withoutNaN(text));
  } catch {
    // The parser's own message quotes the body, which may hold a secret.
    throw nonsense(call, answer, "answered something that is not JSON");
  }
}

/** Python's JSON writes NaN and Infinity as they stand, which are no JSON: they are null, and spoil nothing beside them. */
function withoutNaN(text: string): string {
  if (!/\b(?:NaN|Infinity)\b/.test(text)) return text;
  return text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (found) =>
    found.startsWith('"') ? found : "null",
  );
}

/** The body as text. Throws BackendError for what is none, and for a web page. */
export function bodyText(call: Target, answer: Answered): string {
  const body = unpacked(answer);
  if (body === undefined) throw nonsense(call, answer, "answered in a compressed form that was not asked for");
  const text = decoded(body, answer.charset);
  if (text === undefined) throw nonsense(call, answer, "answered something that is not text");
  if (isWebPage(answer.type, text))
    throw nonsense(call, answer, "answered with a web page instead of data, perhaps a login page");
  return text;
}

/** Some targets compress whatever they are asked for. Undefined for what is not unpacked here, or is more than may be read. */
function unpacked({ body, encoding }: Answered): Buffer | undefined {
  if (encoding === undefined || encoding === "identity") return body;
  if (!/^(?:x-)?gzip$/i.test(encoding)) return undefined;
  try {
    return gunzipSync(body, { maxOutputLength: maxUnpackedBytes });
  } catch {
    return undefined;
  }
}

/** UTF-8, and where it is none what the answer itself says that it is. Undefined for what is no text. */
function decoded(body: Buffer, charset: string | undefined): string | undefined {
  for (const label of ["utf-8", ...(charset === undefined ? [] : [charset])]) {
    try {
      return new TextDecoder(label, { fatal: true }).decode(body);
    } catch {
      // Not in this one, or nobody knows one of that name.
    }
  }
  return undefined;
}

/**
 * A page where data was expected: a proxy, a login or an error page in the target's place. What it begins with decides: data
 * is often labelled as a page, and begins as none.
 */
export function isWebPage(type: string, text: string): boolean {
  if (/^\s*<(?:!doctype|html|head|body)\b/i.test(text)) return true;
  return (type === "text/html" || type === "application/xhtml+xml") && /^\s*(?:<|$)/.test(text);
}

function nonsense(call: Target, answer: Answered, said: string): BackendError {
  return problem({ url: call.url, method: call.method ?? "GET" }, "nonsense", { said, status: answer.status });
}
