import { z } from "zod";
import type { AlertLabels } from "../alerts/matcher.ts";
import type { RuleAlert } from "../alerts/rule-alert.ts";
import type { BackendError } from "../failure.ts";
import type { FailedReading, Reading, Taken } from "./reading.ts";
import { Source } from "./sources.ts";
import type { System } from "./system.ts";

export const Metric = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, "a metric id is a-z, 0-9 and _"),
  title: z.string(),
  source: Source,
  unit: z.string().max(12).default(""),
  warn: z.number().optional(),
  critical: z.number().optional(),
  /** On which side of the threshold it is bad. */
  bad: z.enum(["above", "below"]).default("above"),
  /** What the manual says to do when it is bad. */
  hint: z.string().optional(),
  /** Where the manual asks something else: its query, and why it is wrong. Both are told beside what is right. */
  manual: z.strictObject({ query: z.string().min(1).max(1_000), wrong: z.string().min(1).max(500) }).optional(),
  /** Shown in `status`; all metrics are in `metrics`. */
  key: z.boolean().default(false),
});
export type Metric = z.output<typeof Metric>;

/** One limit of a metric, and the side of it on which it is bad. */
export interface Limit {
  readonly side: "above" | "below";
  readonly severity: "warning" | "critical";
  readonly at: number;
}

/**
 * Whether a value is past a limit; one that stands at it is not. Of a floor, which the true value lies above, undefined where
 * the true value decides.
 */
export function isPast({ side, at }: Pick<Limit, "side" | "at">, value: number, isFloor = false): boolean | undefined {
  if (isFloor) return value < at ? undefined : side === "above";
  return side === "above" ? value > at : value < at;
}

export interface Sample {
  readonly at: number;
  readonly value: number;
}

/** Instances that are not in a value over several: it is true of the rest, and tells nothing of these. */
export interface MissingInstances {
  readonly failures: readonly FailedReading[];
  /** How many there are in all. */
  readonly of: number;
}

/** How far a value can be relied on. */
export interface Reliance {
  readonly missing?: MissingInstances;
  /** The true value lies above this one, and nobody can say how far. */
  readonly isFloor?: boolean;
}

/** A value with how far it can be relied on. */
export interface GivenValue extends Taken<number>, Reliance {}

/** A sample with what it is of. */
export interface Measured {
  readonly system: string;
  readonly metric: string;
  readonly sample: Sample;
}

/** One line of a metric's course: where it has several, as of several instances, each has a name of its own. */
export interface MetricSeries {
  /** What tells it from the others; empty where it is the only one. */
  readonly name: string;
  /** Oldest first. */
  readonly samples: readonly Sample[];
}

/** A question in the language of a backend itself, as PromQL, that no file holds. */
export interface Expression {
  readonly text: string;
  /** For its course from this time (ms) until now; its value now when left out. */
  readonly from?: number;
}

/** What a rule of a backend judges: its expression, or what that compares with a number, and the number. */
export interface RuleExpression {
  readonly text: string;
  /** `sign` as the backend writes it, as `>`. */
  readonly limit?: { readonly sign: string; readonly at: number };
}

/** How a rule of a file stands by a backend that speaks its language. */
export type RuleState =
  /** The backend judges the very rule itself. */
  | {
      readonly kind: "told";
      readonly alerts: readonly (RuleAlert & { readonly isPending: boolean })[];
    }
  /** What its expression gives now. */
  | {
      readonly kind: "evaluated";
      readonly series: readonly { readonly labels: AlertLabels; readonly value: number }[];
    }
  | { readonly kind: "failed"; readonly error: BackendError };

/** One series that an expression gave. */
export interface EvaluatedSeries {
  /** Its name and labels as the backend writes them; empty for a plain number. */
  readonly name: string;
  /** The newest value as the backend writes it, with every digit: also `NaN` and `+Inf`. Undefined where there is none. */
  readonly value: string | undefined;
  /** Of a course, oldest first; what is no number is not among them. */
  readonly samples: readonly Sample[];
}

/** What an expression gave. */
export interface Evaluated {
  readonly series: readonly EvaluatedSeries[];
  /** How many series there are in all; `series` holds the first of them. */
  readonly found: number;
  /** The backend's own words, masked, on why this may not be the whole. */
  readonly doubts: readonly string[];
}

export interface MetricReading extends Reliance {
  readonly id: string;
  /** It could not be read, and what keeps it from that is no more than what a request stopped. */
  readonly stopped?: true;
  readonly reading: Reading<number>;
}

export interface Metrics {
  /** The newest value of each metric named (all when none is), in parallel. Never rejects. */
  read(system: System, ids?: readonly string[]): Promise<readonly MetricReading[]>;
  /**
   * The course that the metric's own backend keeps, from a time (ms) until now. Undefined where it keeps none, and what was
   * sampled is all there is. Never rejects.
   */
  course(system: System, id: string, from: number): Promise<Reading<readonly MetricSeries[]> | undefined>;
  /** Names of the system's backends that can be asked expressions. */
  askable(system: System): readonly string[];
  /**
   * What the rule judges that a link of an alert's source leads to, and by which of these backends. Undefined where none of
   * them has that very rule, or several have it. Never rejects.
   */
  ruleBehind(
    system: System,
    link: string,
  ): Promise<{ readonly backend: string; readonly expression: RuleExpression } | undefined>;
  /** Asks one of these. Never rejects. */
  ask(system: System, backend: string, expression: Expression): Promise<Reading<Evaluated>>;
}

/** What was sampled of a metric of a system, oldest first, from a time (ms) until now. */
export type MetricHistory = (system: string, metric: string, from: number) => Promise<readonly Sample[]>;
