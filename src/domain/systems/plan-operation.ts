import { z } from "zod";
import type { Plan, PlannedStep } from "../approvals/plan.ts";
import type { Operation } from "./operation.ts";
import { type ArgumentValues, argumentsIn, fillValue, type Placeholder } from "./placeholders.ts";
import type { Step, StepKind, StepKinds } from "./steps.ts";

/** Makes plans of operations, with the kinds of step that there are. */
export interface Planner {
  plan(operation: Operation, values: ArgumentValues): Plan;
}

/** The operation with its arguments in place, described and priced: what people approve and what is executed. */
export function planOperation(kinds: StepKinds, operation: Operation, values: ArgumentValues): Plan {
  const planned = (step: Step): PlannedStep => {
    const kind = kindOf(kinds, step);
    const spec = z.json().parse(kind.resolve(step.spec, values));
    return { ...step, spec, description: kind.describe(spec), budgetMs: kind.budgetMs(spec) };
  };
  const { summary, steps, verify, hardDeadlineMs } = operation;
  const targets = targetsOf(operation, values);
  return {
    summary,
    steps: steps.map(planned),
    verify: verify.map(planned),
    hardDeadlineMs,
    ...(targets.length > 0 && { targets }),
  };
}

/** Where an argument that a target is named by was left out, it is the whole system that is concerned. */
function targetsOf({ targets }: Operation, values: ArgumentValues): string[] {
  if (targets.flatMap(argumentsIn).some((name) => values[name] === undefined)) return [];
  return targets.map((target) => String(fillValue(target, values)));
}

/** The arguments that the operation's steps and targets refer to, and whether an address does. */
export function placeholdersIn(kinds: StepKinds, operation: Operation): readonly Placeholder[] {
  return [
    ...[...operation.steps, ...operation.verify].flatMap((step) => kindOf(kinds, step).placeholders(step.spec)),
    ...operation.targets.flatMap(argumentsIn).map((name) => ({ name, inAddress: false })),
  ];
}

/** The arguments that have to be entries of a list of the system, with what they name. */
export function listedArguments(
  operation: Pick<Operation, "arguments">,
  values: ArgumentValues,
): readonly { readonly title: string; readonly list: string; readonly value: string }[] {
  return Object.entries(operation.arguments).flatMap(([name, { title, from }]) => {
    const value = values[name];
    return from === undefined || value === undefined ? [] : [{ title, list: from, value: String(value) }];
  });
}

function kindOf(kinds: StepKinds, step: Step): StepKind {
  const kind = kinds.get(step.kind);
  if (!kind) throw new Error(`no backend carries out steps of the kind ${step.kind}`);
  return kind;
}
