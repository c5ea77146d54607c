import type { Cluster } from "./cluster.ts";
import type { Pod, ReplicaSet } from "./kinds.ts";
import { endPod, isReady, makePod, suffix } from "./owned.ts";

const from = "replicaset-controller";

/** Keeps as many pods of a ReplicaSet as it asks for; what has lost its deployment goes with it. */
export function controlReplicaSets(cluster: Cluster): void {
  cluster.control("replicasets", (name, namespace) => {
    const set = cluster.store.get("replicasets", name, namespace);
    if (!set) return;
    if (isOrphan(cluster, set)) {
      cluster.store.remove("replicasets", set);
      for (const pod of cluster.store.ownedBy("pods", set.metadata.uid)) endPod(cluster, pod);
      return;
    }
    balance(cluster, set);
    writeStatus(cluster, set);
  });
}

function isOrphan(cluster: Cluster, { metadata }: ReplicaSet): boolean {
  const owner = metadata.ownerReferences?.find((each) => each.kind === "Deployment");
  if (!owner) return false;
  return cluster.store.get("deployments", owner.name, metadata.namespace)?.metadata.uid !== owner.uid;
}

function balance(cluster: Cluster, set: ReplicaSet): void {
  const pods = podsOf(cluster, set);
  const missing = set.spec.replicas - pods.length;
  for (let made = 0; made < missing; made += 1) {
    const pod = cluster.put("pods", makePod(set, `${set.metadata.name}-${suffix(cluster, 5)}`, set.spec.template));
    const message = `Created pod: ${pod.metadata.name}`;
    cluster.tell({ about: set, reason: "SuccessfulCreate", message, from });
  }
  const surplus = pods.toSorted(byWorth).slice(0, Math.max(0, -missing));
  for (const pod of surplus) {
    endPod(cluster, pod);
    const message = `Deleted pod: ${pod.metadata.name}`;
    cluster.tell({ about: set, reason: "SuccessfulDelete", message, from });
  }
}

function worth(pod: Pod): number {
  if (isReady(pod)) return 2;
  return pod.status.phase === "Running" ? 1 : 0;
}

/** Those that go first: not ready before ready, then the youngest. */
function byWorth(one: Pod, other: Pod): number {
  return worth(one) - worth(other) || other.metadata.creationTimestamp.localeCompare(one.metadata.creationTimestamp);
}

function writeStatus(cluster: Cluster, { metadata: { name, namespace } }: ReplicaSet): void {
  const set = cluster.store.get("replicasets", name, namespace);
  if (!set) return;
  const pods = podsOf(cluster, set);
  const ready = pods.filter(isReady).length;
  const { generation = 1 } = set.metadata;
  const counts = { replicas: pods.length, fullyLabeledReplicas: pods.length, readyReplicas: ready };
  const status = { ...set.status, ...counts, availableReplicas: ready, observedGeneration: generation };
  cluster.put("replicasets", { ...set, status });
}

function podsOf(cluster: Cluster, set: ReplicaSet): Pod[] {
  const pods = cluster.store.ownedBy("pods", set.metadata.uid);
  return pods.filter((pod) => pod.metadata.deletionTimestamp === undefined);
}
