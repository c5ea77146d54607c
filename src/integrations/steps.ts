import { type Backend, stepKindsOf } from "../domain/systems/backend.ts";
import type { StepRunner } from "../domain/systems/steps.ts";

/** Has each step of a plan carried out by the backend that knows its kind. A kind that nobody knows is never sent. */
export function createStepRunner(backends: readonly Backend[]): StepRunner {
  const kinds = stepKindsOf(backends);
  return {
    async run({ kind, spec }, call) {
      const known = kinds.get(kind);
      if (!known) return { outcome: "refused", detail: `no backend carries out steps of the kind ${kind}` };
      return known
        .run(spec, call)
        .catch(() => ({ outcome: "refused", detail: "it is not written as a step of its kind" }));
    },
    async probe({ kind, spec }, key) {
      const known = kinds.get(kind);
      if (!known) return { outcome: "unknown", detail: `no backend looks up steps of the kind ${kind}` };
      return known
        .probe(spec, key)
        .catch(() => ({ outcome: "unknown", detail: "it is not written as a step of its kind" }));
    },
    changes: ({ kind }) => kinds.get(kind)?.does === "changes",
  };
}
