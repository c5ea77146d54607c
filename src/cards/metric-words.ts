import type { Metric, MetricReading } from "../domain/systems/metrics.ts";
import { amount } from "../domain/text/quantities.ts";

/** The limits of a metric, for example `warn above 100 ms, critical above 200 ms`. */
export function limitWords(metric: Metric): string {
  const side = metric.bad;
  const parts = [
    ...(metric.warn === undefined ? [] : [`warn ${side} ${amount(metric.warn, metric.unit)}`]),
    ...(metric.critical === undefined ? [] : [`critical ${side} ${amount(metric.critical, metric.unit)}`]),
  ];
  return parts.length > 0 ? parts.join(", ") : "none";
}

/** The value of a metric, or why it is unknown. */
export function valueWords(metric: Metric, read: MetricReading | undefined): string {
  if (!read) return "unknown";
  return read.reading.ok ? amount(read.reading.value, metric.unit) : `unknown: ${read.reading.detail}`;
}
