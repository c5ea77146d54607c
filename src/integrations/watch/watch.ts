import { type Backend, readKindsOf } from "../../domain/systems/backend.ts";
import { closeStepKind } from "../../domain/systems/steps.ts";
import { watchStep } from "./watch-step.ts";

/** What is watched through whatever these backends read. */
export function watchBackend(backends: readonly Backend[]): Backend {
  return { name: "watch", steps: [closeStepKind("watch", watchStep(readKindsOf(backends)))] };
}
