import type { StepEnd } from "../../domain/systems/steps.ts";
import type { Kube, KubeCall } from "./api.ts";
import type { KubeTemplate, KubeWorkload } from "./objects.ts";
import {
  judgeFrom,
  type KubeChange,
  mergePatch,
  patchWorkload,
  probeWorkload,
  refused,
  stepAnnotation,
} from "./patch-workload.ts";
import { imagesOf, imagesText, type Revision, revisionsOf } from "./workload.ts";

interface OtherChange {
  readonly verb: "pause" | "resume" | "restart";
}
interface UndoChange {
  readonly verb: "undo";
  /** The newest that ran the image where it is not said. */
  readonly toRevision: number | undefined;
  readonly image: string;
  /** What ran when it was planned; undefined where whatever runs now is undone. */
  readonly from: string | undefined;
}
type RolloutChange = (OtherChange | UndoChange) & KubeChange & { readonly name: string };

/** Changes a rollout by the patch that kubectl sends for it. Throws BackendError. */
export async function changeRollout(kube: Kube, at: KubeCall, change: RolloutChange): Promise<StepEnd> {
  const { name, verb, key, isDry } = change;
  return patchWorkload(kube, at, {
    ref: { kind: "deployment", name },
    isDry,
    async patchOf(deployment) {
      const paused = deployment.spec.paused ?? false;
      if (paused && verb !== "resume")
        return refused(verb === "pause" ? `${name} is paused already` : `${name} is paused: resume it first`);
      if (!paused && verb === "resume") return refused(`${name} is not paused`);
      if (verb !== "undo") {
        const json = mergePatch(deployment, { key, spec: mergedSpec(verb) });
        return { type: "application/strategic-merge-patch+json", json, detail: `${verb} was taken` };
      }
      const standing = judgeImage(deployment, change);
      if (standing) return standing;
      const found = target(await revisionsOf(kube, at, deployment), change);
      if ("why" in found) return refused(`${found.why} in ${name}`);
      const json = undoPatch(deployment, found, key);
      const detail = `revision ${found.revision} is to run again: ${change.image}`;
      return { type: "application/json-patch+json", json, detail };
    },
  });
}

function mergedSpec(verb: OtherChange["verb"]): unknown {
  if (verb !== "restart") return { paused: verb === "pause" ? true : null };
  const restartedAt = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  return { template: { metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": restartedAt } } } };
}

/** What ends an undo before anything is sent; undefined where it is to be sent. */
function judgeImage({ metadata, spec }: KubeWorkload, change: Pick<UndoChange, "image" | "from">): StepEnd | undefined {
  return judgeFrom({ ...change, name: metadata.name, runs: imagesText(imagesOf(spec.template)) });
}

function target(
  revisions: readonly Revision[],
  { toRevision, image }: UndoChange,
): Revision | { readonly why: string } {
  const found = revisions.find(({ revision, images }) =>
    toRevision === undefined ? imagesText(images) === image : revision === toRevision,
  );
  if (!found)
    return {
      why:
        toRevision === undefined ? `no revision is kept that ran ${image}` : `revision ${toRevision} is no longer kept`,
    };
  const ran = imagesText(found.images);
  return ran === image ? found : { why: `revision ${toRevision} ran ${ran}, not ${image}` };
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
    {
      op: "replace",
      path: "/metadata/annotations",
      value: Object.fromEntries([...own, ...theirs, [stepAnnotation, key]]),
    },
  ];
}

function withoutHash(template: KubeTemplate): KubeTemplate {
  const { "pod-template-hash": _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

/** Throws BackendError. */
export function probeRollout(kube: Kube, at: KubeCall, change: RolloutChange): Promise<StepEnd> {
  const { name, key } = change;
  const isSo = ({ spec }: KubeWorkload): boolean =>
    change.verb === "undo" && imagesText(imagesOf(spec.template)) === change.image;
  const suffices = change.verb === "undo" && change.from !== undefined;
  return probeWorkload(kube, at, { ref: { kind: "deployment", name }, key, mayBe: isSo, suffices });
}
