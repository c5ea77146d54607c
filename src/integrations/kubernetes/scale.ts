import { z } from "zod";
import type { StepEnd } from "../../domain/systems/steps.ts";
import type { Kube, KubeCall } from "./api.ts";
import { type BegunChange, dryParameter, isUntouched, type KubeChange, refused } from "./patch-workload.ts";
import { untilTaken } from "./until-taken.ts";
import { readWorkload, type WorkloadRef } from "./workload.ts";

interface Scaling extends WorkloadRef {
  readonly to: number;
  /** How many there have to be before; undefined where any number will do. */
  readonly from: number | undefined;
}

type ScaleChange = Scaling & Pick<KubeChange, "isDry">;

/** The scale of a workload, whole, because it is sent back whole. */
const Scale = z.looseObject({
  metadata: z.looseObject({ resourceVersion: z.string() }),
  spec: z.looseObject({ replicas: z.int().min(0).default(0) }).default({ replicas: 0 }),
});

/**
 * Scales it by what `kubectl scale --current-replicas` sends: the scale as it was read, with its version, so that whoever changed
 * it meanwhile is not overwritten. Known how many there were, as many as asked are left as they are, and count as done: a run that
 * stopped half-way is taken back and repeated. Throws BackendError.
 */
export async function scaleWorkload(kube: Kube, at: KubeCall, change: ScaleChange): Promise<StepEnd> {
  const { kind, name, to, isDry } = change;
  const resource = `${kind}s/scale` as const;
  const attempt = async (): Promise<StepEnd> => {
    const scale = await kube.json(at, { verb: "get", resource, name }, Scale);
    const { replicas } = scale.spec;
    const standing = judgeReplicas(replicas, change);
    if (standing) return standing;
    const body = { type: "application/json", json: { ...scale, spec: { ...scale.spec, replicas: to } } };
    const after = await kube.json(at, { verb: "update", resource, name, parameters: dryParameter(isDry), body }, Scale);
    return after.spec.replicas === to
      ? { outcome: "done", detail: `from ${replicas} to ${to} replicas` }
      : { outcome: "unknown", detail: `${name} was answered to have ${after.spec.replicas} replicas, not ${to}` };
  };
  // A name that is not there is told with the one that may be meant.
  return untilTaken({ ref: change, about: "replicas", read: async () => readWorkload(kube, at, change), attempt });
}

/** What ends a scaling before anything is sent; undefined where it is to be sent. */
function judgeReplicas(replicas: number, { name, to, from }: Scaling): StepEnd | undefined {
  if (replicas === to && from !== undefined)
    return { outcome: "done", detail: `${name} has ${to} replicas already, so nothing was sent` };
  if (replicas === to) return refused(`${name} already has ${to} replicas`);
  if (from === undefined || replicas === from) return undefined;
  return {
    outcome: "refused",
    detail: `${name} has ${replicas} replicas now, not ${from} as planned: somebody, or an autoscaler, changed it`,
  };
}

/** How many it is to have says whether it happened; as many as before may have been set by somebody else after it. Throws BackendError. */
export async function probeScale(kube: Kube, at: KubeCall, scaling: Scaling & BegunChange): Promise<StepEnd> {
  const { kind, name, to, from } = scaling;
  const { spec } = await kube.json(at, { verb: "get", resource: `${kind}s/scale`, name }, Scale);
  if (spec.replicas === to) return { outcome: "done", detail: `${name} is to have ${to} replicas` };
  if (spec.replicas === from) {
    return isUntouched(await readWorkload(kube, at, scaling), scaling)
      ? { outcome: "refused", detail: `${name} is still to have ${from} replicas` }
      : { outcome: "unknown", detail: `${name} is to have ${from} replicas, as before or again: it was changed since` };
  }
  return { outcome: "unknown", detail: `${name} is to have ${spec.replicas} replicas, neither as before nor as asked` };
}
