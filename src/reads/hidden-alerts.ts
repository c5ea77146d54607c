import type { FiringAlert } from "../domain/alerts/firing.ts";
import { labelled } from "../domain/alerts/labelled-alert.ts";
import { hiddenBehind, isInhibitor } from "../domain/alerts/route-alert.ts";
import type { Routing } from "../domain/alerts/routing.ts";

/** Alerts in their order, each that another hides right after that one, with its code. */
export function withCauses(routing: Routing, alerts: readonly FiringAlert[]): readonly FiringAlert[] {
  if (routing.inhibitions.length === 0) return alerts;
  const sources = alerts.flatMap((alert) => {
    const judged = labelled(alert);
    return isInhibitor(routing, judged) ? [{ alert, judged }] : [];
  });
  const judgedSources = sources.map(({ judged }) => judged);
  const marked = alerts.map((alert) => {
    const labels = hiddenBehind(routing, labelled(alert), judgedSources);
    const cause = labels && sources.find(({ judged }) => judged.labels === labels)?.alert;
    return cause && cause.code !== alert.code ? { ...alert, behind: cause.code } : alert;
  });
  const hidden = Map.groupBy(marked, ({ behind }) => behind);
  const open = hidden.get(undefined) ?? [];
  const below = (code: string): readonly FiringAlert[] =>
    (hidden.get(code) ?? []).flatMap((each) => [each, ...below(each.code)]);
  const ordered = open.flatMap((each) => [each, ...below(each.code)]);
  // What hides one another in a circle is behind nothing that is seen.
  return ordered.length === marked.length ? ordered : marked;
}
