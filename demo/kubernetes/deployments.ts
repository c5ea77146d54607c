import type { Cluster } from "./cluster.ts";
import { writeDeploymentStatus } from "./deployment-status.ts";
import { type Generations, generationsOf, revisionKey, revisionOf, roomOf } from "./generations.ts";
import type { Deployment, ReplicaSet } from "./kinds.ts";
import { controllerOf, hashLabel, hashOf } from "./owned.ts";
import { headOf } from "./store.ts";

const historyKey = "deployment.kubernetes.io/revision-history";
const desiredKey = "deployment.kubernetes.io/desired-replicas";
const maxKey = "deployment.kubernetes.io/max-replicas";
const from = "deployment-controller";

/** Brings deployments to what they ask for, ReplicaSet by ReplicaSet, as Kubernetes' own controller does. */
export function controlDeployments(cluster: Cluster): void {
  cluster.control("deployments", (name, namespace) => {
    const deployment = cluster.store.get("deployments", name, namespace);
    if (!deployment) {
      for (const set of cluster.store.list("replicasets", namespace)) {
        const isIts = set.metadata.ownerReferences?.some((each) => each.kind === "Deployment" && each.name === name);
        if (isIts) cluster.touch("replicasets", set.metadata.name, namespace);
      }
      return;
    }
    const generations = deployment.spec.paused ? generationsOf(cluster, deployment) : makeCurrent(cluster, deployment);
    if (deployment.spec.paused) followScale(cluster, deployment, generations);
    else if (deployment.spec.strategy.type === "Recreate") recreate(cluster, deployment, generations);
    else roll(cluster, deployment, generations);
    const present = cluster.store.get("deployments", name, namespace);
    if (!present) return;
    const after = generationsOf(cluster, present);
    writeDeploymentStatus(cluster, present, after);
    forget(cluster, present, after);
  });
}

function makeCurrent(cluster: Cluster, deployment: Deployment): Generations {
  const { current, old } = generationsOf(cluster, deployment);
  const newest = Math.max(0, ...old.map(revisionOf));
  const revision = current ? Math.max(revisionOf(current), newest + 1) : newest + 1;
  if (current && revisionOf(current) !== revision) {
    const history = current.metadata.annotations?.[historyKey];
    const past = history === undefined ? `${revisionOf(current)}` : `${history},${revisionOf(current)}`;
    annotate(cluster, current, { [revisionKey]: `${revision}`, [historyKey]: past, ...causeOf(deployment) });
  }
  if (!current) cluster.put("replicasets", makeSet(cluster, deployment, revision));
  const { annotations } = deployment.metadata;
  if (annotations?.[revisionKey] !== `${revision}`) {
    const metadata = { ...deployment.metadata, annotations: { ...annotations, [revisionKey]: `${revision}` } };
    cluster.put("deployments", { ...deployment, metadata });
  }
  return generationsOf(cluster, deployment);
}

function makeSet(cluster: Cluster, deployment: Deployment, revision: number): ReplicaSet {
  const { template, selector } = deployment.spec;
  const { name, namespace } = deployment.metadata;
  let hash = hashOf(template);
  for (let salt = 1; cluster.store.get("replicasets", `${name}-${hash}`, namespace); salt += 1) {
    hash = hashOf(template, salt);
  }
  const labels = { ...template.metadata.labels, [hashLabel]: hash };
  return {
    ...headOf("replicasets"),
    metadata: {
      name: `${name}-${hash}`,
      ...(namespace !== undefined && { namespace }),
      uid: "",
      resourceVersion: "",
      creationTimestamp: "",
      generation: 1,
      labels,
      annotations: { [revisionKey]: `${revision}`, ...causeOf(deployment) },
      ownerReferences: [controllerOf(deployment)],
    },
    spec: {
      replicas: 0,
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [hashLabel]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
    status: { replicas: 0 },
  };
}

/** One step of a rolling update: more of the new as far as there is room, fewer of the old as far as enough are left. */
function roll(cluster: Cluster, deployment: Deployment, { current, old }: Generations): void {
  if (!current) return;
  const { replicas } = deployment.spec;
  const { surge, unavailable } = roomOf(deployment);
  const total = sum([current, ...old], (set) => set.spec.replicas);
  const room = Math.max(0, replicas + surge - total);
  const now = current.spec.replicas;
  const grown = now > replicas ? replicas : Math.min(replicas, now + room);
  if (grown !== now) return scaleSet(cluster, deployment, { set: current, to: grown });
  const least = replicas - unavailable;
  const newMissing = current.spec.replicas - (current.status.availableReplicas ?? 0);
  let spare = total - least - newMissing;
  const oldest = old.toSorted((one, other) => revisionOf(one) - revisionOf(other));
  const left = new Map(oldest.map((set) => [set, set.spec.replicas]));
  for (const set of oldest) {
    const broken = Math.max(0, set.spec.replicas - (set.status.availableReplicas ?? 0));
    const fewer = Math.max(0, Math.min(broken, spare));
    left.set(set, set.spec.replicas - fewer);
    spare -= fewer;
  }
  const available = sum([current, ...old], (set) => set.status.availableReplicas ?? 0);
  let surplus = Math.max(0, available - least);
  for (const set of oldest) {
    const here = left.get(set) ?? 0;
    const fewer = Math.min(here, surplus, Math.max(0, spare));
    surplus -= fewer;
    spare -= fewer;
    if (here - fewer !== set.spec.replicas) scaleSet(cluster, deployment, { set, to: here - fewer });
  }
}

/** All of the old go before any of the new comes. */
function recreate(cluster: Cluster, deployment: Deployment, { current, old }: Generations): void {
  for (const set of old) if (set.spec.replicas > 0) scaleSet(cluster, deployment, { set, to: 0 });
  const isGone = old.every((set) => cluster.store.ownedBy("pods", set.metadata.uid).length === 0);
  const { replicas } = deployment.spec;
  if (current && isGone && current.spec.replicas !== replicas)
    scaleSet(cluster, deployment, { set: current, to: replicas });
  if (!isGone)
    cluster.after(1_000, () => cluster.touch("deployments", deployment.metadata.name, deployment.metadata.namespace));
}

/** A paused deployment still has as many pods as it asks for, in the proportions it was paused in. */
function followScale(cluster: Cluster, deployment: Deployment, { current, old }: Generations): void {
  const sets = [...(current ? [current] : []), ...old];
  const { replicas } = deployment.spec;
  const active = sets.filter((set) => set.spec.replicas > 0);
  const [only = current ?? newestOf(old)] = active;
  if (active.length <= 1) {
    if (only && only.spec.replicas !== replicas) scaleSet(cluster, deployment, { set: only, to: replicas });
    return;
  }
  const isNewScale = active.some((set) => set.metadata.annotations?.[desiredKey] !== `${replicas}`);
  if (!isNewScale) return;
  const total = sum(active, (set) => set.spec.replicas);
  const goal = replicas === 0 ? 0 : replicas + roomOf(deployment).surge;
  let left = goal;
  for (const [index, set] of active.entries()) {
    const share = index === active.length - 1 ? left : Math.min(left, Math.round((set.spec.replicas * goal) / total));
    left -= share;
    scaleSet(cluster, deployment, { set, to: share });
  }
}

function scaleSet(cluster: Cluster, deployment: Deployment, { set, to }: { set: ReplicaSet; to: number }): void {
  const { replicas } = deployment.spec;
  const { surge } = roomOf(deployment);
  const { generation = 1, annotations } = set.metadata;
  const known = { ...annotations, [desiredKey]: `${replicas}`, [maxKey]: `${replicas + surge}` };
  const isOther = set.spec.replicas !== to;
  const metadata = { ...set.metadata, annotations: known, generation: isOther ? generation + 1 : generation };
  cluster.put("replicasets", { ...set, metadata, spec: { ...set.spec, replicas: to } });
  cluster.touch("deployments", deployment.metadata.name, deployment.metadata.namespace);
  if (!isOther) return;
  const direction = to > set.spec.replicas ? "up" : "down";
  const message = `Scaled ${direction} replica set ${set.metadata.name} from ${set.spec.replicas} to ${to}`;
  cluster.tell({ about: deployment, reason: "ScalingReplicaSet", message, from });
}

/** Old ReplicaSets without pods go, beyond so many as the deployment keeps. */
function forget(cluster: Cluster, deployment: Deployment, { old }: Generations): void {
  const empty = old.filter((set) => set.spec.replicas === 0 && (set.status.replicas ?? 0) === 0);
  const surplus = empty.length - deployment.spec.revisionHistoryLimit;
  const oldest = empty.toSorted((one, other) => revisionOf(one) - revisionOf(other));
  for (const set of oldest.slice(0, Math.max(0, surplus))) cluster.store.remove("replicasets", set);
}

function annotate(cluster: Cluster, set: ReplicaSet, more: Record<string, string>): void {
  const annotations = { ...set.metadata.annotations, ...more };
  cluster.put("replicasets", { ...set, metadata: { ...set.metadata, annotations } });
}

function causeOf({ metadata }: Deployment): Record<string, string> {
  const cause = metadata.annotations?.["kubernetes.io/change-cause"];
  return cause === undefined ? {} : { "kubernetes.io/change-cause": cause };
}

function newestOf(sets: readonly ReplicaSet[]): ReplicaSet | undefined {
  return sets.toSorted((one, other) => revisionOf(other) - revisionOf(one))[0];
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
