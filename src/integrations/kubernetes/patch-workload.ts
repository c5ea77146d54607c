import type { StepEnd } from "../../domain/systems/steps.ts";
import type { Kube, KubeCall } from "./api.ts";
import { KubeWorkload } from "./objects.ts";
import { type Concern, untilTaken } from "./until-taken.ts";
import { readWorkload, type WorkloadRef } from "./workload.ts";

/** What every change of an object carries. */
export interface KubeChange {
  /** The idempotency key, which is written beside the change and read back. */
  readonly key: string;
  /** The server checks it as if it were done and changes nothing. */
  readonly isDry: boolean;
}

/** Which step changed the workload last. */
export const stepAnnotation = "wardroom.dev/step";

interface Patch {
  readonly type: "application/strategic-merge-patch+json" | "application/json-patch+json";
  readonly json: unknown;
  /** What is said when it was taken. */
  readonly detail: string;
}

/** Nothing was sent, and why. */
export function refused(detail: string): StepEnd & { readonly outcome: "refused" } {
  return { outcome: "refused", detail: `${detail}, so nothing was sent` };
}

/** An image that is to run, and what runs instead. */
interface ImageChange {
  readonly name: string;
  readonly runs: string;
  readonly image: string;
  /** What ran when it was planned; undefined where whatever runs now is replaced. */
  readonly from: string | undefined;
  /** Is it so already? That it runs the image, where nothing more is said. */
  readonly isSo?: boolean;
}

/**
 * What ends a change of an image before anything is sent; undefined where it is to be sent. Known what ran before, what runs
 * the image already is as it was wanted, and a third image is somebody else's.
 */
export function judgeFrom({ name, runs, image, from, isSo = runs === image }: ImageChange): StepEnd | undefined {
  if (isSo && from !== undefined)
    return { outcome: "done", detail: `${name} is to run ${image} already, so nothing was sent` };
  if (isSo) return refused(`${name} is to run ${image} already`);
  if (from === undefined || runs === from) return undefined;
  return refused(
    `${name} is to run ${runs}, which is neither ${from}, which ran before, nor ${image}: it was changed meanwhile`,
  );
}

/** Reads a workload, makes a patch of what stands there and sends it, held to what was read. Throws BackendError. */
export async function patchWorkload(
  kube: Kube,
  at: KubeCall,
  { ref, about, isDry, patchOf }: Pick<KubeChange, "isDry"> & PatchOf,
): Promise<StepEnd> {
  const attempt = async (workload: KubeWorkload): Promise<StepEnd> => {
    const made = await patchOf(workload);
    if ("outcome" in made) return made;
    const { type, json, detail } = made;
    const parameters = { ...dryParameter(isDry), fieldManager: "wardroom" };
    const asked = { verb: "patch", name: ref.name, parameters, body: { type, json } } as const;
    await kube.json(at, { ...asked, resource: `${ref.kind}s` }, KubeWorkload);
    return { outcome: "done", detail };
  };
  return untilTaken({ ref, about, read: async () => readWorkload(kube, at, ref), attempt });
}

interface PatchOf {
  readonly ref: WorkloadRef;
  readonly about: Concern;
  readonly patchOf: (workload: KubeWorkload) => Patch | StepEnd | Promise<Patch | StepEnd>;
}

/** What a change is asked with that only the server's judgement is wanted of. */
export function dryParameter(isDry: boolean): { dryRun?: "All" } {
  return isDry ? { dryRun: "All" } : {};
}

/**
 * kubectl's merge patch, with the step's key beside it, which applies to the workload only as it was read.
 */
export function mergePatch(
  { metadata }: KubeWorkload,
  { key, spec }: { readonly key: string; readonly spec: unknown },
) {
  const { uid, resourceVersion } = metadata;
  return {
    metadata: {
      uid,
      ...(resourceVersion !== undefined && { resourceVersion }),
      annotations: { [stepAnnotation]: key },
    },
    spec,
  };
}

/** How far the clocks of a cluster and of the bot may be apart, in ms. */
const mostSkewMs = 300_000;

/**
 * Is it proven that nobody has changed its `spec` since a step was begun, so many ms ago? Every change makes a new generation, which
 * its controller writes down as observed, and the server keeps account of when that was. Whoever takes back a change and its key
 * shows there, too. Where the server keeps no such account, or writes of how it is came since, nothing is proven, but by the
 * generation that it had when it was planned, if the step says it.
 */
export function isUntouched({ metadata, status }: KubeWorkload, { elapsedMs, planned }: Begun): boolean {
  const { generation, creationTimestamp, managedFields = [] } = metadata;
  if (elapsedMs === undefined || generation === undefined) return false;
  const begun = Date.now() - elapsedMs - mostSkewMs;
  const isBefore = (at: string | null | undefined): boolean => Date.parse(at ?? "") < begun;
  // One that was made anew counts from the beginning.
  if (generation === planned) return isBefore(creationTimestamp);
  if (status.observedGeneration !== generation) return false;
  if (!managedFields.some(({ subresource }) => subresource === "status")) return false;
  return [creationTimestamp, ...managedFields.map(({ time }) => time)].every(isBefore);
}

interface Begun {
  /** How long ago it was begun, in ms; undefined where that is not on record. */
  readonly elapsedMs: number | undefined;
  /** The generation of its workload when it was planned; undefined where the step does not say it. */
  readonly planned: number | undefined;
}

/** How the step that is looked up is known. */
export interface BegunChange extends Begun {
  readonly key: string;
}

interface WorkloadProbe {
  readonly ref: WorkloadRef;
  readonly begun: BegunChange;
  /** Is it as the step was to bring it? */
  readonly mayBe: (workload: KubeWorkload) => boolean;
  /** Is that enough, whoever brought it? */
  readonly suffices?: boolean;
}

/**
 * The key beside the change says that it happened. Without it that is not known, but where it is as the step was to bring it, or
 * nobody has changed it since: a change that came may have been taken back together with its key. Throws BackendError.
 */
export async function probeWorkload(kube: Kube, at: KubeCall, asked: WorkloadProbe): Promise<StepEnd> {
  const { ref, begun, mayBe, suffices = false } = asked;
  const workload = await readWorkload(kube, at, ref);
  if (workload.metadata.annotations?.[stepAnnotation] === begun.key)
    return { outcome: "done", detail: `the ${ref.kind} carries this step's key` };
  if (mayBe(workload) && suffices) return { outcome: "done", detail: "it is as this step was to bring it" };
  if (mayBe(workload))
    return {
      outcome: "unknown",
      detail: "it is as this step was to bring it, and carries no key of it: somebody else may have done it",
    };
  const not = `the ${ref.kind} carries no key of this step, and is not as it was to bring it`;
  return isUntouched(workload, begun)
    ? { outcome: "refused", detail: `${not}: nobody has changed it since` }
    : { outcome: "unknown", detail: `${not}: it may have come, and somebody else may have taken it back` };
}
