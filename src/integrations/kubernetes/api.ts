import { Agent as SecureAgent } from "node:https";
import { z } from "zod";
import { BackendError } from "../../domain/failure.ts";
import { writeExactly } from "../../domain/systems/exact.ts";
import type { Look } from "../../domain/systems/reading.ts";
import { type Answered, exchange, type Failure, type Method } from "../../http/exchange.ts";
import { Agent } from "../../http/node-http.ts";
import { bodyJson, bodyText } from "../wire/http.ts";
import { failureOf, problem, reasonOf, refusalOf } from "../wire/http-fault.ts";
import { RoundMemory } from "../wire/round-memory.ts";
import type { KubernetesConnection } from "./connection.ts";
import { type ClusterAccess, type ClusterAccesses, type ClusterTls, clusterAccesses } from "./kubeconfig.ts";
import { type KubeResource, type KubeVerb, pathOf, ruleWords } from "./resources.ts";

/** One thing that is asked of a namespace: of the resources there are, and for what each may be asked. */
export type KubeAsked = Partial<KubeWords> &
  { [Resource in KubeResource]: { readonly resource: Resource; readonly verb: KubeVerb<Resource> } }[KubeResource];

interface KubeWords {
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly body: { readonly type: string; readonly json: unknown };
}

export interface Kube {
  /** A JSON answer in the shape that is asked for. Throws BackendError. */
  json<Data>(at: KubeCall, asked: KubeAsked, schema: z.ZodType<Data>): Promise<Data>;
  /** Hands on a text piece by piece as it comes, so that nothing of it is held here. Throws BackendError, also amid the text. */
  text(at: KubeCall, asked: KubeAsked, take: (piece: Buffer) => void): Promise<void>;
  close(): void;
}

/** Where it is asked, and how long it may take. */
export interface KubeCall extends Pick<Look, "deadlineMs"> {
  readonly connection: KubernetesConnection;
  /** What is read alike within one round is asked once. */
  readonly round?: object | undefined;
}

/** A list of a thousand pods has some 8 MB. */
const mostBytes = 8 * 1_024 * 1_024;
/** Of a text that is handed on as it comes: twice what is asked for, for a server that does not keep to it. */
const mostHandedOn = 16 * 1_024 * 1_024;
/** Enough of a text to tell a web page by. */
const headBytes = 256;
/** Agents of credentials that have been renewed go. */
const mostAgents = 8;

const methods = { get: "GET", list: "GET", patch: "PATCH", update: "PUT", delete: "DELETE", create: "POST" } as const;

/** The API of clusters. Connections are kept for reads; `close` ends them. */
export function createKube(accesses: ClusterAccesses = clusterAccesses()): Kube {
  const agents = new Map<string, Agent>();
  const rounds = new RoundMemory<Told>();
  const ask = async (at: KubeCall, asked: KubeAsked): Promise<Told> => converse({ accesses, agents }, at, asked);
  const askOnce = (at: KubeCall, asked: KubeAsked): Promise<Told> => {
    if (!at.round || methods[asked.verb] !== "GET") return ask(at, asked);
    return rounds.once(at.round, JSON.stringify([at.connection, asked]), () => ask(at, asked));
  };
  return {
    async json(at, asked, schema) {
      const told = await askOnce(at, asked);
      const read = schema.safeParse(bodyJson(told.call, told.answer));
      if (read.success) return read.data;
      const [issue] = read.error.issues;
      throw problem(told.call, "nonsense", {
        said: `answered with something that Kubernetes does not answer with, at ${issue?.path.join(".") || "its root"}`,
      });
    },
    async text(at, asked, take) {
      let head = "";
      let broken: { readonly error: unknown } | undefined;
      const told = await converse({ accesses, agents }, at, asked, (piece) => {
        if (head === "") head = piece.toString("latin1", 0, headBytes);
        // What throws while a piece comes in would end the process.
        try {
          if (!broken) take(piece);
        } catch (error) {
          broken = { error };
        }
      });
      if (broken) throw broken.error;
      bodyText(told.call, { ...told.answer, body: Buffer.from(head) });
    },
    close() {
      for (const agent of agents.values()) agent.destroy();
    },
  };
}

interface Told {
  readonly call: { readonly url: { base: string; path: string; ca?: string }; readonly method: Method };
  readonly answer: Answered;
}

interface Means {
  readonly accesses: ClusterAccesses;
  readonly agents: Map<string, Agent>;
}

async function converse(
  { accesses, agents }: Means,
  at: KubeCall,
  asked: KubeAsked,
  take?: (piece: Buffer) => void,
): Promise<Told> {
  const { connection } = at;
  const started = performance.now();
  const deadlineMs = Math.min(at.deadlineMs, connection.timeoutMs ?? at.deadlineMs);
  const access = await inTime(accesses.of(connection), deadlineMs);
  const method = methods[asked.verb];
  const query = new URLSearchParams(asked.parameters).toString();
  const path = `${pathOf(asked.resource, { namespace: connection.namespace, name: asked.name })}${query === "" ? "" : `?${query}`}`;
  const url = { base: access.server, path, ...(access.tls.ca && { ca: "the kubeconfig's certificate-authority" }) };
  const call = { url, method, deadlineMs };
  const order = {
    url: new URL(`${access.server}${path}`),
    method,
    headers: {
      accept: "application/json",
      "accept-encoding": "identity",
      "user-agent": "wardroom",
      ...(asked.body && { "content-type": asked.body.type }),
      ...access.headers,
    },
    body: asked.body && writeExactly(asked.body.json),
    maxBytes: take ? mostHandedOn : mostBytes,
    take,
  };
  const leftMs = (): number => deadlineMs - (performance.now() - started);
  const reads = method === "GET";
  const kept = reads ? keptAgent(agents, order.url, access.tls) : freshAgent(order.url, access.tls, false);
  let result = await exchange({ ...order, deadlineMs: leftMs(), agent: kept });
  // A kept connection that the cluster had just closed looks like a broken one; a fresh one tells them apart.
  if (reads && mayRepeat(result) && leftMs() > 0)
    result = await exchange({ ...order, deadlineMs: leftMs(), agent: freshAgent(order.url, access.tls, false) });
  if (result.kind === "failed") throw failureOf(call, result, performance.now() - started);
  const refusal = ownRefusal(result, { access, asked, connection }) ?? refusalOf(call, result);
  if (refusal) throw refusal;
  return { call, answer: result };
}

function mayRepeat(result: Answered | Failure): boolean {
  return result.kind === "failed" && result.cause === "connection" && result.phase === "sent";
}

/** A program that gives a credential may hang. */
async function inTime<Value>(work: Promise<Value>, deadlineMs: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new BackendError("kubeconfig", { fault: "timeout", detail: "its credential was not to be had in time" }),
        ),
      deadlineMs,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function keptAgent(agents: Map<string, Agent>, url: URL, tls: ClusterTls): Agent {
  const key = JSON.stringify([url.origin, tls.servername, tls.proxy, tls.cert?.toString(), tls.ca?.toString()]);
  const known = agents.get(key);
  if (known) return known;
  const [oldest] = agents;
  if (oldest && agents.size >= mostAgents) {
    oldest[1].destroy();
    agents.delete(oldest[0]);
  }
  const agent = freshAgent(url, tls, true);
  agents.set(key, agent);
  return agent;
}

function freshAgent(url: URL, { proxy, ...tls }: ClusterTls, keepAlive: boolean): Agent {
  const proxyEnv = proxy === undefined ? {} : { proxyEnv: { HTTP_PROXY: proxy, HTTPS_PROXY: proxy } };
  const keep = { keepAlive, maxFreeSockets: 4 };
  return url.protocol === "https:"
    ? new SecureAgent({ ...keep, ...tls, ...proxyEnv })
    : new Agent({ ...keep, ...proxyEnv });
}

/** Refusals that Kubernetes has words of its own for, with what to do. */
function ownRefusal(
  answer: Answered,
  { access, asked, connection }: { access: ClusterAccess; asked: KubeAsked; connection: KubernetesConnection },
): BackendError | undefined {
  const { host } = new URL(access.server);
  const { status } = answer;
  const { namespace } = connection;
  const what = asked.name === undefined ? asked.resource : `${asked.resource} ${asked.name}`;
  const refuse = (fault: BackendError["fault"], detail: string): BackendError =>
    new BackendError(host, { fault, detail, status });
  switch (status) {
    case 401:
      return refuse("unauthorised", `did not take ${access.whose}: it has expired or is not valid; renew it (401)`);
    case 403: {
      const why = reasonOf(answer);
      // A policy, a webhook and a quota say no with the same number: no Role helps against those.
      if (why !== undefined && /denied the request|exceeded quota|admission/i.test(why))
        return refuse("refused", `did not take the change of ${what}: ${why} (403)`);
      return refuse(
        "unauthorised",
        `may not ${asked.verb} ${asked.resource} in namespace ${namespace}: its Role lacks ${ruleWords(asked.verb, asked.resource)} (403)`,
      );
    }
    case 404:
      return refuse("missing", `has no ${what} in namespace ${namespace} (404)`);
    case 409:
      return refuse(
        "refused",
        `${what} was changed by somebody else meanwhile: ${reasonOf(answer) ?? "conflict"} (409)`,
      );
    default:
      return undefined;
  }
}
