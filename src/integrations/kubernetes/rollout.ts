import type { StepEnd } from "../../domain/systems/steps.ts";
import type { Kube, KubeAsked, KubeCall } from "./api.ts";
import { type KubeTemplate, KubeWorkload } from "./objects.ts";
import { imagesOf, imagesText, type Revision, readWorkload, revisionsOf } from "./workload.ts";

interface OtherChange {
  readonly verb: "pause" | "resume" | "restart";
}
interface UndoChange {
  readonly verb: "undo";
  readonly toRevision: number;
  readonly image: string;
}
type RolloutChange = (OtherChange | UndoChange) & {
  readonly name: string;
  /** The idempotency key, which is written beside the change and read back. */
  readonly key: string;
};

/** Which step changed the deployment last. */
const stepKey = "wardroom.dev/step";

function refused(detail: string): StepEnd {
  return { outcome: "refused", detail: `${detail}, so nothing was sent` };
}

/** Changes a rollout by the patch that kubectl sends for it. Throws BackendError. */
export async function changeRollout(kube: Kube, at: KubeCall, change: RolloutChange): Promise<StepEnd> {
  const { name, verb } = change;
  const deployment = await readWorkload(kube, at, { kind: "deployment", name });
  const paused = deployment.spec.paused ?? false;
  if (paused && verb !== "resume")
    return refused(verb === "pause" ? `${name} is paused already` : `${name} is paused: resume it first`);
  if (!paused && verb === "resume") return refused(`${name} is not paused`);
  if (verb !== "undo") {
    await kube.json(at, patchAsked(name, "application/strategic-merge-patch+json", merged(change)), KubeWorkload);
    return { outcome: "done", detail: `${verb} was taken` };
  }
  const found = target(deployment, await revisionsOf(kube, at, deployment), change);
  if ("why" in found) return refused(found.why);
  const patch = undoPatch(deployment, found, change.key);
  await kube.json(at, patchAsked(name, "application/json-patch+json", patch), KubeWorkload);
  return { outcome: "done", detail: `revision ${found.revision} runs again: ${change.image}` };
}

function patchAsked(name: string, type: string, json: unknown): KubeAsked {
  return {
    verb: "patch",
    resource: "deployments",
    name,
    parameters: { fieldManager: "wardroom" },
    body: { type, json },
  };
}

function merged({ verb, key }: RolloutChange): unknown {
  const metadata = { annotations: { [stepKey]: key } };
  if (verb !== "restart") return { metadata, spec: { paused: verb === "pause" ? true : null } };
  const restartedAt = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  const annotations = { "kubectl.kubernetes.io/restartedAt": restartedAt };
  return { metadata, spec: { template: { metadata: { annotations } } } };
}

function target(
  deployment: KubeWorkload,
  revisions: readonly Revision[],
  { toRevision, image }: UndoChange,
): Revision | { readonly why: string } {
  const found = revisions.find(({ revision }) => revision === toRevision);
  if (!found) return { why: `revision ${toRevision} is no longer kept` };
  const ran = imagesText(found.images);
  if (ran !== image) return { why: `revision ${toRevision} ran ${ran}, not ${image}` };
  if (imagesText(imagesOf(deployment.spec.template)) === image) return { why: `it is to run ${image} already` };
  return found;
}

/** As kubectl has them: what the cluster itself keeps on either stays there. */
const kept = new Set([
  "kubectl.kubernetes.io/last-applied-configuration",
  "deployment.kubernetes.io/revision",
  "deployment.kubernetes.io/revision-history",
  "deployment.kubernetes.io/desired-replicas",
  "deployment.kubernetes.io/max-replicas",
  "deprecated.deployment.rollback.to",
]);

/** kubectl's patch for `rollout undo`, held to what was read: to another generation of the deployment it is not applied. */
function undoPatch({ metadata }: KubeWorkload, { set }: Revision, key: string): unknown {
  const own = Object.entries(metadata.annotations ?? {}).filter(([name]) => kept.has(name));
  const theirs = Object.entries(set.metadata.annotations ?? {}).filter(([name]) => !kept.has(name));
  return [
    { op: "test", path: "/metadata/uid", value: metadata.uid },
    ...(metadata.generation === undefined
      ? []
      : [{ op: "test", path: "/metadata/generation", value: metadata.generation }]),
    { op: "replace", path: "/spec/template", value: withoutHash(set.spec.template) },
    { op: "replace", path: "/metadata/annotations", value: Object.fromEntries([...own, ...theirs, [stepKey, key]]) },
  ];
}

function withoutHash(template: KubeTemplate): KubeTemplate {
  const { "pod-template-hash": _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

/** The key beside the change, or else the state that it was to bring, says whether it happened. Throws BackendError. */
export async function probeRollout(kube: Kube, at: KubeCall, change: RolloutChange): Promise<StepEnd> {
  const { metadata, spec } = await readWorkload(kube, at, { kind: "deployment", name: change.name });
  if (metadata.annotations?.[stepKey] === change.key)
    return { outcome: "done", detail: "the deployment carries this step's key" };
  if (change.verb === "undo" && imagesText(imagesOf(spec.template)) === change.image)
    return {
      outcome: "unknown",
      detail: "it is to run that image, and carries no key of this step: somebody else may have done it",
    };
  return { outcome: "refused", detail: "the deployment carries no key of this step, and is not as it was to bring it" };
}
