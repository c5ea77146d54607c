import { X509Certificate } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import type { RequestOptions } from "node:https";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import type { Cluster, Context, User } from "@kubernetes/client-node/dist/config_types.js";
import { parse } from "yaml";
import { z } from "zod";
import { BackendError, errorCode } from "../../domain/failure.ts";
import { nearest } from "../../domain/text/distance.ts";
import { rememberSecret } from "../../domain/text/known-secrets.ts";
import type { KubernetesConnection } from "./connection.ts";
import { writtenUser } from "./kubeconfig-user.ts";

/** How a cluster is reached, with the credential of the moment. Nothing of it is told or kept. */
export interface ClusterAccess {
  readonly server: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: ClusterTls;
  /** The credential, as a person would look for it. */
  readonly whose: string;
}

export interface ClusterTls {
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly servername?: string;
  readonly proxy?: string;
}

export interface ClusterAccesses {
  /** Throws BackendError, which says what is missing. */
  of(connection: KubernetesConnection): Promise<ClusterAccess>;
}

interface Loaded {
  readonly cluster: Cluster;
  readonly user: User;
  /** Holds its token, which others write anew: it is read at each use, and goes before a token that stands beside it. */
  readonly tokenFile?: string;
  readonly whose: string;
}

/** Where a machine keeps what is looked for when no kubeconfig is named. */
interface OwnPlaces {
  readonly home: string;
  /** What every pod is given of its service account. */
  readonly serviceAccount: string;
}

function ownPlaces(): OwnPlaces {
  return { home: homedir(), serviceAccount: "/var/run/secrets/kubernetes.io/serviceaccount" };
}

/**
 * Reads kubeconfigs, each anew when its file has changed. Of the client's library only what a cluster and a credential need is
 * loaded, and that at the first use: the whole of it holds 85 MB.
 */
export function clusterAccesses(places = ownPlaces()): ClusterAccesses {
  const known = new Map<string, { readonly stamp: string; readonly access: () => Promise<ClusterAccess> }>();
  const pending = new Map<string, Promise<ClusterAccess>>();
  return {
    async of(connection) {
      const path = await kubeconfigPath(connection, places);
      const key = JSON.stringify([path, connection.context]);
      const stamp = path === undefined ? "" : await stampOf(path);
      const before = known.get(key);
      const entry = before?.stamp === stamp ? before : { stamp, access: accessing(load(path, connection, places)) };
      known.set(key, entry);
      // A program that hangs is not started once more beside itself.
      const asking = `${key} ${stamp}`;
      const asked = pending.get(asking) ?? entry.access();
      pending.set(asking, asked);
      try {
        return await asked;
      } catch (error) {
        known.delete(key);
        throw error;
      } finally {
        pending.delete(asking);
      }
    },
  };
}

/** What programs give is kept by the user's name alone, which another kubeconfig may have as well: each has its own. */
function accessing(loaded: Promise<Loaded>): () => Promise<ClusterAccess> {
  const authenticate = authenticator();
  return async () => accessOf(await loaded, authenticate);
}

/**
 * Whether a kubeconfig can be used at all, without any program that gives a credential and without the cluster. Throws
 * BackendError, which says what is wrong.
 */
export async function examineKubeconfig(connection: KubernetesConnection): Promise<void> {
  const places = ownPlaces();
  const { cluster, user, tokenFile, whose } = await load(await kubeconfigPath(connection, places), connection, places);
  checkedServer(cluster);
  await fileOrData(cluster.caFile, cluster.caData);
  checkedCertificate(await fileOrData(user.certFile, user.certData), whose);
  await fileOrData(user.keyFile, user.keyData);
  await tokenIn(tokenFile);
}

async function kubeconfigPath(
  { kubeconfig }: KubernetesConnection,
  { home, serviceAccount }: OwnPlaces,
): Promise<string | undefined> {
  if (kubeconfig !== undefined) return kubeconfig;
  const own = join(home, ".kube", "config");
  if (await isThere(own)) return own;
  if (await isThere(`${serviceAccount}/token`)) return undefined;
  throw unusable(own, "is not there, and this is no pod with a service account: name a kubeconfig at the backend");
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}

async function stampOf(path: string): Promise<string> {
  try {
    const { mtimeMs, size } = await stat(path);
    return `${mtimeMs} ${size}`;
  } catch (error) {
    throw unusable(path, `${fileWords(error)}: check the path that the backend names as kubeconfig`);
  }
}

async function load(
  path: string | undefined,
  connection: KubernetesConnection,
  { serviceAccount }: OwnPlaces,
): Promise<Loaded> {
  if (path === undefined) return inCluster(serviceAccount);
  const text = await readText(path);
  const { newClusters, newContexts, newUsers } = await import("@kubernetes/client-node/dist/config_types.js");
  const file = fileOf(path, text);
  const lenient = { onInvalidEntry: "filter" } as const;
  const contexts = newContexts(file.contexts, lenient);
  const context = contextOf(path, contexts, connection.context ?? file["current-context"] ?? "");
  const cluster = newClusters(file.clusters, lenient).find(({ name }) => name === context.cluster);
  if (!cluster)
    throw unusable(path, `has no usable cluster ${context.cluster}, which the context ${context.name} names`);
  const written = writtenUser(file.users, context.user);
  if ("why" in written) throw unusable(path, written.why);
  const root = dirname(path);
  const [user] = newUsers([written.entry], lenient);
  if (!user) throw unusable(path, `has no usable user ${context.user}, which the context ${context.name} names`);
  const tokenFile = written.fields.tokenFile ?? undefined;
  return {
    cluster: { ...cluster, ...absolute(root, { caFile: cluster.caFile }) },
    user: { ...user, ...absolute(root, { certFile: user.certFile, keyFile: user.keyFile }), ...ownProgram(root, user) },
    ...absolute(root, { tokenFile }),
    whose: `the credential of context ${context.name} in ${path}`,
  };
}

/** The name of the API within a cluster, and what every pod is given of its service account. */
function inCluster(serviceAccount: string): Loaded {
  return {
    cluster: {
      name: "in-cluster",
      server: "https://kubernetes.default.svc",
      caFile: `${serviceAccount}/ca.crt`,
      skipTLSVerify: false,
    },
    user: { name: "service-account" },
    tokenFile: `${serviceAccount}/token`,
    whose: "the pod's service account",
  };
}

const KubeconfigFile = z.looseObject({
  clusters: z.array(z.unknown()),
  contexts: z.array(z.unknown()),
  users: z.array(z.unknown()).default([]),
  "current-context": z.string().optional(),
});

function fileOf(path: string, text: string): z.output<typeof KubeconfigFile> {
  try {
    return KubeconfigFile.parse(parse(text));
  } catch {
    // Its own words may quote a line with a credential.
    throw unusable(path, "is no kubeconfig: it is not YAML with clusters, contexts and users");
  }
}

function contextOf(path: string, contexts: readonly Context[], wanted: string): Context {
  const found = contexts.find(({ name }) => name === wanted);
  if (found) return found;
  const names = contexts.map(({ name }) => name);
  if (wanted === "") throw unusable(path, `has no current context: name one of ${names.join(", ")} at the backend`);
  const meant = nearest(wanted, names);
  const hint = meant === undefined ? `it has ${names.join(", ") || "none"}` : `did you mean ${meant}?`;
  throw unusable(path, `has no context ${wanted}: ${hint}`);
}

function absolute(root: string, files: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).flatMap(([key, file]) =>
      file === undefined ? [] : [[key, isAbsolute(file) ? file : join(root, file)]],
    ),
  );
}

const Program = z.looseObject({ command: z.string() });

/** As kubectl takes it: a plain name is looked up in the bot's PATH, and a path is relative to the kubeconfig's folder. */
function ownProgram(root: string, user: User): Pick<User, "exec"> {
  const exec = Program.safeParse(user.exec).data;
  if (!exec?.command.includes("/") || isAbsolute(exec.command)) return {};
  return { exec: { ...exec, command: join(root, exec.command) } };
}

type Authenticate = (user: User, options: RequestOptions) => Promise<void>;

async function accessOf(
  { cluster, user, tokenFile, whose }: Loaded,
  authenticate: Authenticate,
): Promise<ClusterAccess> {
  const server = checkedServer(cluster);
  const options: RequestOptions = { headers: {} };
  await withCredential(user, options, { authenticate, whose });
  const token = await tokenIn(tokenFile);
  const ca = await fileOrData(cluster.caFile, cluster.caData);
  const cert = (await fileOrData(user.certFile, user.certData)) ?? pemOf(options.cert);
  const key = (await fileOrData(user.keyFile, user.keyData)) ?? pemOf(options.key);
  if (key !== undefined) rememberSecret(key.toString("utf8"));
  checkedCertificate(cert, whose);
  return {
    server,
    whose,
    headers: headersOf(options, token === undefined ? user : { ...user, token }),
    tls: {
      ...(ca !== undefined && { ca }),
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
      ...(cluster.tlsServerName !== undefined && { servername: cluster.tlsServerName }),
      ...(cluster.proxyUrl !== undefined && { proxy: cluster.proxyUrl }),
    },
  };
}

/** A certificate that is over the cluster refuses while the connection is made, in words that name no reason. */
function checkedCertificate(cert: Buffer | undefined, whose: string): void {
  if (!cert) return;
  const until = certificateEnd(cert);
  if (!until) throw unusable(whose, "is no certificate in PEM: mend its client-certificate in the kubeconfig");
  if (until.getTime() > Date.now()) return;
  throw new BackendError(whose, {
    fault: "unauthorised",
    detail: `expired on ${until.toISOString().slice(0, 10)}: renew its client certificate`,
  });
}

/** Until when a client certificate is good; undefined where it is no certificate in PEM. */
export function certificateEnd(cert: Buffer): Date | undefined {
  try {
    return new X509Certificate(cert).validToDate;
  } catch {
    return undefined;
  }
}

/** A credential goes over an open line to this machine alone, and to a server whose certificate is checked. */
function checkedServer({ name, server, skipTLSVerify }: Cluster): string {
  if (skipTLSVerify)
    throw unusable(
      `cluster ${name}`,
      "says insecure-skip-tls-verify, which is not done: give its certificate-authority instead",
    );
  const url = URL.canParse(server) ? new URL(server) : undefined;
  const isOwn = url !== undefined && /^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(url.hostname);
  if (url?.protocol === "https:" || (url?.protocol === "http:" && isOwn)) return server.replace(/\/+$/, "");
  throw unusable(
    `cluster ${name}`,
    "is not reached over https, so no credential is sent to it: mend its server in the kubeconfig",
  );
}

async function withCredential(
  user: User,
  options: RequestOptions,
  { authenticate, whose }: { readonly authenticate: Authenticate; readonly whose: string },
): Promise<void> {
  try {
    await authenticate(user, options);
  } catch (error) {
    if (error instanceof BackendError) throw error;
    // What a credential's program says may be the credential.
    throw new BackendError(whose, { fault: "unreachable", detail: "could not be had: its program or file failed" });
  }
}

function headersOf({ headers = {} }: RequestOptions, user: User): Record<string, string> {
  const given = Array.isArray(headers) ? {} : headers;
  const all: Record<string, string> = Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (typeof value === "string" ? [[name, value.trim()]] : [])),
  );
  if (isText(user.token)) all["Authorization"] = `Bearer ${user.token}`;
  if (isText(user.username) && isText(user.password))
    all["Authorization"] = `Basic ${Buffer.from(`${user.username}:${user.password}`).toString("base64")}`;
  if (isText(user.impersonateUser)) all["Impersonate-User"] = user.impersonateUser;
  const secret = all["Authorization"]?.split(" ")[1];
  if (secret !== undefined) rememberSecret(secret);
  return all;
}

/** The library says null of what is not written, too. */
function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** A program's credential is kept until it expires. */
function authenticator(): Authenticate {
  let program: ReturnType<typeof loadProgram> | undefined;
  return async (user, options) => {
    if (!user.exec && !user.authProvider) return;
    const found = await (program ??= loadProgram());
    if (!found.isAuthProvider(user))
      throw unusable(
        `user ${user.name}`,
        "has a credential of a kind that kubectl no longer knows either: use exec, a token or a certificate",
      );
    await found.applyAuthentication(user, options);
    if (options.cert === undefined && headersOf(options, user)["Authorization"] === undefined)
      throw unusable(`user ${user.name}`, "was given neither token nor certificate by its program: mend what it runs");
  };
}

async function loadProgram() {
  const { ExecAuth } = await import("@kubernetes/client-node/dist/exec_auth.js");
  return new ExecAuth();
}

async function fileOrData(file: string | undefined, data: string | undefined): Promise<Buffer | undefined> {
  if (data !== undefined) return Buffer.from(data, "base64");
  if (file === undefined) return undefined;
  try {
    return await readFile(file);
  } catch (error) {
    throw unusable(file, `${fileWords(error)}, and the kubeconfig names it`);
  }
}

async function tokenIn(file: string | undefined): Promise<string | undefined> {
  const token = (await fileOrData(file, undefined))?.toString("utf8").trim();
  if (token === "") throw unusable(file ?? "", "is empty, and is to hold a token: have it written anew");
  return token;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw unusable(path, `${fileWords(error)}: check the path that the backend names as kubeconfig`);
  }
}

function pemOf(value: unknown): Buffer | undefined {
  return typeof value === "string" ? Buffer.from(value) : undefined;
}

function fileWords(error: unknown): string {
  const code = errorCode(error);
  return code === "ENOENT" ? "is not there" : code === "EACCES" ? "may not be read" : "cannot be read";
}

function unusable(what: string, said: string): BackendError {
  return new BackendError(what, { fault: "unreachable", detail: said });
}
