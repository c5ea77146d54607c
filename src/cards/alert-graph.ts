import type { AlertRule } from "../domain/alerts/alert-rule.ts";
import type { Tone } from "../domain/messages/card.ts";
import type { ChartSpec } from "../domain/messages/chart.ts";
import type { EvaluatedSeries, Metric, MetricSeries, RuleExpression } from "../domain/systems/metrics.ts";
import type { System } from "../domain/systems/system.ts";
import { cutText } from "../domain/text/cut-text.ts";
import { oneLine } from "../domain/text/quantities.ts";
import { chosenLines } from "./chosen-lines.ts";
import { shownFrom } from "./metric-chart.ts";

/** A picture's title and the names of its lines hold so many characters. */
const longestName = 60;

interface Drawn {
  readonly system: System;
  readonly severity: AlertRule["severity"];
  /** The first and the last moment that is shown, ms. */
  readonly from: number;
  readonly to: number;
}

/** The course of the metric that a rule watches, with what the rule calls bad. */
export function ruleGraph(
  { system, severity, from, to }: Drawn,
  watched: { readonly rule: AlertRule; readonly metric: Metric; readonly series: readonly MetricSeries[] },
): ChartSpec {
  const { rule, metric, series } = watched;
  const sides = (["above", "below"] as const).flatMap((side) => {
    const at = rule[side];
    return at === undefined ? [] : [{ label: side, value: at, tone: limitTone(severity) }];
  });
  return {
    title: `${system.title}: ${metric.title}`,
    unit: metric.unit,
    series: chosenLines(series, rule.above === undefined ? "below" : "above").drawn.map(({ name, samples }) => ({
      name: name === "" ? metric.title : name,
      samples,
    })),
    from: shownFrom(series, { from, to }),
    to,
    thresholds: sides,
  };
}

/** The course of what a rule elsewhere compares, with what it is compared to. */
export function expressionGraph(
  { system, severity, from, to }: Drawn,
  { text, limit }: RuleExpression,
  series: readonly EvaluatedSeries[],
): ChartSpec {
  const named = series.map(({ name, samples }) => ({ name: nameOf(name === "" ? "value" : name), samples }));
  return {
    title: `${system.title}: ${nameOf(text)}`,
    unit: "",
    series: chosenLines(named, limit?.sign.startsWith("<") ? "below" : "above").drawn,
    from: shownFrom(series, { from, to }),
    to,
    thresholds: limit ? [{ label: limit.sign, value: limit.at, tone: limitTone(severity) }] : [],
  };
}

function limitTone(severity: AlertRule["severity"]): Extract<Tone, "bad" | "warning"> {
  return severity === "critical" ? "bad" : "warning";
}

function nameOf(text: string): string {
  return cutText(oneLine(text), longestName);
}
