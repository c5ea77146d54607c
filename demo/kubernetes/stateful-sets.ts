import type { Cluster } from "./cluster.ts";
import type { Pod, StatefulSet } from "./kinds.ts";
import { controllerOf, endPod, hashOf, isReady, makePod } from "./owned.ts";
import { headOf } from "./store.ts";

const from = "statefulset-controller";
const revisionLabel = "controller-revision-hash";

/** Keeps the numbered pods of a StatefulSet, one after the other: made from 0 up, ended and renewed from the last down. */
export function controlStatefulSets(cluster: Cluster): void {
  cluster.control("statefulsets", (name, namespace) => {
    const set = cluster.store.get("statefulsets", name, namespace);
    if (!set) {
      for (const pod of cluster.store.list("pods", namespace)) {
        if (pod.metadata.ownerReferences?.some((each) => each.kind === "StatefulSet" && each.name === name)) {
          endPod(cluster, pod);
        }
      }
      return;
    }
    const revision = revise(cluster, set);
    step(cluster, set, revision);
    writeStatus(cluster, set, revision);
  });
}

/** The name of the revision of its present template, which is written down when it is new. */
function revise(cluster: Cluster, set: StatefulSet): string {
  const { name, namespace } = set.metadata;
  const revision = `${name}-${hashOf(set.spec.template)}`;
  const known = cluster.store.ownedBy("controllerrevisions", set.metadata.uid);
  const newest = Math.max(0, ...known.map((each) => each.revision));
  const same = known.find((each) => each.metadata.name === revision);
  if (same && same.revision === newest) return revision;
  if (same) {
    cluster.put("controllerrevisions", { ...same, revision: newest + 1 });
    return revision;
  }
  cluster.put("controllerrevisions", {
    ...headOf("controllerrevisions"),
    metadata: {
      name: revision,
      ...(namespace !== undefined && { namespace }),
      uid: "",
      resourceVersion: "",
      creationTimestamp: "",
      labels: set.spec.template.metadata.labels,
      ownerReferences: [controllerOf(set)],
    },
    data: { spec: { template: { ...set.spec.template, $patch: "replace" } } },
    revision: newest + 1,
  });
  return revision;
}

function step(cluster: Cluster, set: StatefulSet, revision: string): void {
  const pods = cluster.store.ownedBy("pods", set.metadata.uid);
  const byNumber = new Map(pods.map((pod) => [numberOf(pod), pod]));
  for (let number = 0; number < set.spec.replicas; number += 1) {
    const pod = byNumber.get(number);
    if (!pod) return make(cluster, set, { number, revision });
    if (pod.metadata.deletionTimestamp !== undefined) return;
    if (!isReady(pod) && pod.metadata.labels?.[revisionLabel] === revision) return;
  }
  const surplus = pods.filter((pod) => numberOf(pod) >= set.spec.replicas);
  const stale = pods.filter((pod) => pod.metadata.labels?.[revisionLabel] !== revision);
  const last = [surplus, stale]
    .find((each) => each.length > 0)
    ?.toSorted((one, other) => numberOf(other) - numberOf(one))[0];
  if (!last || last.metadata.deletionTimestamp !== undefined) return;
  endPod(cluster, last);
  const message = `delete Pod ${last.metadata.name} in StatefulSet ${set.metadata.name} successful`;
  cluster.tell({ about: set, reason: "SuccessfulDelete", message, from });
}

function make(cluster: Cluster, set: StatefulSet, { number, revision }: { number: number; revision: string }): void {
  const { template } = set.spec;
  const name = `${set.metadata.name}-${number}`;
  const labels = {
    ...template.metadata.labels,
    "apps.kubernetes.io/pod-index": `${number}`,
    [revisionLabel]: revision,
    "statefulset.kubernetes.io/pod-name": name,
  };
  cluster.put("pods", makePod(set, name, { ...template, metadata: { ...template.metadata, labels } }));
  const message = `create Pod ${name} in StatefulSet ${set.metadata.name} successful`;
  cluster.tell({ about: set, reason: "SuccessfulCreate", message, from });
}

function writeStatus(cluster: Cluster, { metadata: { name, namespace, uid } }: StatefulSet, revision: string): void {
  const set = cluster.store.get("statefulsets", name, namespace);
  if (!set) return;
  const pods = cluster.store.ownedBy("pods", uid).filter((pod) => pod.metadata.deletionTimestamp === undefined);
  const ready = pods.filter(isReady).length;
  const updated = pods.filter((pod) => pod.metadata.labels?.[revisionLabel] === revision).length;
  const isWhole = updated === set.spec.replicas && ready === updated;
  cluster.put("statefulsets", {
    ...set,
    status: {
      ...set.status,
      observedGeneration: set.metadata.generation ?? 1,
      replicas: pods.length,
      readyReplicas: ready,
      availableReplicas: ready,
      currentReplicas: isWhole ? updated : pods.length - updated,
      updatedReplicas: updated,
      currentRevision: isWhole ? revision : (set.status.currentRevision ?? revision),
      updateRevision: revision,
      collisionCount: 0,
    },
  });
}

function numberOf({ metadata }: Pod): number {
  return Number(metadata.name.slice(metadata.name.lastIndexOf("-") + 1));
}
