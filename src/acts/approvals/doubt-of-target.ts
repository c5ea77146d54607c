import type { PlannedStep } from "../../domain/approvals/plan.ts";
import type { Sealed } from "../../domain/approvals/request.ts";
import type { SystemPorts } from "../../domain/commands/command.ts";
import { ownValue } from "../../domain/own-value.ts";
import type { Operation } from "../../domain/systems/operation.ts";
import { ownSystemId } from "../../domain/systems/own-system.ts";
import type { StepRunner } from "../../domain/systems/steps.ts";
import type { System, Systems } from "../../domain/systems/system.ts";
import { isIdentity, type ReliedOn, readElsewhere, reliedOn } from "./relied-on.ts";

/** A step, and the request whose it is. */
export interface StepOfRequest {
  readonly sealed: Pick<Sealed, "system" | "operation" | "arguments" | "relies">;
  readonly step: PlannedStep;
}

/** What it takes to tell whether whoever answers is the system that a step is meant for. */
export interface ProofPorts {
  readonly systems: Pick<Systems, "find"> & Pick<SystemPorts, "health">;
  readonly steps: Pick<StepRunner, "does">;
}

/** Why whoever answers is not believed. */
interface Doubt {
  readonly words: string;
  /** Nobody could tell just then: it may be told when it is asked again. */
  readonly mayPass: boolean;
}

/**
 * Why what answers where a step goes cannot be believed; undefined where it has proven that it is itself, or need not. What
 * changes something is proven by the backends that it goes through itself, what only reads by all that its operation does: a
 * check may say itself where it reads.
 */
export async function doubtOf(
  { systems, steps }: ProofPorts,
  { sealed, step }: StepOfRequest,
  within?: { readonly withinMs: number; readonly unreadCounts: boolean },
): Promise<Doubt | undefined> {
  if (sealed.system === ownSystemId) return undefined;
  const system = systems.find(sealed.system);
  if (!system) return { words: `${sealed.system} is no longer configured`, mayPass: false };
  const configured = ownValue(system.operations, sealed.operation);
  const moved = provenElsewhere(system, configured, sealed);
  // The step goes where it was sealed to go: another address that proves itself says nothing of that one.
  if (moved !== undefined && !within?.unreadCounts)
    return { words: `${moved}, since this was agreed to`, mayPass: false };
  const own = steps.does(step) === "changes" ? configured?.steps.find((each) => each.id === step.id) : undefined;
  const through = (own ?? configured)?.through ?? [];
  const identity = await systems.health.identify(system, { ...(within && { withinMs: within.withinMs }), through });
  // What is urgent was let past an identity that is silent, and is believed past it too.
  if (identity.is === "proven" || (identity.is === "unread" && within?.unreadCounts)) return undefined;
  return {
    words: `${system.title} could not prove that it is itself: ${identity.why}`,
    mayPass: identity.is === "unread",
  };
}

/** How what proves the target is another than what was agreed to, as after a reload in the middle of the run. */
function provenElsewhere(
  system: System,
  operation: Operation | undefined,
  { operation: id, arguments: values, relies }: StepOfRequest["sealed"],
): string | undefined {
  // Nothing proved it then: whatever is to prove it now is asked.
  if (!relies) return undefined;
  if (!operation) return `${id} of ${system.title} is no longer configured`;
  return readElsewhere(identities(relies), identities(reliedOn(system, operation, values)))[0];
}

function identities(relied: ReliedOn): ReliedOn {
  return Object.fromEntries(Object.entries(relied).filter(([what]) => isIdentity(what)));
}
