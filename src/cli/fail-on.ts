import { UserError } from "../domain/failure.ts";

/** From how bad on an answer ends a script: as its card looks, so of `status` what is wrong or not known. */
export type FailOn = "degraded" | "down";

/** What was written behind `--fail-on`. Throws UserError. */
export function failOnFrom(written: string | undefined): FailOn | undefined {
  if (written === undefined || written === "degraded" || written === "down") return written;
  throw new UserError(
    `--fail-on takes degraded or down, not ${written}.`,
    'For example: npx --no wardroom ask "status" --fail-on degraded',
  );
}

/** Whether an answer of this tone is as bad as that. What is not known is no all-clear, and no proof that anything is down. */
export function isFailure(tone: string, failOn: FailOn | undefined): boolean {
  if (failOn === undefined) return false;
  return tone === "bad" || (failOn === "degraded" && (tone === "warning" || tone === "unknown"));
}
