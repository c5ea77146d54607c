import { isDefiniteRefusal } from "../../domain/failure.ts";
import type { StepEnd, StepKindOf } from "../../domain/systems/steps.ts";
import { stepFailureWords } from "../wire/step-failure.ts";
import type { Kube, KubeCall } from "./api.ts";
import { connectionIn } from "./connection.ts";
import { deletePod, probePodDeletion } from "./delete-pod.ts";
import { sizedName, workloadIn } from "./health.ts";
import type { BegunChange, KubeChange } from "./patch-workload.ts";
import { changeRollout, probeRollout } from "./rollout.ts";
import { probeScale, scaleWorkload } from "./scale.ts";
import { Count, filledStep, KubernetesStep, plannedGeneration, stepPlaceholders, stepVerbs } from "./step-spec.ts";
import { amountWords, changeTemplate, probeTemplate, type TemplateChange } from "./template-change.ts";

const budgetMs = 15_000;
/** Short, because the executor asks it while its lease on the run is running. */
const probeDeadlineMs = 3_000;
/** Somebody waits for the plan. */
const rehearsalDeadlineMs = 3_000;

/** One change of a namespace, by the request that kubectl makes for it. What it is done to is read and compared first. */
export function kubernetesStep(kube: Kube): StepKindOf<KubernetesStep> {
  return {
    kind: "kubernetes",
    key: "kubernetes",
    schema: KubernetesStep,
    does: "changes",
    placeholders: stepPlaceholders,
    resolve: filledStep,
    describe,
    budgetMs: () => budgetMs,
    async run(spec, { key }) {
      const sent = { any: false };
      try {
        return await change(noting(kube, sent), callOf(spec, budgetMs / 3), spec, { key, isDry: false });
      } catch (error) {
        // What was only read before any change has no effect, whatever became of it.
        return { outcome: sent.any ? "unknown" : "refused", detail: stepFailureWords(error) };
      }
    },
    async probe(spec, key, elapsedMs) {
      try {
        return await look(kube, callOf(spec, probeDeadlineMs), spec, {
          key,
          elapsedMs,
          planned: plannedGeneration(spec),
        });
      } catch (error) {
        return { outcome: "unknown", detail: stepFailureWords(error) };
      }
    },
    canProbe: () => true,
    leaves({ scale }) {
      if (!scale) return {};
      return { [sizedName(workloadIn(scale))]: Count.safeParse(scale.replicas).data ?? Number.NaN };
    },
    rehearsal: {
      at: (spec) => JSON.stringify([connectionIn(spec).namespace, targetOf(spec)]),
      async refusal(spec) {
        try {
          const call = { key: "rehearsal", isDry: true };
          const { outcome, detail } = await change(kube, callOf(spec, rehearsalDeadlineMs), spec, call);
          return outcome === "done" ? undefined : detail;
        } catch (error) {
          return stepFailureWords(error);
        }
      },
    },
  };
}

function callOf(spec: KubernetesStep, deadlineMs: number): KubeCall {
  const connection = connectionIn(spec);
  return { connection, deadlineMs: Math.min(deadlineMs, connection.timeoutMs ?? deadlineMs) };
}

/** Notes whether something was sent that may have changed something. */
function noting(kube: Kube, sent: { any: boolean }): Kube {
  return {
    ...kube,
    async json(at, asked, schema) {
      if (asked.verb === "get" || asked.verb === "list") return kube.json(at, asked, schema);
      const before = sent.any;
      sent.any = true;
      try {
        return await kube.json(at, asked, schema);
      } catch (error) {
        if (isDefiniteRefusal(error)) sent.any = before;
        throw error;
      }
    },
  };
}

async function change(kube: Kube, at: KubeCall, spec: KubernetesStep, call: KubeChange): Promise<StepEnd> {
  const { scale, deletePod: deletion } = spec;
  if (scale) return scaleWorkload(kube, at, { ...scaleIn(scale), ...call });
  if (deletion) return deletePod(kube, at, { ...deletion, ...call });
  const template = templateIn(spec);
  if (template) return changeTemplate(kube, at, { ...template, ...call });
  return changeRollout(kube, at, { ...rolloutIn(spec), ...call });
}

async function look(kube: Kube, at: KubeCall, spec: KubernetesStep, begun: BegunChange): Promise<StepEnd> {
  const { scale, deletePod: deletion } = spec;
  if (scale) return probeScale(kube, at, { ...scaleIn(scale), ...begun });
  if (deletion) return probePodDeletion(kube, at, deletion);
  const template = templateIn(spec);
  if (template) return probeTemplate(kube, at, { ...template, ...begun });
  return probeRollout(kube, at, { ...rolloutIn(spec), ...begun });
}

function scaleIn(scale: NonNullable<KubernetesStep["scale"]>) {
  return { ...workloadIn(scale), to: number(scale.replicas), from: known(scale.from) };
}

function templateIn({ setImage, setResources }: KubernetesStep): TemplateChange | undefined {
  if (setImage) {
    const { container, image, uid, from } = setImage;
    return { ref: workloadIn(setImage), container, uid, to: { image }, from };
  }
  if (!setResources) return undefined;
  const { container, requests, limits, uid } = setResources;
  const resources = { ...(requests && { requests }), ...(limits && { limits }) };
  return { ref: workloadIn(setResources), container, uid, to: { resources } };
}

function rolloutIn(spec: KubernetesStep) {
  const { undo, pause, resume, restart } = spec;
  if (undo) {
    const { deployment: name, toRevision, template, image, from } = undo;
    return { verb: "undo", name, toRevision: known(toRevision), template, image, from } as const;
  }
  if (pause) return { verb: "pause", name: pause.deployment } as const;
  if (resume) return { verb: "resume", name: resume.deployment } as const;
  if (restart) return { verb: "restart", name: restart.deployment } as const;
  throw new Error("it says no change");
}

/** `deployment prsm-api`, `pod prsm-api-x1`. */
function targetOf(spec: KubernetesStep): string {
  if (spec.deletePod) return `pod ${spec.deletePod.pod}`;
  const workload = spec.scale ?? spec.setImage ?? spec.setResources;
  const { kind, name } = workload
    ? workloadIn(workload)
    : { kind: "deployment", name: (spec.undo ?? spec.pause ?? spec.resume ?? spec.restart)?.deployment ?? "" };
  return `${kind} ${name}`;
}

function describe(spec: KubernetesStep): string {
  const { scale, undo, setImage, setResources } = spec;
  const where = `${targetOf(spec)} of ${"backend" in spec ? spec.backend : spec.namespace}`;
  if (scale) {
    const from = scale.from === undefined ? "" : `from ${scale.from} `;
    return `scale ${where} ${from}to ${scale.replicas} replicas`;
  }
  if (undo) {
    const { toRevision, template } = undo;
    const newest = template === undefined ? "the newest revision of" : `the revision of the template ${template}:`;
    const to = toRevision === undefined ? newest : `revision ${toRevision}:`;
    return `rollout undo of ${where} to ${to} ${undo.image}`;
  }
  if (setImage) return `set image of ${setImage.container} in ${where} to ${setImage.image}`;
  if (setResources) {
    const { container, requests, limits } = setResources;
    const words = [...amountWords("requests", requests), ...amountWords("limits", limits)];
    return `set resources of ${container} in ${where}: ${words.join(", ")}`;
  }
  if (spec.deletePod) return `delete ${where}`;
  return `rollout ${stepVerbs.find((verb) => spec[verb] !== undefined) ?? "change"} of ${where}`;
}

/** A number whose argument is in place: a plan holds nothing else. */
function number(written: string | number): number {
  return Count.parse(written);
}

function known(written: string | number | undefined): number | undefined {
  return written === undefined ? undefined : number(written);
}
