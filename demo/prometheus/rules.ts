import { evaluatePromql } from "./evaluate.ts";
import type { Labels, Samples } from "./samples.ts";
import { parsePromql } from "./syntax.ts";

/** An alerting rule, as a rules file of Prometheus has it. */
export interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly forMs: number;
  readonly labels: Labels;
  readonly annotations: Readonly<Record<string, string>>;
}

/** An alert that is pending or firing. */
interface RuleAlert {
  readonly labels: Labels;
  readonly annotations: Rule["annotations"];
  readonly state: "pending" | "firing";
  readonly activeAt: string;
  readonly value: string;
}

/** Nothing is told to have been so for longer. */
const longestMs = 3_600_000;

/** The alerts of a rule now. It is looked back from now for since when it has held, so that nothing is kept between. */
export function alertsOf(
  rule: Rule,
  samples: Samples,
  { now, everyMs }: { readonly now: number; readonly everyMs: number },
): RuleAlert[] {
  const expression = parsePromql(rule.expr);
  const holdsAt = (at: number): number | undefined => {
    const result = evaluatePromql(expression, samples, at);
    return result.kind === "vector" ? result.series[0]?.value : undefined;
  };
  const value = holdsAt(now);
  if (value === undefined) return [];
  let since = now;
  while (now - since < longestMs && holdsAt(since - everyMs) !== undefined) since -= everyMs;
  return [
    {
      labels: { alertname: rule.alert, ...rule.labels },
      annotations: rule.annotations,
      state: now - since >= rule.forMs ? "firing" : "pending",
      activeAt: new Date(since).toISOString(),
      value: String(value),
    },
  ];
}
