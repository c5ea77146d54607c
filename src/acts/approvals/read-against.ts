import type { WholeRequest } from "../../domain/approvals/run.ts";
import { type SettledAs, speaksAgainst } from "../../domain/approvals/settle-rules.ts";
import type { StepEnd, StepReadings } from "../../domain/systems/steps.ts";

/** What Wardroom itself reads at this moment that speaks against settling a request so, a line each. */
export async function readAgainst(
  readings: StepReadings,
  read: Pick<WholeRequest, "sealed" | "run">,
  as: SettledAs,
): Promise<string[]> {
  const checks = as === "succeeded" ? read.sealed.plan.verify : [];
  const ends = await Promise.all(
    checks.map(async (step) => {
      const end = await readings.now(step);
      return end ? [[step.id, end] satisfies [string, StepEnd]] : [];
    }),
  );
  return speaksAgainst(read, as, new Map(ends.flat()));
}
