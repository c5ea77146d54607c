import { createRandom } from "../random.ts";
import type { Cluster } from "./cluster.ts";
import type { Autoscaler, Pod } from "./kinds.ts";
import { amountOf } from "./quantity.ts";

/** How often the metrics server looks, in ms. */
export const windowMs = 15_000;
/** What all pods of a workload together use, in cores, however many share it; a pod's own idle use comes on top. */
const loads: Readonly<Record<string, number>> = {
  "prsm-api": 0.9,
  "prsm-worker": 1.45,
  postgres: 0.35,
  redis: 0.12,
  ipfs: 0.25,
  "postgres-replica": 0.2,
};

export interface Usage {
  /** In cores. */
  readonly cpu: number;
  /** In bytes. */
  readonly memory: number;
  /** When it was measured, ms since 1970. */
  readonly at: number;
}

/** What each container of a pod uses; undefined for a pod that has not run long enough to be measured. */
export function usageOf(cluster: Cluster, pod: Pod): ReadonlyMap<string, Usage> | undefined {
  const at = Math.floor(cluster.at / windowMs) * windowMs;
  const app = pod.metadata.labels?.["app"] ?? "";
  const running = (pod.status.containerStatuses ?? []).filter((each) => each.state.running);
  const started = Math.max(0, ...running.map((each) => Date.parse(each.state.running?.startedAt ?? "")));
  if (running.length === 0 || cluster.at - started < windowMs) return undefined;
  const sharing = cluster.store.list("pods", pod.metadata.namespace).filter((each) => {
    return each.metadata.labels?.["app"] === app && each.status.phase === "Running";
  });
  const random = createRandom(`${pod.metadata.uid}/${at}`);
  const jitter = random.between(0.85, 1.15);
  const share = (loads[app] ?? 0.05) / Math.max(1, sharing.length);
  return new Map(
    running.map((each) => {
      const wanted = pod.spec.containers.find(({ name }) => name === each.name)?.resources?.requests?.["memory"];
      const memory = Math.round(amountOf(wanted ?? "128Mi") * random.between(0.62, 0.78));
      return [each.name, { cpu: 0.004 + share * jitter, memory, at }];
    }),
  );
}

/**
 * What the pods that an autoscaler looks after use of what they request, in per cent, and how many of them were measured;
 * undefined while none was.
 */
export function utilisationOf(
  cluster: Cluster,
  scaler: Autoscaler,
  app: string,
): { readonly percent: number; readonly pods: number } | undefined {
  const pods = cluster.store
    .list("pods", scaler.metadata.namespace)
    .filter((pod) => pod.metadata.labels?.["app"] === app);
  let [used, wanted, count] = [0, 0, 0];
  for (const pod of pods) {
    const measured = usageOf(cluster, pod);
    if (!measured) continue;
    count += 1;
    for (const { cpu } of measured.values()) used += cpu;
    for (const each of pod.spec.containers) wanted += amountOf(each.resources?.requests?.["cpu"]);
  }
  return wanted === 0 ? undefined : { percent: Math.round((used / wanted) * 100), pods: count };
}
