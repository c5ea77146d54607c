import type { ActiveAlert, Watched } from "./alert.ts";
import { labelIn } from "./matcher.ts";

/**
 * Every alert once: what was read live and was posted as well is the same alert, and stands as the one that was posted, of which
 * it is known what became. It is the same where the source has the fingerprint for its id, or where every label that the source
 * knows it by stands on the one that was posted, which has those besides that were given to it on its way.
 */
export function withoutTwins(live: readonly Watched[], posted: readonly Watched[]): readonly Watched[] {
  const alerts = posted.flatMap(({ reading }) => (reading.ok ? reading.value : []));
  if (alerts.length === 0) return [...live, ...posted];
  const ids = new Set(alerts.map(({ id }) => id));
  const named = Map.groupBy(alerts, ({ labels = {} }) => labelIn(labels, "alertname"));
  const isTwin = ({ id, labels }: ActiveAlert): boolean =>
    ids.has(id) ||
    (labels !== undefined &&
      (named.get(labelIn(labels, "alertname")) ?? []).some((each) => carries(each.labels ?? {}, labels)));
  return [
    ...live.map((each) =>
      each.reading.ok
        ? { ...each, reading: { ...each.reading, value: each.reading.value.filter((alert) => !isTwin(alert)) } }
        : each,
    ),
    ...posted,
  ];
}

function carries(labels: NonNullable<ActiveAlert["labels"]>, wanted: NonNullable<ActiveAlert["labels"]>): boolean {
  const entries = Object.entries(wanted);
  return entries.length > 0 && entries.every(([name, value]) => labelIn(labels, name) === value);
}
