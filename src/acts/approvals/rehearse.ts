import type { Sealed } from "../../domain/approvals/request.ts";
import { UserError } from "../../domain/failure.ts";
import type { Rehearsals } from "../../domain/systems/steps.ts";
import type { System } from "../../domain/systems/system.ts";

/**
 * What was planned, once its targets have said that they would take it. Throws UserError when one would not: nobody is to
 * approve what cannot be done. What is urgent goes ahead untried.
 */
export async function rehearsed<Planned extends Pick<Sealed, "plan" | "urgent"> & { readonly system: System }>(
  rehearsals: Rehearsals,
  planned: Planned,
): Promise<Planned> {
  const found = planned.urgent ? undefined : await rehearsals.refusalOf(planned.plan.steps);
  if (!found) return planned;
  throw new UserError(
    `${planned.system.title} would not take this: ${found.step.title}: ${found.why}.`,
    "It was tried without effect while it was planned. No request was opened.",
  );
}
