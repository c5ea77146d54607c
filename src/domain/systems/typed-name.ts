import { judge } from "../conditions/condition.ts";
import { textOfDatum } from "./exact.ts";
import type { Operation } from "./operation.ts";
import { fillText, type PlanValues } from "./placeholders.ts";

/**
 * The name that whoever approves an operation with these arguments has to type, as its system stands; undefined where a yes
 * takes none. Where its condition cannot be judged it takes one.
 */
export function typedNameOf({ typed }: Pick<Operation, "typed">, values: PlanValues): string | undefined {
  if (!typed) return undefined;
  const judged = typed.when === undefined ? undefined : judge(typed.when, values);
  if (judged?.ok && !judged.holds) return undefined;
  return textOfDatum(fillText(typed.name, values)) ?? typed.name;
}
