import { z } from "zod";
import { Id } from "../people/person.ts";
import type { Metric, Sample } from "../systems/metrics.ts";
import type { System } from "../systems/system.ts";
import { Duration, showWait } from "../text/duration.ts";
import { amount } from "../text/quantities.ts";

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
  /** What the value is now lies above it, and nobody can say how far. */
  readonly isFloor?: boolean;
  /** Samples before it, oldest first. */
  readonly past: readonly Sample[];
  /** Samples further apart than this, in ms, leave open what happened between them. */
  readonly longestGapMs: number;
}

/** A rule fires when it has breached, on samples without a hole, for the whole of its time. */
export function judgeRule(rule: AlertRule, course: Course): RuleVerdict {
  const { now, longestGapMs, isFloor = false } = course;
  const isPast = isFloor ? floorBreaches(rule, now.value) : breaches(rule, now.value);
  if (isPast === undefined)
    return { state: "unsure", detail: `it is more than ${now.value}, and how much more cannot be told` };
  if (!isPast) return { state: "ok" };
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

/** Undefined where the true value, which lies above this one, decides. */
function floorBreaches(rule: AlertRule, value: number): boolean | undefined {
  if (rule.above !== undefined && value >= rule.above) return true;
  return rule.above === undefined && (rule.below === undefined || value >= rule.below) ? false : undefined;
}

/** A metric with the limits that rules set for it, where it has none of its own: it is watched all the same. */
export function withRuleLimits(metric: Metric, rules: readonly AlertRule[]): Metric {
  if (metric.warn !== undefined || metric.critical !== undefined) return metric;
  const own = rules.filter((rule) => rule.metric === metric.id && rule.severity !== "info");
  const bad = own.some(({ above }) => above !== undefined) ? "above" : "below";
  const limitOf = (severity: AlertRule["severity"]): number | undefined => {
    const limits = own.flatMap((rule) => (rule.severity === severity ? (rule[bad] ?? []) : []));
    if (limits.length === 0) return undefined;
    return bad === "above" ? Math.min(...limits) : Math.max(...limits);
  };
  const [warn, critical] = [limitOf("warning"), limitOf("critical")];
  return { ...metric, ...(warn !== undefined && { warn }), ...(critical !== undefined && { critical }), bad };
}

/**
 * The limits of the metrics as rules, each only where none of the system's own is as strict and as severe: what is past a
 * limit fires, once.
 */
export function limitRules({ metrics, rules }: Pick<System, "metrics" | "rules">): readonly AlertRule[] {
  return metrics.flatMap((metric) =>
    (["critical", "warning"] as const).flatMap((severity) => {
      const limit = severity === "critical" ? metric.critical : metric.warn;
      if (limit === undefined || rules.some((rule) => covers(rule, { metric, limit, severity }))) return [];
      const summary = `${metric.title} is ${metric.bad} ${amount(limit, metric.unit)}`;
      const hint = metric.hint === undefined ? {} : { hint: metric.hint };
      return [
        { id: `${metric.id}-${severity}`, metric: metric.id, [metric.bad]: limit, for: 0, severity, summary, ...hint },
      ];
    }),
  );
}

function covers(
  rule: AlertRule,
  past: { readonly metric: Metric; readonly limit: number; readonly severity: "critical" | "warning" },
): boolean {
  const { metric, limit, severity } = past;
  const isSevere = rule.severity === "critical" || rule.severity === severity;
  if (rule.metric !== metric.id || !isSevere) return false;
  return metric.bad === "above"
    ? rule.above !== undefined && rule.above <= limit
    : rule.below !== undefined && rule.below >= limit;
}

function breaches(rule: AlertRule, value: number): boolean {
  return (rule.above !== undefined && value > rule.above) || (rule.below !== undefined && value < rule.below);
}
