import { judge, type NamedValues } from "../conditions/condition.ts";
import type { Operation, Risk } from "./operation.ts";

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
