import { z } from "zod";
import { BackendError } from "../../domain/failure.ts";
import { textOfDatum } from "../../domain/systems/exact.ts";
import { fillValue, type PlanValues } from "../../domain/systems/placeholders.ts";
import { closeReadKind, type ReadKind } from "../../domain/systems/reads.ts";
import type { StepValue } from "../../domain/systems/steps.ts";
import { shortDigests } from "../../domain/text/digests.ts";
import type { Kube, KubeCall } from "./api.ts";
import { connectionIn, ofNamespace, saysOne, type WorkloadKind } from "./connection.ts";
import { podNamed } from "./delete-pod.ts";
import { imagesOf, imagesText, isPinned } from "./images.ts";
import { fillName, NameWritten, placeholdersOf } from "./names.ts";
import type { KubeAutoscaler, KubeWorkload } from "./objects.ts";
import { readShapes } from "./read-shapes.ts";
import { readRollouts, rolloutWords } from "./rollout-read.ts";
import { Count, CountWritten } from "./step-spec.ts";
import { templateId } from "./template-id.ts";
import {
  autoscalerOf,
  type Revision,
  readSeen,
  readWorkload,
  resourcesOf,
  revisionsOf,
  rollbackRevision,
  rolloutRevision,
  wasLeft,
} from "./workload.ts";

const Names = z.array(NameWritten).min(1).max(20);
const kinds = [
  "deployments",
  "statefulsets",
  "releases",
  "templates",
  "kept",
  "generations",
  "rollout",
  "pods",
] as const;

export const StateRead = ofNamespace({
  /** What each is to be, for plans: it changes only when somebody changes it, so `unchanged` holds while pods come and go. */
  deployments: Names.optional(),
  statefulsets: Names.optional(),
  /** The same of deployments without their number, which an autoscaler sets as it likes: what a rollback rests on. */
  releases: Names.optional(),
  /** What deployments are to run, without their revisions, which are numbered as a rollout begins: what the way back rests on. */
  templates: Names.optional(),
  /** The revisions of deployments that are kept, by what tells their templates apart: where the way back may lead. */
  kept: Names.optional(),
  /**
   * `metadata.generation` of deployments, for the steps that say it: a number that also grows by being scaled, so that nothing that
   * has to be unchanged holds it.
   */
  generations: Names.optional(),
  /** How far the rollouts of deployments have come, for watches. */
  rollout: Names.optional(),
  /** With `rollout`: the image that each is to run, by its name. One that is to run another is none of what is waited for. */
  to: z.record(NameWritten, z.string().min(1).max(1_000)).optional(),
  /** With `rollout`: the revision that each was at before, by its name. One that is at it still has not rolled out. */
  after: z.record(NameWritten, CountWritten).optional(),
  /** With `rollout`: how many pods each is to have, by its name. One that is to have another number was scaled meanwhile. */
  replicas: z.record(NameWritten, CountWritten).optional(),
  /** Which each is, and what controls it, for plans: not how it is, which changes while people agree. */
  pods: Names.optional(),
})
  .refine(saysOne(kinds), `say one of ${kinds.join(", ")}`)
  .refine(
    ({ rollout, to, after, replicas }) => rollout !== undefined || (to ?? after ?? replicas) === undefined,
    "to, after and replicas say what a rollout comes to: say them with rollout",
  )
  .refine(
    ({ rollout, to, after, replicas }) =>
      Object.keys({ ...to, ...after, ...replicas }).every((name) => rollout?.includes(name) ?? true),
    "to, after and replicas name deployments that rollout names",
  );
export type StateRead = z.output<typeof StateRead>;

/** What workloads are to be, or how far their rollouts have come, as data. */
export function stateRead(kube: Kube): ReadKind {
  return closeReadKind<StateRead>({
    kind: "kubernetes",
    schema: StateRead,
    placeholders: (spec) =>
      placeholdersOf(
        [wanted(spec).names, spec.to, spec.after, spec.replicas].flatMap((each) => Object.values(each ?? {})),
        true,
      ),
    resolve(spec, values) {
      const { key, names } = wanted(spec);
      const { to, after, replicas } = spec;
      const counted = (count: z.output<typeof CountWritten>) => Count.parse(fillValue(count, values));
      return {
        ...spec,
        [key]: names.map((name) => fillName(name, values)),
        ...(to && { to: filledByName(to, values, (text) => textOfDatum(fillValue(text, values)) ?? text) }),
        ...(after && { after: filledByName(after, values, counted) }),
        ...(replicas && { replicas: filledByName(replicas, values, counted) }),
      };
    },
    shape: (spec) => readShapes[wanted(spec).key],
    describe(spec) {
      const { key, names } = wanted(spec);
      const where = "backend" in spec ? spec.backend : spec.namespace;
      const of = names.map((name) => {
        const to = spec.to?.[name];
        return to === undefined ? name : `${name} to ${shortDigests(to)}`;
      });
      return `${key} ${of.join(", ")} of ${where}`;
    },
    words: rolloutWords,
    async read(spec, { deadlineMs, round }) {
      const at = { connection: connectionIn(spec), deadlineMs, round };
      const { key, names } = wanted(spec);
      const { to = {}, after = {}, replicas = {} } = spec;
      if (key === "rollout") return { value: await readRollouts(kube, at, { names, to, after, replicas }) };
      const all = names.map(async (name) => [name, await oneOf(kube, at, { key, name })] as const);
      return { value: Object.fromEntries(await Promise.all(all)) };
    },
  });
}

/** Keys are names of deployments, which may be arguments as well. */
function filledByName<Written, Filled>(
  of: Readonly<Record<string, Written>>,
  values: PlanValues,
  fill: (written: Written) => Filled,
): Record<string, Filled> {
  return Object.fromEntries(Object.entries(of).map(([name, written]) => [fillName(name, values), fill(written)]));
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
      return releaseOf(kube, at, await readSeen(kube, at, { kind: "deployment", name }));
    case "templates":
      return releasedOf(await readWorkload(kube, at, { kind: "deployment", name }));
    case "kept":
      return keptOf(await revisionsOf(kube, at, await readWorkload(kube, at, { kind: "deployment", name })));
    case "generations":
      return generationOf(await readWorkload(kube, at, { kind: "deployment", name }));
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
  return {
    uid,
    node: pod.spec.nodeName ?? null,
    pinned: isPinned(pod),
    controller: owner ? `${owner.kind}/${owner.name}` : null,
  };
}

async function stateOf(
  kube: Kube,
  at: KubeCall,
  ref: { readonly kind: WorkloadKind; readonly name: string },
): Promise<StepValue> {
  const [workload, autoscaler] = await Promise.all([readSeen(kube, at, ref), autoscalerOf(kube, at, ref)]);
  const { spec } = workload;
  const state = {
    ...releasedOf(workload),
    generation: generationOf(workload),
    replicas: spec.replicas ?? 1,
    hpa: autoscaler ? autoscalerState(autoscaler) : null,
  };
  return ref.kind === "statefulset" ? state : { ...state, ...(await releaseOf(kube, at, workload)) };
}

/** Which `spec` it is of, counted by the server from one: zero where it does not count. */
function generationOf({ metadata }: KubeWorkload): number {
  return metadata.generation ?? 0;
}

/** What of it is released, without anything that changes by being scaled. */
function releasedOf({ metadata: { uid }, spec }: KubeWorkload) {
  const { template, paused = false, replicas = 1 } = spec;
  return {
    uid,
    image: imagesText(imagesOf(template)),
    images: imagesOf(template),
    resources: resourcesOf(template),
    /** What tells this template from every other. */
    template: templateId(template),
    /** Another pod of it starts the same images: each is named by its digest. */
    pinned: isPinned(template),
    paused,
    /** Scaled to none: whatever is rolled out, nothing of it runs. */
    empty: replicas === 0,
  };
}

/** By template, the newest revision of each. */
function keptOf(revisions: readonly Revision[]): StepValue {
  return Object.fromEntries(
    revisions
      .toReversed()
      .map((each) => [
        each.template,
        { revision: each.revision, ...imageWords(each.images), left: wasLeft(each.images, revisions) },
      ]),
  );
}

function imageWords(images: Revision["images"]) {
  return { image: imagesText(images), images };
}

async function releaseOf(kube: Kube, at: KubeCall, workload: KubeWorkload) {
  const revisions = await revisionsOf(kube, at, workload);
  const previous = rollbackRevision(workload, revisions);
  return {
    ...releasedOf(workload),
    revision: rolloutRevision(workload) ?? null,
    /** What a rollback goes to; null where nothing that is kept ran another image. */
    previous: previous
      ? {
          revision: previous.revision,
          template: previous.template,
          ...imageWords(previous.images),
          /** Somebody went back from it before. */
          left: wasLeft(previous.images, revisions),
        }
      : null,
    /** By container, the images that somebody went back from before. */
    left: Object.fromEntries(
      Object.keys(imagesOf(workload.spec.template)).map((container) => [container, imagesLeft(container, revisions)]),
    ),
  };
}

function imagesLeft(container: string, revisions: readonly Revision[]): string[] {
  const isLeft = ({ images }: Revision): boolean => wasLeft(images, revisions);
  const [left, kept] = [revisions.filter(isLeft), revisions.filter((each) => !isLeft(each))];
  const all = new Set(left.flatMap(({ images }) => images[container] ?? []));
  return [...all].filter((image) => !kept.some(({ images }) => images[container] === image));
}

/** It sets the replicas anew whenever they are none of those between its bounds; zero it leaves alone. */
function autoscalerState({ metadata, spec }: KubeAutoscaler): StepValue {
  return { name: metadata.name, min: spec.minReplicas ?? 1, max: spec.maxReplicas };
}
