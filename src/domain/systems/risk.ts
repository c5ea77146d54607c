import { judge, type NamedValues } from "../conditions/condition.ts";
import type { Direction, Operation, Risk } from "./operation.ts";

/**
 * How risky an operation is with these arguments, as its system stands. What cannot be judged counts as the riskier, never as
 * a change that one person may do.
 */
export function riskOf(
  { risk, destructiveWhen }: Pick<Operation, "risk" | "destructiveWhen">,
  values: NamedValues,
): Exclude<Risk, "read"> {
  if (destructiveWhen === undefined) return risk;
  const judged = judge(destructiveWhen, values);
  return judged.ok && !judged.holds ? "change" : "destructive";
}

/**
 * Which way an operation moves what can be lost, with these arguments, as its system stands. What cannot be judged may set its
 * system going.
 */
export function directionOf(
  { direction, increasesWhen }: Pick<Operation, "direction" | "increasesWhen">,
  values: NamedValues,
): Direction {
  if (increasesWhen === undefined) return direction;
  const judged = judge(increasesWhen, values);
  return judged.ok && !judged.holds ? "neutral" : direction;
}

/** Each direction that an operation may turn out to have. */
export function directionsOf({
  direction,
  increasesWhen,
}: Pick<Operation, "direction" | "increasesWhen">): readonly Direction[] {
  return increasesWhen === undefined ? [direction] : [direction, "neutral"];
}
