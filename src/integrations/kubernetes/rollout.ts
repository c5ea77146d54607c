import type { StepEnd } from "../../domain/systems/steps.ts";
import type { Kube, KubeCall } from "./api.ts";
import { imagesOf, imagesText } from "./images.ts";
import type { KubeWorkload } from "./objects.ts";
import {
  type BegunChange,
  judgeFrom,
  type KubeChange,
  mergePatch,
  patchWorkload,
  probeWorkload,
  refused,
  stepAnnotation,
} from "./patch-workload.ts";
import { templateId, withoutHash } from "./template-id.ts";
import { type Revision, revisionsOf } from "./workload.ts";

interface OtherChange {
  readonly verb: "pause" | "resume" | "restart";
}
interface UndoChange {
  readonly verb: "undo";
  /** The newest that ran the image where it is not said. */
  readonly toRevision: number | undefined;
  /** `templateId` of exactly what is to run again; undefined where the image alone says it. */
  readonly template: string | undefined;
  readonly image: string;
  /** What ran when it was planned; undefined where whatever runs now is undone. */
  readonly from: string | undefined;
}
type Rollout = (OtherChange | UndoChange) & { readonly name: string };
type RolloutChange = Rollout & KubeChange;

/** Changes a rollout by the patch that kubectl sends for it. Throws BackendError. */
export async function changeRollout(kube: Kube, at: KubeCall, change: RolloutChange): Promise<StepEnd> {
  const { name, verb, key, isDry } = change;
  return patchWorkload(kube, at, {
    ref: { kind: "deployment", name },
    about: verb === "pause" || verb === "resume" ? "paused" : "template",
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
function judgeImage({ metadata, spec }: KubeWorkload, change: UndoChange): StepEnd | undefined {
  const runs = imagesText(imagesOf(spec.template));
  const isSo = runs === change.image && isOf(change, templateId(spec.template));
  return judgeFrom({ ...change, name: metadata.name, runs, isSo });
}

function isOf({ template }: UndoChange, found: string): boolean {
  return template === undefined || template === found;
}

function target(revisions: readonly Revision[], change: UndoChange): Revision | { readonly why: string } {
  const { toRevision, template, image } = change;
  const found = revisions.find((each) => {
    if (toRevision !== undefined) return each.revision === toRevision;
    return template === undefined ? imagesText(each.images) === image : each.template === template;
  });
  if (!found) return { why: goneWords(change) };
  const ran = imagesText(found.images);
  if (ran !== image) return { why: `revision ${found.revision} ran ${ran}, not ${image}` };
  if (isOf(change, found.template)) return found;
  return { why: `revision ${found.revision} is of the template ${found.template}, not of ${template}` };
}

function goneWords({ toRevision, template, image }: UndoChange): string {
  if (toRevision !== undefined) return `revision ${toRevision} is no longer kept`;
  return template === undefined
    ? `no revision is kept that ran ${image}`
    : `the revision of the template ${template} is no longer kept, and no other leads to what ran`;
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

/** Throws BackendError. */
export function probeRollout(kube: Kube, at: KubeCall, change: Rollout & BegunChange): Promise<StepEnd> {
  const { name } = change;
  const isSo = ({ spec }: KubeWorkload): boolean =>
    change.verb === "undo" &&
    imagesText(imagesOf(spec.template)) === change.image &&
    isOf(change, templateId(spec.template));
  const suffices = change.verb === "undo" && change.from !== undefined;
  return probeWorkload(kube, at, { ref: { kind: "deployment", name }, begun: change, mayBe: isSo, suffices });
}
