import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { BackendError } from "../../domain/failure.ts";
import { nearest } from "../../domain/text/distance.ts";
import type { Kube, KubeCall } from "./api.ts";
import type { WorkloadKind } from "./connection.ts";
import { imagesOf, imagesText } from "./images.ts";
import {
  KubeAutoscaler,
  KubePod,
  KubeReplicaSet,
  type KubeTemplate,
  KubeWorkload,
  kubeList,
  selectorText,
} from "./objects.ts";
import { everyPage } from "./pages.ts";
import { templateId } from "./template-id.ts";

/** What controls pods, by its kind and name. */
export interface WorkloadRef {
  readonly kind: WorkloadKind;
  readonly name: string;
}

const Names = kubeList(z.object({ metadata: z.object({ name: z.string() }) }));

/** Throws BackendError, which for a name that is not there offers the one that may be meant. */
export async function readWorkload(kube: Kube, at: KubeCall, { kind, name }: WorkloadRef): Promise<KubeWorkload> {
  try {
    return await kube.json(at, { verb: "get", resource: `${kind}s`, name }, KubeWorkload);
  } catch (error) {
    if (!(error instanceof BackendError) || error.status !== 404) throw error;
    throw await notThere(kube, at, { kind, name }, error);
  }
}

async function notThere(
  kube: Kube,
  at: KubeCall,
  { kind, name }: WorkloadRef,
  { backend }: BackendError,
): Promise<BackendError> {
  const { items } = await kube.json(at, { verb: "list", resource: `${kind}s` }, Names);
  const names = items.map(({ metadata }) => metadata.name);
  const meant = nearest(name, names);
  const some = names.slice(0, 10).join(", ");
  const hint = meant === undefined ? (some === "" ? "there are none" : `there are ${some}`) : `did you mean ${meant}?`;
  const detail = `has no ${kind} ${name} in namespace ${at.connection.namespace}: ${hint}`;
  return new BackendError(backend, { fault: "missing", detail, status: 404 });
}

/** The pods that it controls, by its selector. Throws BackendError. */
export async function podsOf(kube: Kube, at: KubeCall, { spec }: KubeWorkload): Promise<readonly KubePod[]> {
  return allPods(kube, at, { labelSelector: selectorText(spec.selector) });
}

export async function allPods(
  kube: Kube,
  at: KubeCall,
  parameters: Readonly<Record<string, string>> = {},
): Promise<readonly KubePod[]> {
  return everyPage(kube, at, { resource: "pods", parameters }, KubePod);
}

/** One revision of a deployment: what it ran, or runs. */
export interface Revision {
  readonly revision: number;
  readonly set: KubeReplicaSet;
  readonly images: Readonly<Record<string, string>>;
  /** `templateId` of what its pods are made from. */
  readonly template: string;
}

const revisionKey = "deployment.kubernetes.io/revision";

/** The revision that a deployment is at; undefined until its controller has seen it. */
export function rolloutRevision({ metadata }: Pick<KubeWorkload, "metadata">): number | undefined {
  const written = metadata.annotations?.[revisionKey];
  return written !== undefined && /^\d+$/.test(written) ? Number(written) : undefined;
}

/** The revisions of a deployment that are kept, newest first. Throws BackendError. */
export async function revisionsOf(kube: Kube, at: KubeCall, deployment: KubeWorkload): Promise<readonly Revision[]> {
  const parameters = { labelSelector: selectorText(deployment.spec.selector) };
  const { items } = await kube.json(
    at,
    { verb: "list", resource: "replicasets", parameters },
    kubeList(KubeReplicaSet),
  );
  return items
    .filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === deployment.metadata.uid))
    .flatMap((set) => {
      const revision = rolloutRevision(set);
      return revision === undefined ? [] : [{ revision, set, ...madeFrom(set.spec.template) }];
    })
    .toSorted((a, b) => b.revision - a.revision);
}

function madeFrom(template: KubeTemplate): Pick<Revision, "images" | "template"> {
  return { images: imagesOf(template), template: templateId(template) };
}

/** What each container asks for and may use at most, as it is written; what is not said is left out. */
export function resourcesOf({ spec }: KubeTemplate) {
  return Object.fromEntries(
    spec.containers.map(({ name, resources }) => [
      name,
      { requests: resources?.requests ?? {}, limits: resources?.limits ?? {} },
    ]),
  );
}

/**
 * The newest revision that ran another image than is to run now: what a rollback goes to. Undefined where none is kept. The number
 * that a deployment bears says nothing here: until its controller has seen a change, that is the number of what ran before.
 */
export function rollbackRevision(deployment: KubeWorkload, revisions: readonly Revision[]): Revision | undefined {
  const now = imagesText(imagesOf(deployment.spec.template));
  return revisions.find(({ images }) => imagesText(images) !== now);
}

/** Has its controller seen what it is to be by now? */
export function isSeen({ metadata: { generation = 0 }, status: { observedGeneration = 0 } }: KubeWorkload): boolean {
  return observedGeneration >= generation;
}

/** A controller that runs has seen a change within a moment; one that does not is waited for no longer. */
const seenWithinMs = 1_000;
const lookAgainMs = 100;

/** The workload once its controller has seen it, or as it is after a moment: its revision is then the one before. Throws BackendError. */
export async function readSeen(kube: Kube, at: KubeCall, ref: WorkloadRef): Promise<KubeWorkload> {
  const until = performance.now() + Math.min(seenWithinMs, at.deadlineMs / 2);
  let workload = await readWorkload(kube, at, ref);
  while (!isSeen(workload) && performance.now() < until) {
    await delay(lookAgainMs);
    // Of one round it would be the same again.
    workload = await readWorkload(kube, { ...at, round: undefined }, ref);
  }
  return workload;
}

const historyKey = "deployment.kubernetes.io/revision-history";

/**
 * Did people go back from these images, to what had run before them, as a rollback leaves what was bad? Each revision keeps the
 * numbers that it had before. What a rollback goes back to is older than what it leaves, also when that rollback was undone
 * meanwhile, so that nobody is warned of it.
 */
export function wasLeft(images: Revision["images"], revisions: readonly Revision[]): boolean {
  const steps = revisions
    .flatMap((each) => numbersOf(each).map((number) => ({ number, ran: imagesText(each.images) })))
    .toSorted((a, b) => a.number - b.number);
  const asked = imagesText(images);
  const first = (ran: string): number => steps.findIndex((step) => step.ran === ran);
  return steps.some(({ ran }, at) => {
    const next = steps[at + 1];
    return ran === asked && next !== undefined && next.ran !== asked && first(next.ran) < first(asked);
  });
}

/** All numbers that a revision has had: what is run again gets another one. */
function numbersOf({ revision, set }: Revision): readonly number[] {
  const before = (set.metadata.annotations?.[historyKey] ?? "").split(",").filter((each) => /^\d+$/.test(each));
  return [...before.map(Number), revision];
}

/** The autoscaler that sets its replicas; undefined where none does. Throws BackendError: not known is not none. */
export async function autoscalerOf(
  kube: Kube,
  at: KubeCall,
  { kind, name }: WorkloadRef,
): Promise<KubeAutoscaler | undefined> {
  const { items } = await kube.json(
    at,
    { verb: "list", resource: "horizontalpodautoscalers" },
    kubeList(KubeAutoscaler),
  );
  return items.find(({ spec }) => spec.scaleTargetRef.kind.toLowerCase() === kind && spec.scaleTargetRef.name === name);
}
