import { limitsOf } from "../domain/alerts/alert-rule.ts";
import type { Attachment, Block, Card, CardField } from "../domain/messages/card.ts";
import type { ChartSpec } from "../domain/messages/chart.ts";
import { toneOfReading } from "../domain/systems/health.ts";
import type { Metric, MetricReading, MetricSeries } from "../domain/systems/metrics.ts";
import type { System } from "../domain/systems/system.ts";
import { ago, amount, span } from "../domain/text/quantities.ts";
import { sparkline } from "../domain/text/sparkline.ts";
import { chosenLines, worstFirst } from "./chosen-lines.ts";
import { limitWords, metricValue, noteWords, severityWord, valueWords } from "./metric-words.ts";

/** A chart is never narrower than this, in ms. */
const leastShownMs = 60_000;
/** Characters of the line that stands for the picture where there is none. */
const sparklineWidth = 40;
/** How far back a chart can be asked for with a press. */
export const chartRanges = ["1h", "6h", "24h"] as const;

/** One metric of a system over some time. */
export interface MetricView {
  readonly system: System;
  readonly metric: Metric;
  readonly now: MetricReading | undefined;
  /** Its lines, the newest value among them. */
  readonly series: readonly [MetricSeries, ...MetricSeries[]];
  readonly rangeMs: number;
  /** Who kept the lines. */
  readonly keeper: "backend" | "samples";
  /** Why the backend that keeps its course did not give it. */
  readonly without?: string;
}

/** The picture of the course, or the words that stand for it. */
export type Picture = { readonly file: Attachment } | { readonly why: string };

/** One metric: its value and limits, and its course as a picture. `asked` is the time of the question. */
export function metricCard(view: MetricView, picture: Picture, asked: number): Card {
  const { system, metric, now } = view;
  const [worst] = worstFirst(view.series, metric.bad);
  const { samples, name } = worst ?? view.series[0];
  const limits = limitsOf(metric, system.rules);
  const tone = toneOfReading(limits, now);
  const isBeyond = tone === "bad" || tone === "warning";
  return {
    tone,
    title: `${system.title}, ${metric.title}: ${valueWords(metric, now)}`,
    ...(isBeyond && metric.hint !== undefined && { summary: metric.hint }),
    blocks: [
      {
        kind: "fields",
        fields: [
          { name: "Now", value: valueWords(metric, now), tone },
          { name: "Limits", value: limitWords(limits, metric) },
          ...rangeFields(view),
        ],
      },
      ...textBlock(now && mindWords(now)),
      ...textBlock(
        view.without === undefined
          ? undefined
          : `Its course could not be read where it is kept: ${view.without}. Drawn are Wardroom's own samples.`,
      ),
      ...(samples.length > 0
        ? [{ kind: "code" as const, text: [sparkline(samples, sparklineWidth), name].join("  ").trimEnd() }]
        : []),
      pictureBlock(view, picture),
      ...chosenLines(view.series, metric.bad).notes.flatMap(textBlock),
      ...manualBlocks(metric),
    ],
    actions: chartRanges.map((range) => ({
      label: range,
      command: "metrics",
      args: { system: system.id, metric: metric.id, range },
    })),
    footer: samplesWords(view, asked),
  };
}

/** What the picture of a metric's course shows. */
export function metricChart(view: MetricView, asked: number, timezone: string | undefined): ChartSpec {
  const { system, metric, series, rangeMs } = view;
  return {
    title: `${system.title}: ${metric.title}`,
    unit: metric.unit,
    series: chosenLines(series, metric.bad).drawn.map(({ name, samples }) => ({
      name: name === "" ? metric.title : name,
      samples,
    })),
    from: shownFrom(series, { from: asked - rangeMs, to: asked }),
    to: asked,
    ...(timezone !== undefined && { timezone }),
    thresholds: limitsOf(metric, system.rules).map(({ severity, at }) => ({
      label: severityWord(severity),
      value: at,
      tone: severity === "critical" ? "bad" : "warning",
    })),
  };
}

/** Where sampling began inside the range a picture begins there, ms: an empty hour says nothing. */
export function shownFrom(
  series: readonly Pick<MetricSeries, "samples">[],
  { from, to }: { readonly from: number; readonly to: number },
): number {
  const begins = series.flatMap(({ samples }) => samples[0]?.at ?? []);
  return Math.max(from, Math.min(...(begins.length > 0 ? begins : [0]), to - leastShownMs));
}

/** Over all lines, whichever are drawn, each figure with the name of its line; the trend is that of the line that is worst now. */
function rangeFields({ metric, series }: MetricView): CardField[] {
  const points = series.flatMap(({ name, samples }) => samples.map(({ value }) => ({ name, value })));
  const [point] = points;
  const [worst] = worstFirst(series, metric.bad);
  if (!point || !worst || points.length < 2) return [];
  const figure = (value: number, name: string): string =>
    `${amount(value, metric.unit)}${name === "" ? "" : ` (${name})`}`;
  const lowest = points.reduce((least, each) => (each.value < least.value ? each : least), point);
  const highest = points.reduce((most, each) => (each.value > most.value ? each : most), point);
  return [
    { name: "Lowest", value: figure(lowest.value, lowest.name) },
    { name: "Highest", value: figure(highest.value, highest.name) },
    ...trendField(worst, (change) => figure(change, worst.name)),
  ];
}

function trendField({ samples }: MetricSeries, figure: (change: number) => string): CardField[] {
  const [first, last] = [samples[0]?.value, samples.at(-1)?.value];
  if (first === undefined || last === undefined || samples.length < 2) return [];
  const trend = last > first ? "rising" : last < first ? "falling" : "level";
  return [{ name: "Trend", value: `${trend}, ${last >= first ? "+" : ""}${figure(last - first)}` }];
}

/** What whoever follows the manual would have asked. */
function manualBlocks({ manual }: Metric): Block[] {
  if (!manual) return [];
  return [
    { kind: "text", text: `The manual's own query is not used: ${manual.wrong}` },
    { kind: "code", text: manual.query },
  ];
}

function textBlock(text: string | undefined): Block[] {
  return text === undefined ? [] : [{ kind: "text", text }];
}

function pictureBlock(view: MetricView, picture: Picture): Block {
  return "file" in picture
    ? { kind: "image", file: picture.file.name, alt: altOf(view) }
    : { kind: "text", text: picture.why };
}

/** What the picture shows, in words. */
function altOf({ system, metric, now, rangeMs }: MetricView): string {
  return `${metric.title} of ${system.title} over the last ${span(rangeMs)}, now ${metricValue(metric, now)}; ${limitWords(limitsOf(metric, system.rules), metric)}.`;
}

function mindWords(now: MetricReading): string | undefined {
  const note = noteWords(now);
  return note === undefined ? undefined : `Mind: ${note}.`;
}

/** A course whose end is not the present says when it ended: nobody takes its last value for that of now. */
function samplesWords({ series, now, keeper }: MetricView, asked: number): string {
  const { samples } = series.reduce((one, other) => (newestAt(other) > newestAt(one) ? other : one));
  const last = samples.at(-1);
  if (!last) return "No samples yet.";
  if (!now?.reading.ok)
    return `${samples.length} samples, the newest ${ago(last.at, asked)}: what it is now is unknown. Times are UTC.`;
  const over = span((samples.at(-1)?.at ?? asked) - (samples[0]?.at ?? asked));
  const kept = keeper === "backend" ? "As its own backend keeps them" : "Wardroom keeps its own samples";
  return `${samples.length} samples over ${over}. ${kept}; times are UTC.`;
}

function newestAt({ samples }: MetricSeries): number {
  return samples.at(-1)?.at ?? 0;
}
