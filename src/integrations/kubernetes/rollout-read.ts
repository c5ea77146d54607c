import { z } from "zod";
import { ownValue } from "../../domain/own-value.ts";
import type { StepValue } from "../../domain/systems/steps.ts";
import { shortDigests } from "../../domain/text/digests.ts";
import type { Kube, KubeCall } from "./api.ts";
import { availableOf, stuckWords } from "./health.ts";
import { imagesOf, imagesText, otherImage } from "./images.ts";
import type { KubeWorkload } from "./objects.ts";
import { podStanding, worstPod } from "./pods.ts";
import { isSeen, podsOf, readWorkload, rolloutRevision } from "./workload.ts";

/** Deployments, with the image that each is to run, the revision that it was at before and how many pods it is to have, where that is said. */
export interface RolloutsAsked {
  readonly names: readonly string[];
  readonly to: Readonly<Record<string, string>>;
  readonly after: Readonly<Record<string, string | number>>;
  readonly replicas: Readonly<Record<string, string | number>>;
}

/** What is told of rollouts, as far as words need it. */
const Rollouts = z.looseObject({
  complete: z.boolean(),
  rescaled: z.boolean().default(false),
  why: z.string(),
  of: z.record(z.string(), z.looseObject({ image: z.string(), revision: z.number().nullable(), desired: z.number() })),
});

/** How far rollouts have come, for a card that follows them; undefined for what is none. */
export function rolloutWords(value: StepValue): string | undefined {
  const rollouts = Rollouts.safeParse(value).data;
  if (!rollouts) return undefined;
  if (!rollouts.complete || rollouts.rescaled) return rollouts.why;
  return Object.entries(rollouts.of)
    .map(([name, { image, revision, desired }]) => {
      const at = revision === null ? "" : `, revision ${revision}`;
      if (desired === 0)
        return `${name}: NOTHING RUNS, it is scaled to none: ${shortDigests(image)}${at} is set, and was not seen to run`;
      return `${name} rolled out: ${shortDigests(image)}${at}`;
    })
    .join("; ");
}

/** How far the rollouts of deployments have come. Throws BackendError. */
export async function readRollouts(
  kube: Kube,
  at: KubeCall,
  { names, to, after, replicas }: RolloutsAsked,
): Promise<StepValue> {
  const all = await Promise.all(
    names.map(async (name) => {
      const deployment = await readWorkload(kube, at, { kind: "deployment", name });
      const expected = {
        image: ownValue(to, name),
        after: ownValue(after, name),
        replicas: ownValue(replicas, name),
      };
      return [name, await rolloutOf(kube, at, { deployment, ...expected })] as const;
    }),
  );
  return {
    complete: all.every(([, { complete }]) => complete),
    stuck: all.some(([, { stuck }]) => stuck),
    other: all.some(([, { other }]) => other),
    rescaled: all.some(([, { rescaled }]) => rescaled),
    /** Something of it is scaled to none: it shows nothing of what was rolled out. */
    empty: all.some(([, { desired }]) => desired === 0),
    why: all.flatMap(([name, { why }]) => (why === "" ? [] : [`${name}: ${why}`])).join("; "),
    of: Object.fromEntries(all),
  };
}

interface OneAsked {
  readonly deployment: KubeWorkload;
  readonly image: string | undefined;
  readonly after: string | number | undefined;
  readonly replicas: string | number | undefined;
}

/**
 * As `kubectl rollout status` judges it: all are new, all new ones are available, and no old one is left. Of another image, or
 * at the revision from before, it is somebody else's rollout that has come to its end.
 */
async function rolloutOf(kube: Kube, at: KubeCall, { deployment, image, after, replicas: set }: OneAsked) {
  const { spec, status } = deployment;
  const desired = spec.replicas ?? 1;
  const replicas = status.replicas ?? 0;
  const updated = status.updatedReplicas ?? 0;
  const available = availableOf(deployment);
  const revision = rolloutRevision(deployment) ?? null;
  const runs = imagesText(imagesOf(spec.template));
  const seen = isSeen(deployment);
  const stuck = seen ? stuckWords(deployment) : [];
  const otherwise = image === undefined ? undefined : otherImage(spec.template, image);
  const other = otherwise !== undefined;
  const rescaled = set !== undefined && desired !== Number(set);
  const isNew = after === undefined || (revision !== null && revision > Number(after));
  const isOut = seen && updated === desired && replicas === updated && available === updated;
  const complete = isOut && isNew && !other;
  const worst = isOut ? undefined : worstPod((await podsOf(kube, at, deployment)).map(podStanding));
  const waiting = seen
    ? `${updated} of ${desired} new, ${available} available, ${Math.max(0, replicas - updated)} old left`
    : "its controller has not seen the change yet";
  const why = [
    ...(other ? [otherwise] : []),
    ...(rescaled ? [`it is to have ${desired} pods, not ${set}: it was scaled meanwhile`] : []),
    ...(seen && !isNew ? [`it is at revision ${revision ?? "none"} still`] : []),
    ...(spec.paused ? ["its rollout is paused"] : []),
    ...stuck,
    ...(worst ? [`${worst.name} is in ${worst.status}`] : []),
    ...(isOut ? [] : [waiting]),
  ].join(", ");
  return {
    complete,
    stuck: stuck.length > 0,
    other,
    rescaled,
    desired,
    updated,
    available,
    old: Math.max(0, replicas - updated),
    revision,
    image: runs,
    why: complete && !rescaled ? "" : why,
  };
}
