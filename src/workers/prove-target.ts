import { setTimeout as pause } from "node:timers/promises";
import { doubtOf, type StepOfRequest } from "../acts/approvals/doubt-of-target.ts";
import { urgentReadMs } from "../domain/systems/health.ts";
import type { RunPorts } from "./run.ts";

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
