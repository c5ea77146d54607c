import { stepKey } from "../../domain/approvals/request.ts";
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
  readings: Pick<StepReadings, "now" | "stillRuns">,
  read: WholeRequest,
  as: SettledAs,
): Promise<OwnReading> {
  const ends = await Promise.all(
    read.sealed.plan.verify.map(async (step) => {
      const end = await readings.now(step);
      return end ? [[step.id, end] satisfies [string, StepEnd]] : [];
    }),
  );
  const { against, beside } = speaksAgainst(read, as, new Map(ends.flat()));
  return { against: [...(await stillRunning(readings, read)), ...against], beside };
}

/** What is still being done may have its effect yet, whatever people saw. */
async function stillRunning(
  readings: Pick<StepReadings, "stillRuns">,
  { request, sealed, run }: WholeRequest,
): Promise<string[]> {
  const open = (run?.steps ?? []).filter(({ state }) => state === "started" || state === "unknown");
  const steps = sealed.plan.steps.filter(({ id }) => open.some((each) => each.id === id));
  const told = await Promise.all(
    steps.map(async (step) => ({ ...step, runs: await readings.stillRuns(step, stepKey(request.id, step.id)) })),
  );
  return told.flatMap(({ title, runs }) => (runs === undefined ? [] : [`${title}: NOT at its end. ${runs}`]));
}
