import type { WholeRequest } from "../../domain/approvals/run.ts";
import { type OwnReading, type SettledAs, speaksAgainst } from "../../domain/approvals/settle-rules.ts";
import type { SystemPorts } from "../../domain/commands/command.ts";
import type { Store } from "../../domain/store.ts";
import type { StepEnd, StepReadings } from "../../domain/systems/steps.ts";
import type { Systems } from "../../domain/systems/system.ts";
import { type ReadRequest, readRequest } from "../../records/request.ts";
import { lookUpOutcome } from "./look-up-outcome.ts";

/** What it takes to look once more before people say how a request ended. */
export interface LookOncePorts {
  readonly store: Store;
  readonly systems: Pick<Systems, "find"> & Pick<SystemPorts, "health" | "planner" | "stepReadings">;
}

/**
 * The request as it stands once it was looked up at this moment: what is proven of it is written down and needs nobody's word.
 * Undefined where it is gone.
 */
export async function lookOnce({ store, systems }: LookOncePorts, id: string): Promise<ReadRequest | undefined> {
  await lookUpOutcome({ store, systems, steps: systems.stepReadings }, id);
  return readRequest(store, id);
}

/** What Wardroom itself reads at this moment that speaks against settling a request so, or both ways. */
export async function readAgainst(
  readings: Pick<StepReadings, "now">,
  read: Pick<WholeRequest, "sealed" | "run">,
  as: SettledAs,
): Promise<OwnReading> {
  const ends = await Promise.all(
    read.sealed.plan.verify.map(async (step) => {
      const end = await readings.now(step);
      return end ? [[step.id, end] satisfies [string, StepEnd]] : [];
    }),
  );
  return speaksAgainst(read, as, new Map(ends.flat()));
}
