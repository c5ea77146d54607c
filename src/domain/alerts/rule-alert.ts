import type { FoundAlert } from "./alert.ts";
import { type AlertLabels, showLabels } from "./matcher.ts";
import { type SeverityWords, severityOf } from "./severity.ts";

/** An alert as a Prometheus rule makes it. */
export interface RuleAlert {
  /** With `alertname`, and `severity` where the rule has one. */
  readonly labels: AlertLabels;
  readonly annotations: AlertLabels;
  /** Since when the rule holds, ms since 1970. */
  readonly since?: number;
}

/** What its rule and its series say of an alert that fires. */
export function alertOfRule({ labels, annotations, since }: RuleAlert, words: SeverityWords): FoundAlert {
  const id = ruleAlertId(labels);
  const own = labels["severity"] || "no severity";
  const { summary = "", description = "", ...others } = annotations;
  return {
    id,
    severity: severityOf(own, words),
    ownSeverity: own,
    labels,
    summary: summary || description || id,
    ...(summary !== "" && description !== "" && { hint: description }),
    ...(Object.keys(others).length > 0 && { annotations: others }),
    ...(since !== undefined && since > 0 && { since }),
  };
}

/** `HighQueueLag{instance="a"}`: what tells an alert from the others of its file. */
export function ruleAlertId(labels: AlertLabels): string {
  const { alertname = "", severity: _, ...others } = labels;
  return `${alertname}${Object.keys(others).length === 0 ? "" : showLabels(others)}`;
}
