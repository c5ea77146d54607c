import type { Answer, Call } from "../service.ts";
import type { Access, User } from "./access.ts";
import { answerReview } from "./access-reviews.ts";
import { type Address, addressIn, matcherOf, verbOf, wantsTable } from "./addresses.ts";
import type { Cluster } from "./cluster.ts";
import { discover } from "./discovery.ts";
import { definitions, type Kinds, type Resource } from "./kinds.ts";
import { answerLog } from "./log-door.ts";
import { answerMetrics } from "./metrics-door.ts";
import { noSuchAddress, notFound, Refusal, unauthorized } from "./status.ts";
import { headOf } from "./store.ts";
import { tableOf } from "./tables.ts";
import { watch } from "./watch.ts";
import { create, patchObject, removeAll, removeOne, replace, scaleOf } from "./writes.ts";

export interface Api {
  readonly cluster: Cluster;
  readonly access: Access;
  /** False: no token is worth anything, as after it has been revoked or has expired. */
  isOpen: boolean;
  /** A deployment of which a webhook denies every change that is meant: it lets dry runs pass. */
  denied?: string | undefined;
}

/** Answers one call as the API server does. Every refusal is a `Status`. */
export function answerApi(api: Api, call: Call): Answer {
  try {
    return answered(api, call);
  } catch (error) {
    if (error instanceof Refusal) return { status: error.code, body: error.body };
    throw error;
  }
}

function answered(api: Api, call: Call): Answer {
  if (["/healthz", "/livez", "/readyz"].includes(call.path)) return { status: 200, body: "ok" };
  const user = api.isOpen ? api.access.userOf(call.headers.authorization) : undefined;
  if (!user) throw unauthorized();
  const discovered = call.method === "GET" ? discover(call.path.replace(/(.)\/$/, "$1")) : undefined;
  if (discovered) return { status: 200, body: discovered };
  const special = answerReview(api.access, user, call) ?? answerMetrics(api, user, call);
  if (special) return special;
  const address = addressIn(call.path);
  if (!address) throw noSuchAddress();
  return atAddress(api, { user, call, address });
}

interface Asked {
  readonly user: User;
  readonly call: Call;
  readonly address: Address;
}

function atAddress(api: Api, { user, call, address }: Asked): Answer {
  const { resource, name, namespace, subresource } = address;
  const verb = verbOf(call, address);
  if (verb === undefined) throw methodNotAllowed();
  const called = subresource === undefined ? resource : `${resource}/${subresource}`;
  const one = selectedName(call, name);
  api.access.demand(user, { verb, group: definitions[resource].group, resource: called, name: one, namespace });
  const isMeant = (verb === "patch" || verb === "update") && !call.parameters.has("dryRun");
  if (isMeant && resource === "deployments" && name !== undefined && name === api.denied) throw denied(name);
  const { cluster } = api;
  if (subresource === "log") {
    const pod = cluster.store.get("pods", name ?? "", namespace);
    if (!pod) throw notFound("pods", name ?? "");
    return answerLog(cluster, pod, call.parameters);
  }
  switch (verb) {
    case "get":
      return get(cluster, call, address);
    case "list":
      return list(cluster, call, address);
    case "watch":
      return watch(cluster, call, address);
    case "create":
      return create(cluster, call, address);
    case "update":
      return replace(cluster, call, address);
    case "patch":
      return patchObject(cluster, call, address);
    case "delete":
      return removeOne(cluster, call, address);
    case "deletecollection":
      return removeAll(cluster, call, address);
  }
}

/** A list of one name is asked for as that name, for who may read only some. */
function selectedName(call: Call, name: string | undefined): string | undefined {
  return name ?? /^metadata\.name=([^,]+)$/.exec(call.parameters.get("fieldSelector") ?? "")?.[1];
}

function get(cluster: Cluster, call: Call, address: Address): Answer {
  const { resource, name = "", namespace, subresource } = address;
  const object = cluster.store.get(resource, name, namespace);
  if (!object) throw notFound(resource, name);
  if (subresource === "scale") return { status: 200, body: scaleOf(object) };
  const include = wantsTable(call);
  if (include === undefined) return { status: 200, body: object };
  return { status: 200, body: drawn(cluster, { resource, objects: [object], include }) };
}

function list(cluster: Cluster, call: Call, { resource, namespace }: Address): Answer {
  const matches = matcherOf(call);
  const objects = cluster.store.list(resource, namespace).filter(matches);
  const include = wantsTable(call);
  if (include !== undefined) return { status: 200, body: drawn(cluster, { resource, objects, include }) };
  const { apiVersion, kind } = headOf(resource);
  // The real server leaves out what a list says once for all.
  const items = objects.map(({ apiVersion: _version, kind: _kind, ...item }) => item);
  const metadata = { resourceVersion: String(cluster.store.version) };
  return { status: 200, body: { kind: `${kind}List`, apiVersion, metadata, items } };
}

function drawn<Name extends Resource>(
  cluster: Cluster,
  { resource, objects, include }: { resource: Name; objects: readonly Kinds[Name][]; include: string },
): object {
  return tableOf(resource, objects, { now: cluster.at, version: String(cluster.store.version), include });
}

/** As an admission webhook says no, which is 403 as a missing right is. */
function denied(name: string): Refusal {
  return new Refusal(403, "Forbidden", {
    message: `admission webhook "freeze.prsm.org" denied the request: changes of ${name} are frozen`,
  });
}

function methodNotAllowed(): Refusal {
  return new Refusal(405, "MethodNotAllowed", {
    message: "the server does not allow this method on the requested resource",
    details: {},
  });
}
