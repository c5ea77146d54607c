import { z } from "zod";
import { BackendError } from "../../domain/failure.ts";
import type { ComponentDetail } from "../../domain/systems/health.ts";
import type { Look, Taken } from "../../domain/systems/reading.ts";
import { counted } from "../../domain/text/quantities.ts";
import { redact } from "../../domain/text/redact.ts";
import { toldBySomebodyElse } from "../wire/tells-nothing.ts";
import type { Kube } from "./api.ts";
import { connectionIn, KubeName, ofNamespace, saysOne, type WorkloadKind, workloadKinds } from "./connection.ts";
import type { KubeWorkload } from "./objects.ts";
import { podStanding, worstPod } from "./pods.ts";
import { isSeen, podsOf, readWorkload, type WorkloadRef } from "./workload.ts";

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

/** A workload by the name under which a step says how many it leaves of it. */
export function sizedName({ kind, name }: WorkloadRef): string {
  return `kubernetes ${kind} ${name}`;
}

export const KubernetesHealth = z.strictObject({ kubernetes: ofWorkload({}) });

/**
 * Enough of its pods are available; it is impaired when one of them fails for good or its rollout is stuck all the same, as a
 * bad release beside the pods of the one before, for as long as a rollout is under way, or when some are on their way and none
 * fails, as while an autoscaler adds some.
 * Throws BackendError where fewer are than it has to have otherwise: what has no pods at all, as after it was scaled to zero, is
 * not well. What is wrong with the cluster's API tells nothing of what it runs.
 */
export async function checkWorkload(
  kube: Kube,
  { kubernetes }: z.output<typeof KubernetesHealth>,
  { deadlineMs, round }: Look,
): Promise<Taken<ComponentDetail>> {
  const at = { connection: connectionIn(kubernetes), deadlineMs, round };
  const ref = workloadIn(kubernetes);
  const workload = await toldBySomebodyElse(readWorkload(kube, at, ref));
  const pods = (await toldBySomebodyElse(podsOf(kube, at, workload))).map(podStanding);
  const desired = workload.spec.replicas ?? 1;
  const available = availableOf(workload);
  const worst = worstPod(pods);
  const short = shortWords(workload);
  // None fails: as many as it had answer, and those that it was given more are on their way.
  const isGrowing = short.length > 0 && available > 0 && worst === undefined && stuckWords(workload).length === 0;
  const why =
    worst &&
    `${worst.name} is in ${worst.status}${worst.restarts > 0 ? ` after ${counted(worst.restarts, "restart")}` : ""}`;
  // A statefulset may be told to replace no pod by itself.
  const rolling = ref.kind === "deployment" ? rolloutWords(workload) : [];
  const problems = [...(why === undefined ? [] : [why]), ...stuckWords(workload), ...rolling, ...short];
  const paused = workload.spec.paused ? ", its rollout is paused" : "";
  const count = `${available} of ${desired} available${paused}`;
  if (problems.length === 0) return { value: { detail: count } };
  const detail = redact(`${count}: ${problems.join("; ")}`);
  if (short.length === 0 || isGrowing) return { value: { detail, impaired: true } };
  const emptied = desired === 0 ? { emptied: sizedName(ref) } : {};
  throw new BackendError(`${ref.kind} ${ref.name}`, { fault: "unwell", detail, ...emptied });
}

/** What is not said of it is none: Kubernetes leaves zeros out. */
export function availableOf({ status }: KubeWorkload): number {
  return status.availableReplicas ?? 0;
}

/**
 * That its rollout is under way; empty where it is not. What is rolled out and ends soon after its start is well for as long as it
 * starts: how far the rollout is does not come and go with that.
 */
function rolloutWords(workload: KubeWorkload): string[] {
  const { replicas: desired = 1 } = workload.spec;
  const { updatedReplicas: updated = 0 } = workload.status;
  const isUnderWay = !isSeen(workload) || updated < desired;
  return isUnderWay && desired > 0 ? [`its rollout is under way, ${updated} of ${desired} are new`] : [];
}

/** Why its rollout has come to a stop; empty while it goes on. */
export function stuckWords({ status }: KubeWorkload): string[] {
  const stuck = (status.conditions ?? []).find(
    ({ type, reason }) => type === "Progressing" && reason === "ProgressDeadlineExceeded",
  );
  return stuck ? [`its rollout is stuck (ProgressDeadlineExceeded)${stuck.message ? `: ${stuck.message}` : ""}`] : [];
}

/**
 * Why too few are available; empty where enough are. A deployment says itself whether they are; a statefulset does not, and
 * replaces one pod at a time.
 */
function shortWords(workload: KubeWorkload): string[] {
  const { spec, status } = workload;
  const desired = spec.replicas ?? 1;
  const available = availableOf(workload);
  if (desired === 0) return ["it is scaled to zero"];
  if (available === 0) return ["none is available"];
  const said = (status.conditions ?? []).find(({ type }) => type === "Available")?.status;
  const isShort = said === undefined || said === "Unknown" ? available < desired - 1 : said === "False";
  return isShort ? ["fewer are available than it has to have"] : [];
}
