import type { PlannedStep } from "../domain/approvals/plan.ts";
import { type Backend, stepKindsOf } from "../domain/systems/backend.ts";
import type { Rehearsals, StepKind, StepReadings, StepRunner } from "../domain/systems/steps.ts";
import { lookThrough } from "./wire/look-through.ts";

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

/** A check that has to hold several times in a row is looked at so often, and no longer: somebody waits for the answer. */
const looksAtMost = 3;
const looksWithinMs = 4_000;
const mostPauseMs = 250;

/** Has steps looked up, and what they wait for read as it stands now. */
export function createStepReadings(backends: readonly Backend[]): StepReadings {
  const kinds = stepKindsOf(backends);
  const runner = createStepRunner(backends);
  return {
    probe: async (...asked) => runner.probe(...asked),
    does: (step) => runner.does(step),
    async now({ kind: name, spec, awaits }) {
      const kind = kinds.get(name);
      if (kind?.does !== "reads" || awaits !== undefined || !kind.schema.safeParse(spec).success) return undefined;
      let looks = 0;
      let unread = false;
      const look: Parameters<typeof lookThrough>[0] = async ({ elapsedMs, progress }) => {
        const seen = await kind.run(spec, { key: "", elapsedMs, progress });
        looks += 1;
        if (seen.outcome !== "waiting") return seen;
        unread = seen.unread === true;
        if (unread || looks >= looksAtMost || elapsedMs > looksWithinMs)
          return { outcome: "unknown", detail: seen.detail };
        return { ...seen, againInMs: Math.min(seen.againInMs, mostPauseMs) };
      };
      const end = await lookThrough(look).catch(() => undefined);
      return unread ? undefined : end;
    },
    async stillRuns({ kind: name, spec }, key) {
      const kind = kinds.get(name);
      if (!kind?.schema.safeParse(spec).success) return undefined;
      return kind.stillRuns?.(spec, key).catch(() => undefined);
    },
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
