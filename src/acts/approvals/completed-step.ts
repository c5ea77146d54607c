import { allSteps, type PlannedStep } from "../../domain/approvals/plan.ts";
import type { Request, Sealed } from "../../domain/approvals/request.ts";
import type { WholeRequest } from "../../domain/approvals/run.ts";
import type { SystemPorts } from "../../domain/commands/command.ts";
import { UserError } from "../../domain/failure.ts";
import { askedName, type StepValue } from "../../domain/systems/steps.ts";
import { inert } from "../../domain/text/inert.ts";
import { rfc3339 } from "../../domain/text/moment.ts";
import { planValues } from "./plan.ts";

/** A step as it is sent, with what earlier steps brought in place; or why it cannot be. */
export type Ready = { readonly step: PlannedStep } | { readonly step?: undefined; readonly lacks: string };

/** Puts in place what earlier steps brought. */
export function completed(
  { planner }: Pick<SystemPorts, "planner">,
  { request, sealed, run }: WholeRequest,
  step: PlannedStep,
): Ready {
  if (step.awaits === undefined) return { step };
  const brought = allSteps(sealed.plan).flatMap(({ id, as }): [string, StepValue][] => {
    const value = run?.steps.find((each) => each.id === id)?.value;
    return as === undefined || value === undefined ? [] : [[as, value]];
  });
  try {
    const values = planValues(sealed.arguments, sealed.readings);
    const asked = step.once === undefined ? {} : { [askedName]: askedOf(request, sealed) };
    return { step: planner.complete(step, values, { ...Object.fromEntries(brought), ...asked }) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { lacks: error.message };
  }
}

/** Who asked for it, when and why, each fit for one line. */
function askedOf({ openedAt, code, reason }: Request, { requester }: Sealed): StepValue {
  const why = inert(reason.replaceAll(/\s+/g, " ")).trim();
  return {
    at: rfc3339(openedAt),
    by: inert(requester.name),
    code,
    reason: why === "" ? "no reason was given" : why,
  };
}
