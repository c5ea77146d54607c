import type { StepKind, StepKinds } from "./steps.ts";

/** One way to reach systems: its parts of a system's file, and what serves each. A folder of `integrations` brings it. */
export interface Backend {
  readonly name: string;
  /** The kinds of step that it carries out. */
  readonly steps?: readonly StepKind[];
}

/** Every kind of step that these backends carry out. */
export function stepKindsOf(backends: readonly Backend[]): StepKinds {
  return new Map(backends.flatMap(({ steps = [] }) => steps).map((step) => [step.kind, step]));
}
