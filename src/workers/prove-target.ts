import { setTimeout as pause } from "node:timers/promises";
import { isIdentity, type ReliedOn, readElsewhere, reliedOn } from "../acts/approvals/relied-on.ts";
import type { PlannedStep } from "../domain/approvals/plan.ts";
import type { Sealed } from "../domain/approvals/request.ts";
import { ownValue } from "../domain/own-value.ts";
import { urgentReadMs } from "../domain/systems/health.ts";
import type { Operation } from "../domain/systems/operation.ts";
import { ownSystemId } from "../domain/systems/own-system.ts";
import type { System } from "../domain/systems/system.ts";
import type { RunPorts } from "./run.ts";

/** A step, and the request whose it is. */
export interface StepOfRequest {
  readonly sealed: Pick<Sealed, "system" | "operation" | "arguments" | "relies">;
  readonly step: PlannedStep;
}

/** Longest that one asking who answers may take before a step is sent, in ms. */
const provenWithinMs = 3_000;

/** Who does not answer just then is asked so often before a step is given up, so many ms apart. */
const tries = 3;
const pauseMs = 500;

/**
 * Why a step that changes something is not sent: whoever answers where it goes is another than was meant, or nobody can tell.
 * Asked right before each such step, because an address may lead elsewhere since the step before. What is urgent is held up by
 * what says that it is another alone. Undefined where it may be sent, and for what changes nothing.
 */
export async function unprovenTarget(
  ports: RunPorts,
  of: StepOfRequest,
  { sendBefore, urgent }: { readonly sendBefore: number; readonly urgent: boolean },
): Promise<string | undefined> {
  if (ports.steps.does(of.step) !== "changes") return undefined;
  const longest = urgent ? urgentReadMs : provenWithinMs;
  for (let asked = 1; ; asked += 1) {
    const left = sendBefore - (await ports.store.now());
    const why = await doubtOf(ports, of, { withinMs: Math.min(longest, Math.max(left, 1)), unreadCounts: urgent });
    if (why === undefined || !why.mayPass || asked === tries) return why?.words;
    if ((await ports.store.now()) + pauseMs >= sendBefore) return why.words;
    await pause(pauseMs);
  }
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
  { systems, steps }: RunPorts,
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
