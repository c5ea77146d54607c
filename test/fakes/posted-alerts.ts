/** One alert as Alertmanager posts it, firing unless it is told otherwise. */
export function postedAlert(more: {
  readonly labels?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}): Record<string, unknown> {
  const { labels, ...rest } = more;
  return {
    status: "firing",
    labels: { alertname: "DiskFull", severity: "critical", instance: "db-1", ...labels },
    annotations: { summary: "The disk of db-1 is full" },
    startsAt: "2026-01-01T00:00:00.123456789Z",
    endsAt: "0001-01-01T00:00:00Z",
    generatorURL: "http://prometheus:9090/graph?g0.expr=up",
    ...rest,
  };
}

/** A batch in the form of its webhook, with more in it than anybody reads. */
export function postedBatch(alerts: readonly unknown[], more: object = {}): string {
  return JSON.stringify({
    version: "4",
    groupKey: '{}:{alertname="DiskFull"}',
    truncatedAlerts: 0,
    status: "firing",
    receiver: "wardroom",
    groupLabels: { alertname: "DiskFull" },
    commonLabels: {},
    commonAnnotations: {},
    externalURL: "http://alertmanager:9093",
    routeLabels: { team: "ops" },
    notification_reason: "new",
    alerts,
    ...more,
  });
}
