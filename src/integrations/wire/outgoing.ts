import { Agent as SecureAgent } from "node:https";
import type { Json } from "../../domain/store.ts";
import { rememberSecret } from "../../domain/text/known-secrets.ts";
import { Agent } from "../../http/node-http.ts";
import { readCertificates, readClientCertificate } from "./certificates.ts";
import { connectionOf, type Endpoint, urlOf } from "./endpoint.ts";
import { resolveText, type Secrets } from "./secrets.ts";

/** What goes out: the one place where a reference has become what it refers to. Nothing of it is told or kept. */
export interface SentCall {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly json: Json | undefined;
  /** Own certificates or a proxy; undefined where the usual connections do. */
  readonly tls: TlsParts | undefined;
}

interface TlsParts {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly proxy?: string;
}

/** Puts the credentials in. Throws MissingSecret. */
export async function outgoing(secrets: Secrets, to: Endpoint, json: Json | undefined): Promise<SentCall> {
  const { auth, ca, proxy } = connectionOf(to);
  const headers: Record<string, string> = {};
  if (auth?.bearer !== undefined) headers["authorization"] = `Bearer ${await secrets.read(auth.bearer)}`;
  if (auth?.basic) headers["authorization"] = basic(auth.basic.user, await secrets.read(auth.basic.password));
  if (auth?.header) headers[auth.header.name.toLowerCase()] = await secrets.read(auth.header.value);
  let url = await resolveText(secrets, urlOf(to), encodeURIComponent);
  if (auth?.query && URL.canParse(url)) {
    const whole = new URL(url);
    whole.searchParams.set(auth.query.name, await secrets.read(auth.query.value));
    url = whole.href;
  }
  const own = auth?.mtls && (await readClientCertificate(auth.mtls));
  const tls = {
    ...(ca !== undefined && { ca: (await readCertificates(ca)).text }),
    ...(own && { cert: own.cert, key: own.key }),
    ...(proxy !== undefined && { proxy: await resolveText(secrets, proxy, encodeURIComponent) }),
  };
  return {
    url,
    headers,
    json: json === undefined ? undefined : await resolveJson(secrets, json),
    tls: Object.keys(tls).length > 0 ? tls : undefined,
  };
}

function basic(user: string, password: string): string {
  const encoded = Buffer.from(`${user}:${password}`).toString("base64");
  rememberSecret(encoded);
  return `Basic ${encoded}`;
}

async function resolveJson(secrets: Secrets, value: Json): Promise<Json> {
  if (typeof value === "string") return resolveText(secrets, value, (text) => text);
  if (Array.isArray(value)) return Promise.all(value.map((each: Json) => resolveJson(secrets, each)));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(async ([key, each]) => [key, await resolveJson(secrets, each)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** A connection of its own, closed with its answer: a rotated certificate counts from the next call on. */
export function ownAgent(url: URL, { proxy, ...certificates }: TlsParts): Agent {
  const proxyEnv = proxy === undefined ? {} : { proxyEnv: { HTTP_PROXY: proxy, HTTPS_PROXY: proxy } };
  return url.protocol === "https:"
    ? new SecureAgent({ keepAlive: false, ...certificates, ...proxyEnv })
    : new Agent({ keepAlive: false, ...proxyEnv });
}
