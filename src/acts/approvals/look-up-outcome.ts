import { allSteps } from "../../domain/approvals/plan.ts";
import { stepKey } from "../../domain/approvals/request.ts";
import type { SystemPorts } from "../../domain/commands/command.ts";
import type { Store } from "../../domain/store.ts";
import type { StepEnd, StepRunner } from "../../domain/systems/steps.ts";
import { readRequest } from "../../records/request.ts";
import { completed } from "./completed-step.ts";
import { doubtOf, type ProofPorts } from "./doubt-of-target.ts";
import { believed, mayUndoHalt } from "./may-undo.ts";
import { recordReconciliation } from "./record-run.ts";

/** What it takes to look up what became of a request whose outcome is unknown. */
export interface LookUpPorts extends ProofPorts {
  readonly store: Store;
  readonly systems: ProofPorts["systems"] & Pick<SystemPorts, "planner">;
  readonly steps: Pick<StepRunner, "probe" | "does">;
}

/**
 * Reads, never acts: which steps took effect, and whether what they were for now holds. What is proven so is written down, and
 * ends it. False where its outcome is not unknown, so that nothing was looked up.
 */
export async function lookUpOutcome(ports: LookUpPorts, id: string): Promise<boolean> {
  const read = await readRequest(ports.store, id);
  if (read?.request.state !== "UNKNOWN") return false;
  if (!read.run) throw new Error("an outcome is unknown of a request that has no run");
  const { insists } = read.run;
  const outcomes: { step: string; outcome: StepEnd }[] = [];
  const mayUndo = insists ? await mayUndoHalt(ports.store, read.sealed) : undefined;
  for (const record of read.run.steps) {
    const step = allSteps(read.sealed.plan).find((each) => each.id === record.id);
    if (!step || record.state === "done" || record.state === "refused") continue;
    if (record.role !== "verify" && record.state === "planned") {
      if (insists) continue;
      break;
    }
    const ready = completed(ports.systems, read, step);
    const doubt = await doubtOf(ports, { sealed: read.sealed, step });
    const lacks = doubt?.words ?? (ready.step ? undefined : ready.lacks);
    const outcome: StepEnd =
      ready.step && lacks === undefined
        ? await ports.steps.probe(ready.step, stepKey(id, step.id), await elapsedSince(ports.store, record.begunAt))
        : { outcome: "unknown", detail: lacks ?? "" };
    outcomes.push({ step: step.id, outcome: believed(outcome, mayUndo) });
    // What insisted is known by what is read back, whatever its acts were answered.
    if (outcome.outcome !== "done" && !insists) break;
  }
  await recordReconciliation(ports.store, id, outcomes);
  return true;
}

/** How long ago that was, in ms; undefined where it is not on record. */
export async function elapsedSince(store: Pick<Store, "now">, at: number | undefined): Promise<number | undefined> {
  return at === undefined ? undefined : Math.max(0, (await store.now()) - at);
}
