import { z } from "zod";
import { BackendError } from "../../domain/failure.ts";
import type { ComponentDetail } from "../../domain/systems/health.ts";
import type { Look, Taken } from "../../domain/systems/reading.ts";
import { redact } from "../../domain/text/redact.ts";
import type { Kube } from "./api.ts";
import { connectionIn, KubeName, ofNamespace, saysOne, type WorkloadKind, workloadKinds } from "./connection.ts";
import type { KubeWorkload } from "./objects.ts";
import { podStanding, worstPod } from "./pods.ts";
import { podsOf, readWorkload, type WorkloadRef } from "./workload.ts";

const OneWorkload = { deployment: KubeName.optional(), statefulset: KubeName.optional() };

/** What is said of one workload, by its kind. */
export function ofWorkload<Shape extends z.ZodRawShape>(shape: Shape) {
  return ofNamespace({ ...OneWorkload, ...shape }).refine(
    saysOne(workloadKinds),
    "name one deployment or one statefulset",
  );
}

export function workloadIn(spec: Readonly<Partial<Record<WorkloadKind, string | undefined>>>): WorkloadRef {
  for (const kind of workloadKinds) {
    const name = spec[kind];
    if (name !== undefined) return { kind, name };
  }
  throw new Error("it names no workload");
}

export const KubernetesHealth = z.strictObject({ kubernetes: ofWorkload({}) });

/**
 * Enough of its pods are available, none of them fails for good, and its rollout goes on. Throws BackendError: what has no
 * pods at all, as after it was scaled to zero, is not well.
 */
export async function checkWorkload(
  kube: Kube,
  { kubernetes }: z.output<typeof KubernetesHealth>,
  { deadlineMs, round }: Look,
): Promise<Taken<ComponentDetail>> {
  const at = { connection: connectionIn(kubernetes), deadlineMs, round };
  const ref = workloadIn(kubernetes);
  const workload = await readWorkload(kube, at, ref);
  const pods = (await podsOf(kube, at, workload)).map(podStanding);
  const desired = workload.spec.replicas ?? 1;
  const available = availableOf(workload);
  const worst = worstPod(pods);
  const why =
    worst && `${worst.name} is in ${worst.status}${worst.restarts > 0 ? ` after ${worst.restarts} restarts` : ""}`;
  const problems = [
    ...(desired === 0 ? ["it is scaled to zero"] : []),
    ...(why === undefined ? [] : [why]),
    ...stuckWords(workload),
    ...(desired > 0 && available === 0 ? ["none is available"] : []),
    ...unavailableWords(workload),
  ];
  const paused = workload.spec.paused ? ", its rollout is paused" : "";
  const count = `${available} of ${desired} available${paused}`;
  if (problems.length === 0) return { value: { detail: count } };
  throw new BackendError(`${ref.kind} ${ref.name}`, {
    fault: "unwell",
    detail: redact(`${count}: ${[...new Set(problems)].join("; ")}`),
  });
}

/** What is not said of it is none: Kubernetes leaves zeros out. */
export function availableOf({ status }: KubeWorkload): number {
  return status.availableReplicas ?? 0;
}

/** Why its rollout has come to a stop; empty while it goes on. */
export function stuckWords({ status }: KubeWorkload): string[] {
  const stuck = (status.conditions ?? []).find(
    ({ type, reason }) => type === "Progressing" && reason === "ProgressDeadlineExceeded",
  );
  return stuck ? [`its rollout is stuck (ProgressDeadlineExceeded)${stuck.message ? `: ${stuck.message}` : ""}`] : [];
}

function unavailableWords({ status }: KubeWorkload): string[] {
  const short = (status.conditions ?? []).find(({ type, status: is }) => type === "Available" && is === "False");
  return short ? ["fewer are available than it has to have"] : [];
}
