import type { Cluster } from "./cluster.ts";
import type { Autoscaler } from "./kinds.ts";
import { conditionSet } from "./owned.ts";
import { stamp } from "./store.ts";
import { utilisationOf, windowMs } from "./usage.ts";

const from = "horizontal-pod-autoscaler";
/** Between two ways of the measured load and the wanted one that are taken for the same. */
const tolerance = 0.1;

/** Looks at every autoscaler each 15 s from now on: it sets the count it thinks right, whoever set another. */
export function controlAutoscalers(cluster: Cluster): void {
  const look = (): void => {
    for (const scaler of cluster.store.list("horizontalpodautoscalers")) judge(cluster, scaler);
    cluster.after(windowMs, look);
  };
  cluster.after(windowMs, look);
}

function judge(cluster: Cluster, scaler: Autoscaler): void {
  const { scaleTargetRef, minReplicas, maxReplicas, metrics } = scaler.spec;
  const { namespace } = scaler.metadata;
  const target = cluster.store.get("deployments", scaleTargetRef.name, namespace);
  if (!target) return;
  const { replicas } = target.spec;
  if (replicas === 0) return disable(cluster, scaler);
  const goal = metrics[0]?.resource?.target.averageUtilization ?? 80;
  const used = utilisationOf(cluster, scaler, scaleTargetRef.name);
  const ratio = used === undefined ? 1 : used.percent / goal;
  const asked = Math.abs(ratio - 1) <= tolerance ? replicas : Math.ceil((used?.pods ?? replicas) * ratio);
  const desired = Math.min(maxReplicas, Math.max(minReplicas, asked));
  const now = stamp(cluster.at);
  if (desired !== replicas) {
    const why =
      replicas > maxReplicas
        ? "Current number of replicas above Spec.MaxReplicas"
        : replicas < minReplicas
          ? "Current number of replicas below Spec.MinReplicas"
          : ratio > 1
            ? "cpu resource utilization (percentage of request) above target"
            : "All metrics below target";
    const { generation = 1 } = target.metadata;
    const metadata = { ...target.metadata, generation: generation + 1 };
    cluster.put("deployments", { ...target, metadata, spec: { ...target.spec, replicas: desired } });
    const message = `New size: ${desired}; reason: ${why}`;
    cluster.tell({ about: scaler, reason: "SuccessfulRescale", message, from });
  }
  const message =
    "the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)";
  const active = { type: "ScalingActive", status: "True", reason: "ValidMetricFound", message };
  const able = {
    type: "AbleToScale",
    status: "True",
    reason: desired === replicas ? "ReadyForNewScale" : "SucceededRescale",
    message:
      desired === replicas
        ? "recommended size matches current size"
        : `the HPA controller was able to update the target scale to ${desired}`,
  };
  const known = scaler.status.conditions ?? [];
  const conditions = conditionSet(conditionSet(known, able, now), active, now);
  const current = used === undefined ? [] : [currentOf(used.percent)];
  const counts = { currentReplicas: replicas, desiredReplicas: desired };
  const scaled = desired === replicas ? {} : { lastScaleTime: now };
  const status = { ...scaler.status, ...counts, ...scaled, currentMetrics: current, conditions };
  cluster.put("horizontalpodautoscalers", { ...scaler, status });
}

/** A workload at zero is left there: scaling by load is off until somebody starts it. */
function disable(cluster: Cluster, scaler: Autoscaler): void {
  const message = "scaling is disabled since the replica count of the target is zero";
  const off = { type: "ScalingActive", status: "False", reason: "ScalingDisabled", message };
  const conditions = conditionSet(scaler.status.conditions ?? [], off, stamp(cluster.at));
  const status = { ...scaler.status, currentReplicas: 0, desiredReplicas: 0, conditions };
  cluster.put("horizontalpodautoscalers", { ...scaler, status });
}

function currentOf(used: number): object {
  return { type: "Resource", resource: { name: "cpu", current: { averageUtilization: used } } };
}
