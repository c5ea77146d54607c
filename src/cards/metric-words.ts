import type { Limit, Metric, MetricReading } from "../domain/systems/metrics.ts";
import { shareWords } from "../domain/systems/unread.ts";
import { amount } from "../domain/text/quantities.ts";

/** Limits in words, for example `warn above 100 ms, critical above 200 ms`. */
export function limitWords(limits: readonly Limit[], { unit }: Pick<Metric, "unit">): string {
  const parts = limits.map(({ side, severity, at }) => `${severityWord(severity)} ${side} ${amount(at, unit)}`);
  return parts.length > 0 ? parts.join(", ") : "none";
}

/** A limit's severity as the file of a system has it. */
export function severityWord(severity: Limit["severity"]): string {
  return severity === "warning" ? "warn" : severity;
}

/** The value of a metric, with how many of its instances are in it where some are not: `more than 10 s`, `3 (2 of 3 instances)`. */
export function metricValue(metric: Pick<Metric, "unit">, read: MetricReading | undefined): string {
  if (!read?.reading.ok) return "unknown";
  const { missing, isFloor } = read;
  const share = missing ? ` (${shareWords(missing)})` : "";
  return `${isFloor ? "more than " : ""}${amount(read.reading.value, metric.unit)}${share}`;
}

/** The value of a metric, or why it is unknown. */
export function valueWords(metric: Metric, read: MetricReading | undefined): string {
  return read && !read.reading.ok ? `unknown: ${read.reading.detail}` : metricValue(metric, read);
}

/** What must be said beside a value: which instances are not in it, and why. */
export function noteWords({ missing, isFloor }: MetricReading): string | undefined {
  const notes = [
    ...(isFloor ? ["the true value lies beyond the largest bucket"] : []),
    ...(missing?.failures ?? []).map(({ detail }) => `without ${detail}`),
  ];
  return notes.length > 0 ? notes.join("; ") : undefined;
}
