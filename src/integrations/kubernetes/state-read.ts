import { z } from "zod";
import { BackendError } from "../../domain/failure.ts";
import { closeReadKind, type ReadKind } from "../../domain/systems/reads.ts";
import type { StepValue } from "../../domain/systems/steps.ts";
import type { Kube, KubeCall } from "./api.ts";
import { connectionIn, ofNamespace, saysOne, type WorkloadKind } from "./connection.ts";
import { podNamed } from "./delete-pod.ts";
import { availableOf, stuckWords } from "./health.ts";
import { fillName, NameWritten, placeholdersOf } from "./names.ts";
import type { KubeAutoscaler, KubeWorkload } from "./objects.ts";
import { podStanding, worstPod } from "./pods.ts";
import {
  autoscalerOf,
  imageOf,
  imagesOf,
  imagesText,
  podsOf,
  readWorkload,
  resourcesOf,
  revisionsOf,
  rollbackRevision,
  rolloutRevision,
} from "./workload.ts";

const Names = z.array(NameWritten).min(1).max(20);
const kinds = ["deployments", "statefulsets", "releases", "rollout", "pods"] as const;

export const StateRead = ofNamespace({
  /** What each is to be, for plans: it changes only when somebody changes it, so `unchanged` holds while pods come and go. */
  deployments: Names.optional(),
  statefulsets: Names.optional(),
  /** The same of deployments without their number, which an autoscaler sets as it likes: what a rollback rests on. */
  releases: Names.optional(),
  /** How far the rollouts of deployments have come, for watches. */
  rollout: Names.optional(),
  /** Which each is, and what controls it, for plans: not how it is, which changes while people agree. */
  pods: Names.optional(),
}).refine(saysOne(kinds), `say one of ${kinds.join(", ")}`);
export type StateRead = z.output<typeof StateRead>;

/** What `rollout` gives, as far as words need it. */
const Rollouts = z.looseObject({ complete: z.boolean(), why: z.string(), of: z.record(z.string(), z.unknown()) });

/** What workloads are to be, or how far their rollouts have come, as data. */
export function stateRead(kube: Kube): ReadKind {
  return closeReadKind<StateRead>({
    kind: "kubernetes",
    schema: StateRead,
    placeholders: (spec) => placeholdersOf(wanted(spec).names, true),
    resolve(spec, values) {
      const { key, names } = wanted(spec);
      return { ...spec, [key]: names.map((name) => fillName(name, values)) };
    },
    describe(spec) {
      const { key, names } = wanted(spec);
      const where = "backend" in spec ? spec.backend : spec.namespace;
      return `${key} ${names.join(", ")} of ${where}`;
    },
    words(value) {
      const rollouts = Rollouts.safeParse(value).data;
      if (!rollouts) return undefined;
      const names = Object.keys(rollouts.of).join(", ");
      return rollouts.complete ? `${names} rolled out` : rollouts.why;
    },
    async read(spec, { deadlineMs, round }) {
      const at = { connection: connectionIn(spec), deadlineMs, round };
      const { key, names } = wanted(spec);
      if (key === "rollout") return { value: await rolloutsOf(kube, at, names) };
      const all = names.map(async (name) => [name, await oneOf(kube, at, { key, name })] as const);
      return { value: Object.fromEntries(await Promise.all(all)) };
    },
  });
}

function wanted(spec: StateRead): { readonly key: (typeof kinds)[number]; readonly names: readonly string[] } {
  for (const key of kinds) {
    const names = spec[key];
    if (names) return { key, names };
  }
  throw new Error("it names nothing that is read");
}

async function oneOf(
  kube: Kube,
  at: KubeCall,
  { key, name }: { readonly key: Exclude<(typeof kinds)[number], "rollout">; readonly name: string },
): Promise<StepValue> {
  switch (key) {
    case "releases":
      return releaseOf(kube, at, await readWorkload(kube, at, { kind: "deployment", name }));
    case "pods":
      return podOf(kube, at, name);
    case "deployments":
      return stateOf(kube, at, { kind: "deployment", name });
    case "statefulsets":
      return stateOf(kube, at, { kind: "statefulset", name });
  }
}

/** `controller` makes another once it is gone; null where nothing would. */
async function podOf(kube: Kube, at: KubeCall, name: string): Promise<StepValue> {
  const pod = await podNamed(kube, at, name);
  if (!pod) {
    const detail = `has no pod ${name} in namespace ${at.connection.namespace}`;
    throw new BackendError("the cluster", { fault: "missing", detail, status: 404 });
  }
  const { uid, ownerReferences = [] } = pod.metadata;
  const owner = ownerReferences.find(({ controller }) => controller === true);
  return { uid, node: pod.spec.nodeName ?? null, controller: owner ? `${owner.kind}/${owner.name}` : null };
}

async function stateOf(
  kube: Kube,
  at: KubeCall,
  ref: { readonly kind: WorkloadKind; readonly name: string },
): Promise<StepValue> {
  const [workload, autoscaler] = await Promise.all([readWorkload(kube, at, ref), autoscalerOf(kube, at, ref)]);
  const { metadata, spec } = workload;
  const state = {
    ...releasedOf(workload),
    generation: metadata.generation ?? 0,
    replicas: spec.replicas ?? 1,
    hpa: autoscaler ? autoscalerState(autoscaler) : null,
  };
  return ref.kind === "statefulset" ? state : { ...state, ...(await releaseOf(kube, at, workload)) };
}

/** What of it is released, without anything that changes by being scaled. */
function releasedOf({ metadata: { uid }, spec }: KubeWorkload) {
  const { template, paused = false } = spec;
  return {
    uid,
    image: imageOf(template) ?? "",
    images: imagesOf(template),
    resources: resourcesOf(template),
    paused,
  };
}

async function releaseOf(kube: Kube, at: KubeCall, workload: KubeWorkload) {
  const previous = rollbackRevision(workload, await revisionsOf(kube, at, workload));
  return {
    ...releasedOf(workload),
    revision: rolloutRevision(workload) ?? null,
    /** What a rollback goes to; null where nothing that is kept ran another image. */
    previous: previous ? { revision: previous.revision, image: imagesText(previous.images) } : null,
  };
}

/** It sets the replicas anew whenever they are none of those between its bounds; zero it leaves alone. */
function autoscalerState({ metadata, spec }: KubeAutoscaler): StepValue {
  return { name: metadata.name, min: spec.minReplicas ?? 1, max: spec.maxReplicas };
}

async function rolloutsOf(kube: Kube, at: KubeCall, names: readonly string[]): Promise<StepValue> {
  const all = await Promise.all(
    names.map(async (name) => {
      const deployment = await readWorkload(kube, at, { kind: "deployment", name });
      return [name, await rolloutOf(kube, at, deployment)] as const;
    }),
  );
  return {
    complete: all.every(([, { complete }]) => complete),
    stuck: all.some(([, { stuck }]) => stuck),
    why: all.flatMap(([name, { why }]) => (why === "" ? [] : [`${name}: ${why}`])).join("; "),
    of: Object.fromEntries(all),
  };
}

/** As `kubectl rollout status` judges it: all are new, all new ones are available, and no old one is left. */
async function rolloutOf(kube: Kube, at: KubeCall, deployment: KubeWorkload) {
  const { metadata, spec, status } = deployment;
  const desired = spec.replicas ?? 1;
  const replicas = status.replicas ?? 0;
  const updated = status.updatedReplicas ?? 0;
  const available = availableOf(deployment);
  const isSeen = (status.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  const stuck = isSeen ? stuckWords(deployment) : [];
  const complete = isSeen && updated === desired && replicas === updated && available === updated;
  const worst = complete ? undefined : worstPod((await podsOf(kube, at, deployment)).map(podStanding));
  const waiting = isSeen
    ? `${updated} of ${desired} new, ${available} available, ${Math.max(0, replicas - updated)} old left`
    : "its controller has not seen the change yet";
  const why = [
    ...(spec.paused ? ["its rollout is paused"] : []),
    ...stuck,
    ...(worst ? [`${worst.name} is in ${worst.status}`] : []),
    waiting,
  ].join(", ");
  return {
    complete,
    stuck: stuck.length > 0,
    desired,
    updated,
    available,
    old: Math.max(0, replicas - updated),
    revision: rolloutRevision(deployment) ?? null,
    image: imageOf(spec.template) ?? "",
    why: complete ? "" : why,
  };
}
