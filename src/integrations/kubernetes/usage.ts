import { BackendError } from "../../domain/failure.ts";
import type { GivenValue } from "../../domain/systems/metrics.ts";
import type { Kube, KubeCall } from "./api.ts";
import { KubePodMetrics, type KubeWorkload, kubeList, quantityOf, selectorText } from "./objects.ts";

/** What one pod uses: cores, and bytes. */
interface PodUsage {
  readonly name: string;
  readonly cpu: number;
  readonly memory: number;
}

/** What pods use now, by metrics.k8s.io, that is by the cluster's metrics-server. Throws BackendError. */
export async function podUsages(
  kube: Kube,
  at: KubeCall,
  parameters: Readonly<Record<string, string>> = {},
): Promise<readonly PodUsage[]> {
  const { items } = await metricsOf(kube, at, parameters);
  return items.map(({ metadata, containers }) => {
    const sum = (of: "cpu" | "memory"): number =>
      containers.reduce((all, { name, usage }) => all + read(metadata.name, name, usage[of]), 0);
    return { name: metadata.name, cpu: sum("cpu"), memory: sum("memory") };
  });
}

async function metricsOf(kube: Kube, at: KubeCall, parameters: Readonly<Record<string, string>>) {
  try {
    return await kube.json(at, { verb: "list", resource: "pods.metrics", parameters }, kubeList(KubePodMetrics));
  } catch (error) {
    if (!(error instanceof BackendError) || (error.status !== 404 && error.status !== 503)) throw error;
    const detail = "has no metrics API (metrics.k8s.io): the cluster's metrics-server is not there, or not ready";
    throw new BackendError(error.backend, { fault: "missing", detail });
  }
}

/** Over all pods of a workload. Throws BackendError: of no pod nothing is known, and nothing is not zero. */
export async function workloadUsage(
  kube: Kube,
  at: KubeCall,
  { metadata, spec }: KubeWorkload,
  of: "cpu" | "memory",
): Promise<GivenValue> {
  const usages = await podUsages(kube, at, { labelSelector: selectorText(spec.selector) });
  if (usages.length === 0)
    throw new BackendError(metadata.name, { fault: "missing", detail: "has no pod whose usage is known yet" });
  return { value: usages.reduce((sum, usage) => sum + usage[of], 0) };
}

function read(pod: string, container: string, text: string): number {
  const value = quantityOf(text);
  if (value !== undefined) return value;
  throw new BackendError(`pod ${pod}`, {
    fault: "nonsense",
    detail: `${container} uses ${text.slice(0, 40)}, which is no quantity`,
  });
}
