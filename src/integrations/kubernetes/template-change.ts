import type { StepEnd } from "../../domain/systems/steps.ts";
import type { Kube, KubeCall } from "./api.ts";
import { imageFor, imagesOf } from "./images.ts";
import type { KubeWorkload } from "./objects.ts";
import {
  type BegunChange,
  judgeFrom,
  type KubeChange,
  mergePatch,
  patchWorkload,
  probeWorkload,
  refused,
} from "./patch-workload.ts";
import { resourcesOf, type WorkloadRef } from "./workload.ts";

/** An amount of each, as Kubernetes writes it; what is left out stays as it is. */
export interface Amounts {
  readonly cpu?: string | undefined;
  readonly memory?: string | undefined;
}

export interface Resources {
  readonly requests?: Amounts | undefined;
  readonly limits?: Amounts | undefined;
}

/** What one container of a workload is to be, which replaces its pods one after the other. */
export interface TemplateChange {
  readonly ref: WorkloadRef;
  readonly container: string;
  /** The workload that the plan was made for; undefined where any of that name will do. */
  readonly uid: string | undefined;
  readonly to: { readonly image: string } | { readonly resources: Resources };
  /** Of an image: what ran when it was planned; undefined where whatever runs now is replaced. */
  readonly from?: string | undefined;
}

/** Changes an image or resources by the patch of `kubectl set image` and `kubectl set resources`. Throws BackendError. */
export async function changeTemplate(kube: Kube, at: KubeCall, change: TemplateChange & KubeChange): Promise<StepEnd> {
  const { ref, isDry, key } = change;
  return patchWorkload(kube, at, {
    ref,
    about: "template",
    isDry,
    patchOf(workload) {
      const why = obstacle(workload, change);
      if (why !== undefined) return refused(why);
      const standing = judgeStanding(workload, change);
      if (standing) return standing;
      return {
        type: "application/strategic-merge-patch+json",
        json: mergePatch(workload, { key, spec: { template: { spec: containersPatch(workload, change) } } }),
        detail: `${change.container} of ${ref.name}: ${wordsOf(change.to)}`,
      };
    },
  });
}

function judgeStanding(workload: KubeWorkload, { ref, container, to, from }: TemplateChange): StepEnd | undefined {
  if ("image" in to && from !== undefined) {
    const runs = imagesOf(workload.spec.template)[container] ?? "no image";
    const before = imageFor(from, container) ?? "no image";
    return judgeFrom({ name: `${container} of ${ref.name}`, runs, image: to.image, from: before });
  }
  if (!isSo(workload, container, to)) return undefined;
  return refused(`${container} of ${ref.name} is to be so already: ${wordsOf(to)}`);
}

function obstacle(workload: KubeWorkload, { ref, container, uid }: TemplateChange): string | undefined {
  const { containers } = workload.spec.template.spec;
  const { name } = ref;
  if (uid !== undefined && workload.metadata.uid !== uid)
    return `${name} is another ${ref.kind} than was planned for: it was made anew meanwhile`;
  if (!containers.some((each) => each.name === container))
    return `${name} has no container ${container}: it has ${containers.map((each) => each.name).join(", ")}`;
  return workload.spec.paused ? `${name} is paused: resume it first` : undefined;
}

function containersPatch({ spec }: KubeWorkload, { container, to }: TemplateChange): unknown {
  const order = spec.template.spec.containers.map(({ name }) => ({ name }));
  return { "$setElementOrder/containers": order, containers: [{ ...to, name: container }] };
}

function isSo(workload: KubeWorkload, container: string, to: TemplateChange["to"]): boolean {
  if ("image" in to) return imagesOf(workload.spec.template)[container] === to.image;
  const now = resourcesOf(workload.spec.template)[container];
  return (["requests", "limits"] as const).every((kind) =>
    Object.entries(to.resources[kind] ?? {}).every(([what, amount]) => now?.[kind][what] === amount),
  );
}

function wordsOf(to: TemplateChange["to"]): string {
  if ("image" in to) return to.image;
  return (["requests", "limits"] as const).flatMap((kind) => amountWords(kind, to.resources[kind])).join(", ");
}

/** `requests.cpu 250m`. */
export function amountWords(of: "requests" | "limits", amounts: Amounts = {}): string[] {
  return Object.entries(amounts).map(([what, amount]) => `${of}.${what} ${String(amount)}`);
}

/** Throws BackendError. */
export function probeTemplate(kube: Kube, at: KubeCall, change: TemplateChange & BegunChange) {
  const { ref, container, to, from } = change;
  const mayBe = (workload: KubeWorkload) => isSo(workload, container, to);
  return probeWorkload(kube, at, { ref, begun: change, mayBe, suffices: from !== undefined });
}
