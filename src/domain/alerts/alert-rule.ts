import { z } from "zod";
import { Id } from "../people/person.ts";
import { isPast, type Limit, type Metric, type Sample } from "../systems/metrics.ts";
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
  /** How long its alert goes on after the rule last held, so that what comes and goes is told once. */
  keepFiringFor: Duration.optional(),
  severity: z.enum(["critical", "warning", "info"]),
  summary: z.string(),
  hint: z.string().optional(),
  /** Operations of the system that its alert offers: a press of one asks for it, as ever. */
  operations: z.array(Id).min(1).max(3).optional(),
  /** What sources of the system call the same: no worse than this rule, it is told by this rule's alert while that fires. */
  tells: z.array(z.string().min(1).max(100)).min(1).max(20).optional(),
  /** Neither hours, nor windows, nor verbosity keep its alert from people, whatever its severity. */
  neverMuted: z.boolean().optional(),
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
  const isBad = breaches(rule, now.value, isFloor);
  if (isBad === undefined)
    return { state: "unsure", detail: `it is more than ${now.value}, and how much more cannot be told` };
  if (!isBad) return { state: "ok" };
  const past = course.past.filter((sample) => sample.at < now.at);
  let since = now.at;
  let end: "well" | "hole" = "hole";
  for (const sample of past.toReversed()) {
    if (since - sample.at > longestGapMs) break;
    // What is more than the largest bucket now was no less where it stood at that bucket before.
    if (!breaches(rule, sample.value, isFloor && sample.value >= now.value)) {
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

/**
 * Every limit of a metric, its own and those that rules set, on both sides: what any of them calls bad is shown as bad. Of
 * limits of one side and severity the strictest counts.
 */
export function limitsOf(metric: MetricLimits, rules: readonly AlertRule[]): readonly Limit[] {
  const set = everyLimit(metric, rules);
  const sides = metric.bad === "above" ? (["above", "below"] as const) : (["below", "above"] as const);
  return sides.flatMap((side) =>
    (["warning", "critical"] as const).flatMap((severity): readonly Limit[] => {
      const all = set.filter((limit) => limit.side === side && limit.severity === severity).map(({ at }) => at);
      return all.length === 0 ? [] : [{ side, severity, at: side === "above" ? Math.min(...all) : Math.max(...all) }];
    }),
  );
}

/**
 * The limit that a metric must not pass: of the worst severity that it has the one furthest out, on its bad side where there is one.
 * What is said of the same severity before that is on the way to it.
 */
export function lastLimitOf(metric: MetricLimits, rules: readonly AlertRule[]): Limit | undefined {
  const set = everyLimit(metric, rules);
  const critical = set.filter(({ severity }) => severity === "critical");
  const worst = critical.length > 0 ? critical : set;
  const onBadSide = worst.filter(({ side }) => side === metric.bad);
  const [first, ...others] = onBadSide.length > 0 ? onBadSide : worst;
  return first && others.reduce((last, each) => (isFurther(each, last) ? each : last), first);
}

function isFurther(limit: Limit, than: Limit): boolean {
  return limit.side === than.side && (limit.side === "above" ? limit.at > than.at : limit.at < than.at);
}

type MetricLimits = Pick<Metric, "id" | "warn" | "critical" | "bad">;

function everyLimit(metric: MetricLimits, rules: readonly AlertRule[]): readonly Limit[] {
  const own = (severity: Limit["severity"], at: number | undefined) =>
    at === undefined ? [] : [{ severity, side: metric.bad, at }];
  return [
    ...own("warning", metric.warn),
    ...own("critical", metric.critical),
    ...rules.filter((rule) => rule.metric === metric.id).flatMap(ruleLimits),
  ];
}

/** What a rule calls bad, as limits of its metric. One that only tells sets none. */
function ruleLimits({ severity, above, below }: AlertRule): readonly Limit[] {
  if (severity === "info") return [];
  return [
    ...(above === undefined ? [] : [{ side: "above" as const, severity, at: above }]),
    ...(below === undefined ? [] : [{ side: "below" as const, severity, at: below }]),
  ];
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

/** Undefined where the value is only a floor and the true one decides. */
function breaches({ above, below }: AlertRule, value: number, isFloor = false): boolean | undefined {
  const sides = [
    ...(above === undefined ? [] : [isPast({ side: "above", at: above }, value, isFloor)]),
    ...(below === undefined ? [] : [isPast({ side: "below", at: below }, value, isFloor)]),
  ];
  if (sides.includes(true)) return true;
  return sides.includes(undefined) ? undefined : false;
}
