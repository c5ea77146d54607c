import { z } from "zod";
import { Id } from "../people/person.ts";
import type { Sample } from "../systems/metrics.ts";
import { Duration, showWait } from "../text/duration.ts";

/** A rule that the bot judges itself, on what it samples. */
export const AlertRule = z.strictObject({
  id: Id,
  metric: z.string(),
  above: z.number().optional(),
  below: z.number().optional(),
  for: Duration.prefault("0s"),
  severity: z.enum(["critical", "warning", "info"]),
  summary: z.string(),
  hint: z.string().optional(),
});
export type AlertRule = z.output<typeof AlertRule>;

/**
 * What a rule says. `pending`: it breaches, and has been seen not to breach inside its time. `unsure`: it breaches, and
 * whether it has done so for long enough cannot be told, because samples are missing.
 */
export type RuleVerdict =
  | { readonly state: "ok" }
  | { readonly state: "pending"; readonly since: number }
  | { readonly state: "firing"; readonly since: number }
  | { readonly state: "unsure"; readonly detail: string };

export interface Course {
  readonly now: Sample;
  /** Samples before it, oldest first. */
  readonly past: readonly Sample[];
  /** Samples further apart than this, in ms, leave open what happened between them. */
  readonly longestGapMs: number;
}

/** A rule fires when it has breached, on samples without a hole, for the whole of its time. */
export function judgeRule(rule: AlertRule, course: Course): RuleVerdict {
  const { now, longestGapMs } = course;
  if (!breaches(rule, now.value)) return { state: "ok" };
  const past = course.past.filter((sample) => sample.at < now.at);
  let since = now.at;
  let end: "well" | "hole" = "hole";
  for (const sample of past.toReversed()) {
    if (since - sample.at > longestGapMs) break;
    if (!breaches(rule, sample.value)) {
      end = "well";
      break;
    }
    since = sample.at;
  }
  if (now.at - since >= rule.for) return { state: "firing", since };
  if (end === "well") return { state: "pending", since };
  const seen = `breached for the ${showWait(now.at - since)} that were watched without a gap`;
  return { state: "unsure", detail: `${seen}; it takes ${showWait(rule.for)} to be sure` };
}

function breaches(rule: AlertRule, value: number): boolean {
  return (rule.above !== undefined && value > rule.above) || (rule.below !== undefined && value < rule.below);
}
