import { isIP } from "node:net";
import type { ConnectionOptions } from "node:tls";
import { z } from "zod";
import { FilePath, SecretReference } from "../../domain/systems/http-connection.ts";
import { DurationText } from "../../domain/text/duration.ts";
import { rememberSecret } from "../../domain/text/known-secrets.ts";
import { readCertificates, readClientCertificate } from "../wire/certificates.ts";
import { MissingSecret, resolveText, type Secrets } from "../wire/secrets.ts";

const howToWrite = "write redis://host:6379, rediss://host:6379 with TLS";

/** An address as `redis-cli -u` takes it, or where one is kept. */
const RedisUrl = z
  .string()
  .regex(
    /^(?:rediss?:\/\/.|env:[A-Za-z_]\w*$|file:\/.)/,
    `${howToWrite}, or where that is kept: env:NAME or file:/path`,
  );

/** How a Redis server is reached, and which one it has to be. */
export const RedisConnection = z.strictObject({
  url: RedisUrl,
  password: SecretReference.optional(),
  /** A PEM file of whom its certificate is trusted from, instead of the public authorities. */
  ca: FilePath.optional(),
  /** PEM files of a client certificate and its key. */
  mtls: z.strictObject({ cert: FilePath, key: FilePath }).optional(),
  /** Proven on the same connection before anything is read. */
  expect: z
    .strictObject({
      role: z.enum(["primary", "replica"]).optional(),
      /** A key that holds this text on this server and on no other, as `environment` with `prsm-production`. */
      key: z.strictObject({ name: z.string().min(1), value: z.string().min(1) }).optional(),
    })
    .refine(({ role, key }) => role !== undefined || key !== undefined, "say what it has to be: role, key or both")
    .optional(),
  /** The longest a question may take, where the entry itself leaves more. */
  timeout: DurationText.optional(),
});
export type RedisConnection = z.output<typeof RedisConnection>;

const Named = z.strictObject({ backend: z.string() });

/** What is asked of a Redis server: a backend by its name, which the composition fills in. */
export function ofRedis<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.union([Named.extend(shape), RedisConnection.extend(shape)]);
}

/** A connection, or the name of one that nobody filled in. */
export type RedisServer = { readonly backend: string } | RedisConnection;

/** Where a server is, and what is said to it there. Nothing of it is told or kept. */
export interface RedisReached {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: number;
  readonly tls: ConnectionOptions | undefined;
}

/** Resolves the references, at each use. Throws MissingSecret for what is not there, or is no address. */
export async function reachRedis(secrets: Secrets, to: RedisConnection): Promise<RedisReached> {
  const isReference = SecretReference.safeParse(to.url).success;
  const url = redisAddress(
    isReference ? await secrets.read(to.url) : await resolveText(secrets, to.url, encodeURIComponent),
  );
  const written = decodeURIComponent(url.password);
  if (written !== "") rememberSecret(written);
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  return {
    host,
    port: url.port === "" ? 6379 : Number(url.port),
    user: decodeURIComponent(url.username),
    password: to.password === undefined ? written : await secrets.read(to.password),
    database: Number(url.pathname.slice(1) || 0),
    tls: url.protocol === "rediss:" ? await tlsOf(to, host) : undefined,
  };
}

function redisAddress(text: string): URL {
  const url = /^rediss?:\/\//.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  // Parameters would be overlooked, and a path that is no number would be database 0.
  if (!url || url.hostname === "" || url.search !== "" || !/^\/?\d{0,5}$/.test(url.pathname))
    throw new MissingSecret(`its address cannot be read: ${howToWrite}, and /1 behind it for the database 1`);
  return url;
}

async function tlsOf({ ca, mtls }: RedisConnection, host: string): Promise<ConnectionOptions> {
  const own = mtls && (await readClientCertificate(mtls));
  return {
    ...(isIP(host) === 0 && { servername: host }),
    ...(ca !== undefined && { ca: (await readCertificates(ca)).text }),
    ...(own && { cert: own.cert, key: own.key }),
  };
}
