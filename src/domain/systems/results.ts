import { hidesSecret } from "../text/redact.ts";
import type { Step, StepOutcome } from "./steps.ts";

/** More than this nobody refers to: a result is an id, a revision, a few numbers. In characters. */
const mostLength = 64_000;

/** What becomes of a step, with what it brought only where that has a name and may be kept. */
export function withResult({ as }: Pick<Step, "as">, outcome: StepOutcome): StepOutcome {
  if (outcome.outcome !== "done") return outcome;
  const { value, ...end } = outcome;
  if (as === undefined) return end;
  if (value === undefined) return { ...end, detail: `${end.detail}; it brought nothing as ${as}` };
  const text = JSON.stringify(value);
  if (text.length > mostLength)
    return { ...end, detail: `${end.detail}; what it brought is too much to keep as ${as}` };
  // It is kept, shown and sent as it came: masked it would be another value.
  if (hidesSecret(text)) return { ...end, detail: `${end.detail}; what it brought holds what looks like a secret` };
  return { ...end, value };
}
