import { z } from "zod";
import { isDefiniteRefusal } from "../../domain/failure.ts";
import { fillText, type PlanValues } from "../../domain/systems/placeholders.ts";
import type { StepKindOf } from "../../domain/systems/steps.ts";
import { stepFailureWords } from "../wire/step-failure.ts";
import type { Kube, KubeCall } from "./api.ts";
import { connectionIn, ofNamespace, saysOne, workloadKinds } from "./connection.ts";
import { workloadIn } from "./health.ts";
import { fillName, NameWritten, placeholdersOf } from "./names.ts";
import { changeRollout, probeRollout } from "./rollout.ts";
import { probeScale, scaleWorkload } from "./scale.ts";

const Count = z.int().min(0).max(10_000);
/** A number, or `{n}`. */
const CountWritten = z.union([Count, z.string().regex(/^\{[^{}]+\}$/, "a whole number, or {n}")]);
const OneDeployment = z.strictObject({ deployment: NameWritten });

const verbs = ["scale", "undo", "pause", "resume", "restart"] as const;
const KubernetesStep = ofNamespace({
  scale: z
    .strictObject({
      deployment: NameWritten.optional(),
      statefulset: NameWritten.optional(),
      replicas: CountWritten,
      /** How many there were when it was planned: with another number nothing is sent. */
      from: CountWritten.optional(),
    })
    .refine(saysOne(workloadKinds), "name one deployment or one statefulset")
    .optional(),
  /** Back to a revision that is still kept, which has to have run this image. */
  undo: OneDeployment.extend({ toRevision: CountWritten, image: z.string().min(1) }).optional(),
  pause: OneDeployment.optional(),
  resume: OneDeployment.optional(),
  restart: OneDeployment.optional(),
}).refine(saysOne(verbs), `say one of ${verbs.join(", ")}`);
type KubernetesStep = z.output<typeof KubernetesStep>;

const budgetMs = 15_000;
/** Short, because the executor asks it while its lease on the run is running. */
const probeDeadlineMs = 3_000;

/** One change of a namespace, by the request that kubectl makes for it. What it is done to is read and compared first. */
export function kubernetesStep(kube: Kube): StepKindOf<KubernetesStep> {
  const callOf = (spec: KubernetesStep, deadlineMs: number): KubeCall => ({
    connection: connectionIn(spec),
    deadlineMs: Math.min(deadlineMs, connectionIn(spec).timeoutMs ?? deadlineMs),
  });
  return {
    kind: "kubernetes",
    key: "kubernetes",
    schema: KubernetesStep,
    does: "changes",
    placeholders: (spec) => placeholdersOf(writtenIn(spec), true),
    resolve: filledStep,
    describe,
    budgetMs: () => budgetMs,
    async run(spec, { key }) {
      const sent = { any: false };
      try {
        const at = callOf(spec, budgetMs / 3);
        const watched = noting(kube, sent);
        const { scale } = spec;
        if (scale) return await scaleWorkload(watched, at, scaleIn(scale));
        return await changeRollout(watched, at, { ...rolloutIn(spec), key });
      } catch (error) {
        // What was only read before any change has no effect, whatever became of it.
        return {
          outcome: !sent.any || isDefiniteRefusal(error) ? "refused" : "unknown",
          detail: stepFailureWords(error),
        };
      }
    },
    async probe(spec, key) {
      try {
        const at = callOf(spec, probeDeadlineMs);
        const { scale } = spec;
        if (scale) return await probeScale(kube, at, scaleIn(scale));
        return await probeRollout(kube, at, { ...rolloutIn(spec), key });
      } catch (error) {
        return { outcome: "unknown", detail: stepFailureWords(error) };
      }
    },
    canProbe: () => true,
  };
}

/** Notes when something is sent that may change something. */
function noting(kube: Kube, sent: { any: boolean }): Kube {
  return {
    ...kube,
    json(at, asked, schema) {
      if (asked.verb !== "get" && asked.verb !== "list") sent.any = true;
      return kube.json(at, asked, schema);
    },
  };
}

function scaleIn(scale: NonNullable<KubernetesStep["scale"]>) {
  return { ...workloadIn(scale), to: number(scale.replicas), from: known(scale.from) };
}

function rolloutIn(spec: KubernetesStep) {
  const { undo, pause, resume, restart } = spec;
  if (undo)
    return { verb: "undo", name: undo.deployment, toRevision: number(undo.toRevision), image: undo.image } as const;
  if (pause) return { verb: "pause", name: pause.deployment } as const;
  if (resume) return { verb: "resume", name: resume.deployment } as const;
  if (restart) return { verb: "restart", name: restart.deployment } as const;
  throw new Error("it says no change");
}

function writtenIn({ scale, undo, pause, resume, restart }: KubernetesStep): unknown[] {
  return [scale, undo, pause, resume, restart].flatMap((each) => Object.values(each ?? {}));
}

function filledStep(spec: KubernetesStep, values: PlanValues): KubernetesStep {
  const filled = verbs.flatMap((verb) => {
    const said = spec[verb];
    if (said === undefined) return [];
    const entries = Object.entries(said).map(([key, value]): [string, unknown] => [
      key,
      filledPart(key, value, values),
    ]);
    return [[verb, Object.fromEntries(entries)] as const];
  });
  return KubernetesStep.parse({ ...spec, ...Object.fromEntries(filled) });
}

function filledPart(key: string, value: unknown, values: PlanValues): unknown {
  if (typeof value !== "string") return value;
  return key === "deployment" || key === "statefulset" ? fillName(value, values) : fillText(value, values);
}

function describe(spec: KubernetesStep): string {
  const where = "backend" in spec ? spec.backend : spec.namespace;
  const { scale } = spec;
  if (scale) {
    const from = scale.from === undefined ? "" : `from ${scale.from} `;
    const { kind, name } = workloadIn(scale);
    return `scale ${kind} ${name} of ${where} ${from}to ${scale.replicas} replicas`;
  }
  const change = verbs.find((verb) => spec[verb] !== undefined) ?? "change";
  const { undo } = spec;
  if (undo)
    return `rollout undo of deployment ${undo.deployment} of ${where} to revision ${undo.toRevision}: ${undo.image}`;
  return `rollout ${change} of deployment ${(spec.pause ?? spec.resume ?? spec.restart)?.deployment ?? ""} of ${where}`;
}

/** A number whose argument is in place: a plan holds nothing else. */
function number(written: string | number): number {
  return Count.parse(written);
}

function known(written: string | number | undefined): number | undefined {
  return written === undefined ? undefined : number(written);
}
