import type { PlannedStep } from "../domain/approvals/plan.ts";
import { type Backend, stepKindsOf } from "../domain/systems/backend.ts";
import type { StepKind, StepRunner } from "../domain/systems/steps.ts";

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
    async probe(step, key) {
      const kind = known(step);
      if (!kind) return { outcome: "unknown", detail: `no backend looks up ${step.kind} as it is planned` };
      return kind.probe(step.spec, key).catch(() => ({ outcome: "unknown", detail: "the look failed inside the bot" }));
    },
    canProbe: (step) => known(step)?.canProbe?.(step.spec) ?? false,
    does: ({ kind }) => kinds.get(kind)?.does ?? "tells",
  };
}
