import { numberOf } from "../systems/exact.ts";
import { type ComponentHealth, componentHealth, type FactReading } from "../systems/health.ts";
import type { MetricReading } from "../systems/metrics.ts";
import type { FailedReading } from "../systems/reading.ts";
import type { Source } from "../systems/sources.ts";
import type { System } from "../systems/system.ts";
import type { OwnSeries } from "./judge-expression.ts";

/** What was read of a system in one look. */
export interface OwnReadings {
  readonly metrics: readonly MetricReading[];
  readonly components: readonly ComponentHealth[];
  readonly facts: readonly FactReading[];
}

/**
 * A series of Prometheus that a metric is read from. `only`: the metric is the highest or the lowest of several instances, so that
 * a comparison in the other direction would be of one of them.
 */
export interface ExposedSeries {
  readonly name: string;
  readonly only?: "highest" | "lowest";
}

/** The name under which checks are series, as Prometheus has it for what it scrapes: 1 where it is up, 0 where it is down. */
const upName = "up";

/** A name of the bot's own, as PromQL can write it. */
function seriesNameOf(id: string): string {
  return id.replaceAll("-", "_");
}

/** A series that a system always has, as far as its file says. */
export type KnownSeries = Pick<OwnSeries, "name" | "labels"> & Pick<ExposedSeries, "only">;

/** The series that what is read of a system can be. */
export function knownSeriesOf(
  { health, metrics, facts }: Pick<System, "health" | "metrics" | "facts">,
  exposed: (source: Source) => ExposedSeries | undefined,
): readonly KnownSeries[] {
  return [
    ...health.map(({ id }) => ({ name: upName, labels: { job: id } })),
    ...metrics.flatMap(({ id, source }): readonly KnownSeries[] => {
      const read = exposed(source);
      return [{ name: seriesNameOf(id), labels: {} }, ...(read ? [{ ...read, labels: {} }] : [])];
    }),
    ...facts.map(({ id }) => ({ name: seriesNameOf(id), labels: {} })),
  ];
}

/**
 * What was read, as series: `up{job="<check>"}` for each check, and each metric and each fact that is a number by its id, a metric also by the
 * name of the one series that it is read from.
 */
export function ownSeriesOf(
  system: System,
  { metrics, components, facts }: OwnReadings,
  exposed: (source: Source) => ExposedSeries | undefined,
): readonly OwnSeries[] {
  return [
    ...components.map(
      (component): OwnSeries => ({ name: upName, labels: { job: component.id }, reading: upOf(component) }),
    ),
    ...metrics.flatMap(({ id, reading, ...reliance }): readonly OwnSeries[] => {
      const source = system.metrics.find((each) => each.id === id)?.source;
      const read = source && exposed(source)?.name;
      const names = new Set([seriesNameOf(id), ...(read === undefined ? [] : [read])]);
      return [...names].map((name) => ({ name, labels: {}, reading, ...reliance }));
    }),
    ...facts.map(({ id, reading }): OwnSeries => ({ name: seriesNameOf(id), labels: {}, reading: numberIn(reading) })),
  ];
}

function upOf(component: ComponentHealth): OwnSeries["reading"] {
  const health = componentHealth(component);
  if (health === "unknown" && !component.reading.ok) return component.reading;
  return { ok: true, value: health === "down" ? 0 : 1 };
}

function numberIn(reading: FactReading["reading"]): OwnSeries["reading"] {
  if (!reading.ok) return reading;
  const value = numberOf(reading.value);
  const none: FailedReading = { ok: false, fault: "nonsense", detail: "it is no number", at: reading.at, latencyMs: 0 };
  return value === undefined ? none : { ok: true, value };
}
