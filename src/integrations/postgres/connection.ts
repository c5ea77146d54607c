import { isIP } from "node:net";
import type { ConnectionOptions } from "node:tls";
import { z } from "zod";
import { FilePath, SecretReference } from "../../domain/systems/http-connection.ts";
import { DurationText } from "../../domain/text/duration.ts";
import { rememberSecret } from "../../domain/text/known-secrets.ts";
import { readCertificates, readClientCertificate } from "../wire/certificates.ts";
import { MissingSecret, resolveText, type Secrets } from "../wire/secrets.ts";

/** An address as libpq takes it, or where one is kept. */
const PostgresUrl = z
  .string()
  .regex(
    /^(?:postgres(?:ql)?:\/\/.|env:[A-Za-z_]\w*$|file:\/.)/,
    "write postgres://user@host:5432/database, or where that is kept: env:NAME or file:/path",
  );

/** How a PostgreSQL server is reached, and which one it has to be. */
export const PostgresConnection = z.strictObject({
  url: PostgresUrl,
  password: SecretReference.optional(),
  /** `verify-full` where the server is not on this machine, when left out: its certificate has to be of its name. */
  tls: z.enum(["verify-full", "disable"]).optional(),
  /** A PEM file of whom its certificate is trusted from, instead of the public authorities. */
  ca: FilePath.optional(),
  /** PEM files of a client certificate and its key. */
  mtls: z.strictObject({ cert: FilePath, key: FilePath }).optional(),
  /** Proven in the same session before anything is read or done. */
  expect: z.strictObject({
    database: z.string().min(1),
    /** Whether it follows another server. Either will do when left out. */
    replica: z.boolean().optional(),
    /** `system_identifier` of pg_control_system(): no two clusters have the same, however their databases are called. */
    system: z
      .string()
      .regex(/^\d{10,20}$/, "a system identifier is a number of up to 20 digits, in quotes")
      .optional(),
  }),
  /** The longest a question may take, where the entry itself leaves more. */
  timeout: DurationText.optional(),
});
export type PostgresConnection = z.output<typeof PostgresConnection>;

const Named = z.strictObject({ backend: z.string() });

/** What is asked of a PostgreSQL server: a backend by its name, which the composition fills in. */
export function ofDatabase<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.union([Named.extend(shape), PostgresConnection.extend(shape)]);
}

/** A connection, or the name of one that nobody filled in. */
export type Database = { readonly backend: string } | PostgresConnection;

/** Where a server is, and what is said to it there. Nothing of it is told or kept. */
export interface Reached {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly ssl: ConnectionOptions | false;
}

/** Resolves the references, at each use. Throws MissingSecret for what is not there, or is no address. */
export async function reach(secrets: Secrets, to: PostgresConnection): Promise<Reached> {
  const isReference = SecretReference.safeParse(to.url).success;
  const url = addressIn(
    isReference ? await secrets.read(to.url) : await resolveText(secrets, to.url, encodeURIComponent),
  );
  const written = decodeURIComponent(url.password);
  if (written !== "") rememberSecret(written);
  const host = decodeURIComponent(url.searchParams.get("host") ?? url.hostname).replace(/^\[(.*)\]$/, "$1");
  const user = decodeURIComponent(url.username);
  if (host === "" || user === "")
    throw new MissingSecret("its address names no server or no user: write postgres://user@host:5432/database");
  return {
    host,
    port: url.port === "" ? 5432 : Number(url.port),
    user,
    password: to.password === undefined ? written : await secrets.read(to.password),
    database: decodeURIComponent(url.pathname.slice(1)) || user,
    ssl: await tlsOf(to, { host, mode: url.searchParams.get("sslmode") }),
  };
}

/** What an address may say besides, of what libpq knows: whatever else it says would be overlooked. */
const knownParameters = new Set(["host", "sslmode", "application_name"]);

function addressIn(text: string): URL {
  if (!/^postgres(?:ql)?:\/\//.test(text) || !URL.canParse(text))
    throw new MissingSecret("its address cannot be read: write postgres://user@host:5432/database");
  const url = new URL(text);
  const unknown = [...url.searchParams.keys()].find((key) => !knownParameters.has(key));
  if (unknown === undefined) return url;
  throw new MissingSecret(
    `its address says ${unknown.slice(0, 40)}, which is not known here: say how it is reached beside url, as tls and ca`,
  );
}

async function tlsOf(
  { tls, ca, mtls }: PostgresConnection,
  { host, mode }: { readonly host: string; readonly mode: string | null },
): Promise<ConnectionOptions | false> {
  const isNear = host.startsWith("/") || /^(?:localhost|127\.|::1$)/.test(host);
  const isPlain =
    tls === undefined ? mode === "disable" || (mode === null && isNear && ca === undefined) : tls === "disable";
  if (isPlain) return false;
  const own = mtls && (await readClientCertificate(mtls));
  return {
    ...(isIP(host) === 0 && { servername: host }),
    ...(ca !== undefined && { ca: (await readCertificates(ca)).text }),
    ...(own && { cert: own.cert, key: own.key }),
  };
}
