import type { Answer, Call } from "../service.ts";
import type { Access, User } from "./access.ts";
import { matcherOf } from "./addresses.ts";
import type { Cluster } from "./cluster.ts";
import type { Pod, Thing } from "./kinds.ts";
import { noSuchAddress, Refusal } from "./status.ts";
import { stamp } from "./store.ts";
import { type Usage, usageOf, windowMs } from "./usage.ts";

const group = "metrics.k8s.io";
const apiVersion = `${group}/v1beta1`;

/** Answers for the metrics server; undefined for what is not its to answer. */
export function answerMetrics(
  { cluster, access }: { readonly cluster: Cluster; readonly access: Access },
  user: User,
  call: Call,
): Answer | undefined {
  const [, inside, namespace, resource = "", name] =
    /^\/apis\/metrics\.k8s\.io\/v1beta1\/(namespaces\/([^/]+)\/)?(pods|nodes)(?:\/([^/]+))?$/.exec(call.path) ?? [];
  if (resource === "") return undefined;
  if (call.method !== "GET" || (inside !== undefined && resource === "nodes")) throw noSuchAddress();
  access.demand(user, { verb: name === undefined ? "list" : "get", group, resource, name, namespace });
  const matches = matcherOf(call, name);
  const items =
    resource === "pods"
      ? cluster.store
          .list("pods", namespace)
          .filter(matches)
          .flatMap((pod) => podMetrics(cluster, pod) ?? [])
      : cluster.store
          .list("nodes")
          .filter(matches)
          .map((node) => nodeMetrics(cluster, node));
  if (name === undefined) {
    const kind = resource === "pods" ? "PodMetricsList" : "NodeMetricsList";
    return { status: 200, body: { kind, apiVersion, metadata: {}, items } };
  }
  const [only] = items;
  if (only) return { status: 200, body: only };
  throw new Refusal(404, "NotFound", {
    message: `${resource}.${group} "${namespace === undefined ? name : `${namespace}/${name}`}" not found`,
    details: { name, group, kind: resource },
  });
}

function podMetrics(cluster: Cluster, pod: Pod): object | undefined {
  const usage = usageOf(cluster, pod);
  if (!usage) return undefined;
  const at = [...usage.values()][0]?.at ?? cluster.at;
  const containers = [...usage].map(([name, used]) => ({ name, usage: written(used) }));
  return { kind: "PodMetrics", apiVersion, ...head(pod, at), containers };
}

function nodeMetrics(cluster: Cluster, node: Thing): object {
  const total = { cpu: 0.22, memory: 1.4 * 1024 ** 3, at: cluster.at };
  for (const pod of cluster.store.list("pods").filter((each) => each.spec.nodeName === node.metadata.name)) {
    for (const used of usageOf(cluster, pod)?.values() ?? []) {
      total.cpu += used.cpu;
      total.memory += used.memory;
    }
  }
  return { kind: "NodeMetrics", apiVersion, ...head(node, total.at), usage: written(total) };
}

function head({ metadata }: Thing, at: number): object {
  const { name, namespace, labels } = metadata;
  const shown = { name, ...(namespace !== undefined && { namespace }), creationTimestamp: stamp(at), labels };
  return { metadata: shown, timestamp: stamp(at), window: `${windowMs / 1_000}s` };
}

function written({ cpu, memory }: Usage): object {
  return { cpu: `${Math.round(cpu * 1e9)}n`, memory: `${Math.round(memory / 1024)}Ki` };
}
