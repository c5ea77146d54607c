import { z } from "zod";
import { BackendError } from "../../domain/failure.ts";
import type { StepEnd } from "../../domain/systems/steps.ts";
import type { Kube, KubeCall } from "./api.ts";
import { KubePod } from "./objects.ts";
import { type KubeChange, refused } from "./patch-workload.ts";

interface PlannedPod {
  readonly pod: string;
  /** The pod that is meant: another of its name stays. */
  readonly uid: string;
}
type PodDeletion = PlannedPod & Pick<KubeChange, "isDry">;

/** The API answers with the pod that goes, or with a status once it has gone. */
const Taken = z.looseObject({ kind: z.string().optional() });

/**
 * Deletes one pod by the request of `kubectl delete pod`, held to its uid, so that what its workload made anew meanwhile is
 * left alone. Throws BackendError.
 */
export async function deletePod(kube: Kube, at: KubeCall, { pod, uid, isDry }: PodDeletion): Promise<StepEnd> {
  const found = await podNamed(kube, at, pod);
  if (!found || found.metadata.uid !== uid) return refused(`the pod ${pod} that was planned for is gone already`);
  if (found.metadata.deletionTimestamp) return refused(`${pod} is being deleted already`);
  // Where there is a body the API looks for `dryRun` nowhere else.
  const json = { propagationPolicy: "Background", preconditions: { uid }, ...(isDry && { dryRun: ["All"] }) };
  const body = { type: "application/json", json };
  await kube.json(at, { verb: "delete", resource: "pods", name: pod, body }, Taken);
  return { outcome: "done", detail: `${pod} goes; what controls it makes another` };
}

/** That the pod of this uid is gone, or goes, says that it happened. Throws BackendError. */
export async function probePodDeletion(kube: Kube, at: KubeCall, { pod, uid }: PlannedPod): Promise<StepEnd> {
  const found = await podNamed(kube, at, pod);
  if (!found || found.metadata.uid !== uid) return { outcome: "done", detail: `that pod ${pod} is gone` };
  if (found.metadata.deletionTimestamp) return { outcome: "done", detail: `${pod} is being deleted` };
  return { outcome: "refused", detail: `${pod} is still there` };
}

/** Undefined where there is none of this name. Throws BackendError. */
export async function podNamed(kube: Kube, at: KubeCall, name: string): Promise<KubePod | undefined> {
  try {
    return await kube.json(at, { verb: "get", resource: "pods", name }, KubePod);
  } catch (error) {
    if (error instanceof BackendError && error.status === 404) return undefined;
    throw error;
  }
}
