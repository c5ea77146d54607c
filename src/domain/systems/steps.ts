import type { Step } from "./operation.ts";

/**
 * How one step ended. `refused`: the target said no before any effect. `unknown`: it may or may not have happened.
 */
export type StepOutcome =
  | { readonly outcome: "done"; readonly detail: string }
  | { readonly outcome: "refused"; readonly detail: string }
  | { readonly outcome: "unknown"; readonly detail: string };

export interface StepRunner {
  /** `key` is the idempotency key. Never rejects. */
  run(step: Step, key: string): Promise<StepOutcome>;
  /** Did the step with this key take effect? `unknown` when the target cannot tell. Never rejects. */
  probe(step: Step, key: string): Promise<StepOutcome>;
}
