import type { PlannedStep } from "../domain/approvals/plan.ts";
import { type Backend, stepKindsOf } from "../domain/systems/backend.ts";
import type { Rehearsals, StepKind, StepRunner } from "../domain/systems/steps.ts";

/** Has each step of a plan carried out by the backend that knows its kind. What nobody knows is never sent. */
export function createStepRunner(backends: readonly Backend[]): StepRunner {
  const kinds = stepKindsOf(backends);
  const known = ({ kind, spec }: PlannedStep): StepKind | undefined => {
    const found = kinds.get(kind);
    return found?.schema.safeParse(spec).success ? found : undefined;
  };
  return {
    async run(step, call) {
      const kind = known(step);
      if (!kind) return { outcome: "refused", detail: `no backend carries out ${step.kind} as it is planned` };
      // A backend that breaks may have sent it before it broke.
      return kind.run(step.spec, call).catch(() => ({ outcome: "unknown", detail: "the step failed inside the bot" }));
    },
    async probe(step, key, elapsedMs) {
      const kind = known(step);
      if (!kind) return { outcome: "unknown", detail: `no backend looks up ${step.kind} as it is planned` };
      return kind
        .probe(step.spec, key, elapsedMs)
        .catch(() => ({ outcome: "unknown", detail: "the look failed inside the bot" }));
    },
    canProbe: (step) => known(step)?.canProbe?.(step.spec) ?? false,
    does: ({ kind }) => kinds.get(kind)?.does ?? "tells",
  };
}

/**
 * Has the targets asked by the backends that can. What an earlier step brings, or changes before, is not known yet, so that
 * such a step is not asked for.
 */
export function createRehearsals(backends: readonly Backend[]): Rehearsals {
  const kinds = stepKindsOf(backends);
  return {
    async refusalOf(steps) {
      const seen = new Set<string>();
      const asked = steps.flatMap((step) => {
        const rehearsal = kinds.get(step.kind)?.rehearsal;
        if (!rehearsal || step.awaits) return [];
        const at = `${step.kind} ${rehearsal.at(step.spec)}`;
        if (seen.has(at)) return [];
        seen.add(at);
        return [async () => ({ step, why: await rehearsal.refusal(step.spec) })];
      });
      const told = await Promise.all(asked.map(async (ask) => ask()));
      return told.flatMap(({ step, why }) => (why === undefined ? [] : [{ step, why }]))[0];
    },
  };
}
