import type { Cluster } from "./cluster.ts";
import { type Generations, roomOf } from "./generations.ts";
import type { Deployment } from "./kinds.ts";
import { type Condition, conditionSet } from "./owned.ts";
import { stamp } from "./store.ts";

type Wanted = Parameters<typeof conditionSet>[1];

interface Counts {
  readonly replicas: number;
  readonly updatedReplicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
  readonly unavailableReplicas: number;
}

/** Writes what the deployment has come to, with the reasons that the real controller gives. */
export function writeDeploymentStatus(cluster: Cluster, deployment: Deployment, generations: Generations): void {
  const { status, metadata } = deployment;
  const counts = countsOf(deployment, generations);
  const now = stamp(cluster.at);
  let conditions: Condition[] = status.conditions ?? [];
  conditions = conditionSet(conditions, availability(deployment, counts), now);
  const progress = progressOf(cluster, deployment, { counts, generations });
  if (progress) conditions = conditionSet(conditions, progress.wanted, now);
  // A step of progress starts the deadline anew, even where the words stay.
  if (progress?.isStep) {
    conditions = conditions.map((each) => (each.type === "Progressing" ? { ...each, lastUpdateTime: now } : each));
  }
  const observedGeneration = metadata.generation ?? 1;
  cluster.put("deployments", { ...deployment, status: { ...status, observedGeneration, ...counts, conditions } });
  watchDeadline(cluster, deployment, conditions);
}

function countsOf({ spec }: Deployment, { current, old }: Generations): Counts {
  const sets = [...(current ? [current] : []), ...old];
  const total = (of: (set: (typeof sets)[number]) => number | undefined): number =>
    sets.reduce((sum, set) => sum + (of(set) ?? 0), 0);
  const available = total((set) => set.status.availableReplicas);
  return {
    replicas: total((set) => set.status.replicas),
    updatedReplicas: current?.status.replicas ?? 0,
    readyReplicas: total((set) => set.status.readyReplicas),
    availableReplicas: available,
    unavailableReplicas: Math.max(
      0,
      Math.max(
        spec.replicas,
        total((set) => set.spec.replicas),
      ) - available,
    ),
  };
}

function availability(deployment: Deployment, { availableReplicas }: Counts): Wanted {
  const isEnough = availableReplicas >= deployment.spec.replicas - roomOf(deployment).unavailable;
  return isEnough
    ? {
        type: "Available",
        status: "True",
        reason: "MinimumReplicasAvailable",
        message: "Deployment has minimum availability.",
      }
    : {
        type: "Available",
        status: "False",
        reason: "MinimumReplicasUnavailable",
        message: "Deployment does not have minimum availability.",
      };
}

interface Looked {
  readonly counts: Counts;
  readonly generations: Generations;
}

function say(state: string, reason: string, message: string): Wanted {
  return { type: "Progressing", status: state, reason, message };
}

/** Undefined: the condition stays as it is. */
function progressOf(
  cluster: Cluster,
  deployment: Deployment,
  { counts, generations: { current } }: Looked,
): { wanted: Wanted; isStep: boolean } | undefined {
  const { spec, status } = deployment;
  const known = status.conditions?.find(({ type }) => type === "Progressing");
  if (spec.paused) {
    return { wanted: say("Unknown", "DeploymentPaused", "Deployment is paused"), isStep: false };
  }
  if (!current) return undefined;
  const name = `ReplicaSet "${current.metadata.name}"`;
  const { replicas, updatedReplicas, availableReplicas } = counts;
  const isWhole = updatedReplicas === spec.replicas && replicas === spec.replicas;
  const isTold = known?.message?.includes(name) ?? false;
  // Once whole, losing a pod or being scaled is no rollout.
  if (known?.reason === "NewReplicaSetAvailable" && isTold && replicas === updatedReplicas) return undefined;
  if (isWhole && availableReplicas === spec.replicas) {
    return { wanted: say("True", "NewReplicaSetAvailable", `${name} has successfully progressed.`), isStep: false };
  }
  if (known?.reason === "DeploymentPaused") {
    return { wanted: say("Unknown", "DeploymentResumed", "Deployment is resumed"), isStep: true };
  }
  const isStep =
    !isTold ||
    updatedReplicas > (status.updatedReplicas ?? 0) ||
    replicas - updatedReplicas < (status.replicas ?? 0) - (status.updatedReplicas ?? 0) ||
    availableReplicas > (status.availableReplicas ?? 0);
  if (isStep) return { wanted: say("True", "ReplicaSetUpdated", `${name} is progressing.`), isStep: true };
  const since = Date.parse(known?.lastUpdateTime ?? stamp(cluster.at));
  if (known?.status === "False" || cluster.at - since < spec.progressDeadlineSeconds * 1_000) return undefined;
  return { wanted: say("False", "ProgressDeadlineExceeded", `${name} has timed out progressing.`), isStep: false };
}

/** Looks again when the deadline is over, for nothing else may happen until then. */
function watchDeadline(cluster: Cluster, { spec, metadata }: Deployment, conditions: readonly Condition[]): void {
  const progress = conditions.find(({ type }) => type === "Progressing");
  if (spec.paused || progress?.status === "False" || progress?.reason === "NewReplicaSetAvailable") return;
  const over = Date.parse(progress?.lastUpdateTime ?? "") + spec.progressDeadlineSeconds * 1_000 - cluster.at;
  if (over > 0) cluster.after(over, () => cluster.touch("deployments", metadata.name, metadata.namespace));
}
