import { z } from "zod";
import { BackendError } from "../../domain/failure.ts";
import { provenBy } from "../../domain/systems/backend.ts";
import type { Datum } from "../../domain/systems/exact.ts";
import type { Identity } from "../../domain/systems/health.ts";
import type { ListEntry } from "../../domain/systems/lists.ts";
import type { GivenValue } from "../../domain/systems/metrics.ts";
import type { Look, Taken } from "../../domain/systems/reading.ts";
import { releaseWords } from "../../domain/systems/release-words.ts";
import { shortDigests } from "../../domain/text/digests.ts";
import type { Kube, KubeCall } from "./api.ts";
import { connectionIn, KubeName, type NamespaceSpec, ofNamespace, saysOne } from "./connection.ts";
import { availableOf, ofWorkload, workloadIn } from "./health.ts";
import { imagesOf, imagesText } from "./images.ts";
import { KubeNamespace, KubeWorkload, kubeList } from "./objects.ts";
import { type PodStanding, podStanding } from "./pods.ts";
import { workloadUsage } from "./usage.ts";
import { allPods, podsOf, readWorkload, revisionsOf, rolloutRevision } from "./workload.ts";

function callOf(spec: NamespaceSpec, { deadlineMs, round }: Look): KubeCall {
  return { connection: connectionIn(spec), deadlineMs, round };
}

const WorkloadFact = ofWorkload({ value: z.enum(["image", "revision", "paused"]), container: KubeName.optional() });
const ReleaseFact = ofNamespace({ oneRelease: z.array(KubeName).min(2) });
export const KubernetesFact = z.strictObject({
  /** `oneRelease` is of deployments that are released together: whether they are to run the same image, or which of them which. */
  kubernetes: z.union([WorkloadFact, ReleaseFact]),
});

/**
 * The image that a workload is to run, the revision it is at, or whether its rollout is paused; or which releases several are of.
 * Throws BackendError.
 */
export async function readWorkloadFact(
  kube: Kube,
  { kubernetes }: z.output<typeof KubernetesFact>,
  look: Look,
): Promise<Taken<Datum>> {
  if ("oneRelease" in kubernetes) return { value: await whichReleases(kube, kubernetes, look) };
  const ref = workloadIn(kubernetes);
  const workload = await readWorkload(kube, callOf(kubernetes, look), ref);
  const unsaid = (what: string): BackendError =>
    new BackendError(`${ref.kind} ${ref.name}`, { fault: "missing", detail: `has no ${what}` });
  switch (kubernetes.value) {
    case "image": {
      const images = imagesOf(workload.spec.template);
      const image = kubernetes.container === undefined ? imagesText(images) : images[kubernetes.container];
      if (image === undefined || image === "") throw unsaid(`image of ${kubernetes.container ?? "its container"}`);
      return { value: image };
    }
    case "revision": {
      const revision = rolloutRevision(workload) ?? workload.status.updateRevision;
      if (revision === undefined) throw unsaid("revision yet");
      return { value: revision };
    }
    case "paused":
      return { value: workload.spec.paused ?? false };
  }
}

/** By what their containers run, whatever those are called. Throws BackendError. */
async function whichReleases(kube: Kube, asked: z.output<typeof ReleaseFact>, look: Look): Promise<string> {
  const at = callOf(asked, look);
  const read = asked.oneRelease.map(async (name) => {
    const { spec } = await readWorkload(kube, at, { kind: "deployment", name });
    const images = Object.values(imagesOf(spec.template)).toSorted();
    return { name, release: shortDigests(images.join(", ")) };
  });
  return releaseWords(await Promise.all(read));
}

export const KubernetesMetric = z.strictObject({
  kubernetes: ofWorkload({
    /** `cpu` in cores and `memory` in bytes, over all its pods, by metrics.k8s.io. */
    value: z.enum(["replicas", "available", "unavailable", "restarts", "cpu", "memory"]),
  }),
});

/** A number of a workload now. Throws BackendError. */
export async function readWorkloadNumber(
  kube: Kube,
  { kubernetes }: z.output<typeof KubernetesMetric>,
  look: Look,
): Promise<GivenValue> {
  const at = callOf(kubernetes, look);
  const workload = await readWorkload(kube, at, workloadIn(kubernetes));
  const desired = workload.spec.replicas ?? 1;
  switch (kubernetes.value) {
    case "replicas":
      return { value: desired };
    case "available":
      return { value: availableOf(workload) };
    case "unavailable":
      return { value: Math.max(0, desired - availableOf(workload)) };
    case "restarts": {
      const pods = await podsOf(kube, at, workload);
      return { value: pods.map(podStanding).reduce((sum, { restarts }) => sum + restarts, 0) };
    }
    case "cpu":
    case "memory":
      return workloadUsage(kube, at, workload, kubernetes.value);
  }
}

const lists = ["list", "revisions"];
export const KubernetesList = z.strictObject({
  kubernetes: ofNamespace({
    list: z.enum(["deployments", "statefulsets", "pods"]).optional(),
    revisions: z.strictObject({ deployment: KubeName }).optional(),
  }).refine(saysOne(lists), "say what is listed: list or revisions"),
});

/** The workloads of a kind, the pods, or the revisions of a deployment with what each ran. Throws BackendError. */
export async function readWorkloadList(
  kube: Kube,
  { kubernetes }: z.output<typeof KubernetesList>,
  look: Look,
): Promise<Taken<readonly ListEntry[]>> {
  const at = callOf(kubernetes, look);
  const { list, revisions } = kubernetes;
  if (revisions) {
    const deployment = await readWorkload(kube, at, { kind: "deployment", name: revisions.deployment });
    const now = rolloutRevision(deployment);
    const all = await revisionsOf(kube, at, deployment);
    const label = (each: (typeof all)[number]): string =>
      `${imagesText(each.images)}${each.revision === now ? ", runs now" : ""}`;
    return { value: all.map((each) => ({ value: String(each.revision), label: label(each) })) };
  }
  if (list === "pods") {
    const pods = await allPods(kube, at);
    return { value: pods.map(podStanding).map((pod) => ({ value: pod.name, label: podWords(pod) })) };
  }
  const resource = list ?? "deployments";
  const { items } = await kube.json(at, { verb: "list", resource }, kubeList(KubeWorkload));
  return {
    value: items.map((each) => ({
      value: each.metadata.name,
      label: `${availableOf(each)} of ${each.spec.replicas ?? 1} available, ${imagesText(imagesOf(each.spec.template))}`,
    })),
  };
}

function podWords({ status, ready, of }: PodStanding): string {
  return `${status}, ${ready} of ${of} ready`;
}

const ClusterProof = z.strictObject({
  expect: z
    .strictObject({
      /** The uid of the namespace. */
      namespace: z.string().min(1).optional(),
      /** The uid of the namespace kube-system, which no two clusters share. */
      cluster: z.string().min(1).optional(),
    })
    .refine((expect) => Object.keys(expect).length > 0, "say the uid of the namespace, of the cluster, or both"),
});
export const KubernetesIdentity = z.strictObject({ kubernetes: ofNamespace(ClusterProof.shape) });

export const clusterProof = provenBy(ClusterProof, "{ expect: { namespace: <its uid> } }", (backend, { expect }) => ({
  kubernetes: { backend, expect },
}));

/** Which cluster and namespace answer, by uids that nobody can give twice. Throws BackendError. */
export async function identifyCluster(
  kube: Kube,
  { kubernetes }: z.output<typeof KubernetesIdentity>,
  look: Look,
): Promise<Taken<Identity>> {
  const at = callOf(kubernetes, look);
  const { namespace, cluster } = kubernetes.expect;
  const asked = [
    { name: at.connection.namespace, expected: namespace },
    { name: "kube-system", expected: cluster },
  ];
  for (const { name, expected } of asked) {
    if (expected === undefined) continue;
    const { metadata } = await kube.json(at, { verb: "get", resource: "namespaces", name }, KubeNamespace);
    if (metadata.uid !== expected)
      return {
        value: { is: "contradicted", why: `the namespace ${name} has the uid ${metadata.uid}, not ${expected}` },
      };
  }
  return { value: { is: "proven" } };
}
