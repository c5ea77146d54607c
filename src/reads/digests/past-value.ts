import type { DigestFigure } from "../../domain/digests/section.ts";
import type { Metric, MetricReading, Sample } from "../../domain/systems/metrics.ts";
import type { System } from "../../domain/systems/system.ts";
import { metricCourse } from "../metric-course.ts";
import type { AskedSection, DigestPorts } from "./asked-section.ts";

/** A sample this far from a time still tells of it, ms. */
const nearMs = 20 * 60_000;
const marginMs = 30 * 60_000;

/** A metric now and as its course has it, in that time and before. */
export interface MetricThen {
  readonly metric: Metric;
  readonly now: MetricReading | undefined;
  /** Undefined where it has none, or several lines. */
  readonly figure: DigestFigure | undefined;
  /** Of that time, oldest first. */
  readonly samples: readonly Sample[];
}

/** Metrics of a system, each compared with what it was at the same times before, as far as its course reaches. */
export async function metricsThen(
  ports: DigestPorts,
  { asked, system }: { readonly asked: AskedSection; readonly system: System },
  metrics: readonly Metric[],
): Promise<readonly MetricThen[]> {
  const from = Math.min(asked.before.to, asked.weekAgo?.to ?? asked.before.to) - marginMs;
  return Promise.all(
    metrics.map(async (metric): Promise<MetricThen> => {
      const { now, series } = await metricCourse(ports, system, metric, from);
      const [line, ...others] = series;
      const samples = others.length === 0 ? line.samples : [];
      const value = now?.reading.ok && Number.isFinite(now.reading.value) ? now.reading.value : undefined;
      const before = valueAt(samples, asked.before.to);
      const weekAgo = asked.weekAgo && valueAt(samples, asked.weekAgo.to);
      return {
        metric,
        now,
        samples: samples.filter(({ at }) => at >= asked.from && at <= asked.to),
        figure:
          value === undefined
            ? undefined
            : {
                id: `${system.id}/${metric.id}`,
                title: metric.title,
                value,
                unit: metric.unit,
                ...(before !== undefined && { before }),
                ...(weekAgo !== undefined && { weekAgo }),
              },
      };
    }),
  );
}

function valueAt(samples: readonly Sample[], at: number): number | undefined {
  const nearest = samples
    .filter((sample) => Math.abs(sample.at - at) <= nearMs)
    .toSorted((one, other) => Math.abs(one.at - at) - Math.abs(other.at - at))[0];
  return nearest && Number.isFinite(nearest.value) ? nearest.value : undefined;
}

/** Why a metric has no figure. */
export function whyUnread(now: MetricReading | undefined): string {
  if (!now) return "it was not read";
  return now.reading.ok ? "it is no number" : now.reading.detail;
}
