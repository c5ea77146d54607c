import type { ActiveAlert, FoundAlert } from "./alert.ts";
import type { Episode } from "./episode.ts";
import { type AlertLabels, labelIn } from "./matcher.ts";
import { severityOf } from "./severity.ts";

/** An alert as routes judge it. */
export interface LabelledAlert {
  readonly labels: AlertLabels;
  readonly severity: FoundAlert["severity"];
}

/** The words of the manuals and of Alertmanager's users, in ours. */
const words = {
  critical: "critical",
  P0: "critical",
  P1: "critical",
  warning: "warning",
  P2: "warning",
  P3: "warning",
  info: "info",
  P4: "info",
} as const;

/** The alert that labels alone tell of: its severity is what the label says, and `warning` where that word is nobody's. */
export function alertWith(labels: AlertLabels): LabelledAlert {
  return { labels, severity: severityOf(labelIn(labels, "severity"), words) };
}

/** What is read of a system, with the labels that it is routed by. */
export function labelled({ system, id, severity, ownSeverity, labels }: ActiveAlert): LabelledAlert {
  if (labels) return labelledEpisode({ system, severity, labels });
  return { labels: { system, alertname: id, severity: ownSeverity }, severity };
}

/** What came with labels of its own is routed by those, and by the system that it is of. */
export function labelledEpisode({
  system,
  severity,
  labels,
}: Pick<Episode, "system" | "severity" | "labels">): LabelledAlert {
  return { labels: { ...labels, system }, severity };
}
