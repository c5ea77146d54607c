import { allSteps, type PlannedStep } from "../../domain/approvals/plan.ts";
import type { WholeRequest } from "../../domain/approvals/run.ts";
import type { SystemPorts } from "../../domain/commands/command.ts";
import { UserError } from "../../domain/failure.ts";
import type { StepValue } from "../../domain/systems/steps.ts";
import { planValues } from "./plan.ts";

/** A step as it is sent, with what earlier steps brought in place; or why it cannot be. */
export type Ready = { readonly step: PlannedStep } | { readonly step?: undefined; readonly lacks: string };

/** Puts in place what earlier steps brought. */
export function completed(
  { planner }: Pick<SystemPorts, "planner">,
  { sealed, run }: Pick<WholeRequest, "sealed" | "run">,
  step: PlannedStep,
): Ready {
  if (step.awaits === undefined) return { step };
  const brought = allSteps(sealed.plan).flatMap(({ id, as }): [string, StepValue][] => {
    const value = run?.steps.find((each) => each.id === id)?.value;
    return as === undefined || value === undefined ? [] : [[as, value]];
  });
  try {
    const values = planValues(sealed.arguments, sealed.readings);
    return { step: planner.complete(step, values, Object.fromEntries(brought)) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { lacks: error.message };
  }
}
