import { setTimeout as delay } from "node:timers/promises";
import type { StepCall, StepEnd, StepOutcome } from "../../domain/systems/steps.ts";

/** Looks again and again, at once and as often as each look asks for, until one ends it. */
export async function lookThrough(look: (call: Omit<StepCall, "key">) => Promise<StepOutcome>): Promise<StepEnd> {
  const started = performance.now();
  let progress: StepCall["progress"];
  for (;;) {
    const seen = await look({ elapsedMs: performance.now() - started, progress });
    if (seen.outcome !== "waiting") return seen;
    progress = seen.progress;
    await delay(seen.againInMs);
  }
}

/** How often something was read, in a sentence. */
export function readWords(inRow: number): string {
  return `read ${inRow === 1 ? "once" : `${inRow} times in a row`}`;
}
