import { z } from "zod";
import { unknownReasons } from "../cards/unknown-reasons.ts";
import { type CommandContext, defineCommand, type Reply } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import type { Block, CardField } from "../domain/messages/card.ts";
import type { ChartSpec } from "../domain/messages/chart.ts";
import { toneOfReading, worstTone } from "../domain/systems/health.ts";
import type { MetricReading, Sample } from "../domain/systems/metrics.ts";
import type { Metric, System } from "../domain/systems/system.ts";
import { nearest } from "../domain/text/distance.ts";
import { clock } from "../domain/text/moment.ts";
import { amount, span } from "../domain/text/quantities.ts";
import { sparkline } from "../domain/text/sparkline.ts";
import { momentOf, system, systemNamed } from "./fields.ts";

/** A chart is never narrower than this, in ms. */
const leastShownMs = 60_000;

export const metrics = defineCommand({
  name: "metrics",
  summary: "A system's numbers against their limits; one of them as a chart",
  permission: "read",
  systemField: "system",
  examples: ["metrics {system}", "metrics {system} {metric} 6h"],
  input: z.object({
    system,
    metric: z
      .string()
      .max(40)
      .optional()
      .meta({ label: "Metric", help: "One number, drawn over time", positional: true, suggest: "metrics" }),
    range: z.string().max(40).default("1h").meta({
      label: "Range",
      help: "How far back the chart goes: 30m, 6h, 1d",
      positional: true,
      suggest: "durations",
    }),
  }),
  async run(input, context) {
    const on = systemNamed(context, input.system);
    if (input.metric === undefined) return list(on, context);
    const wanted = input.metric.toLowerCase().replaceAll("-", "_");
    const metric = on.metrics.find((each) => each.id === wanted);
    if (!metric) throw unknownMetric(on, wanted);
    const from = momentOf("range", input.range, context.invocation.now);
    // A chart of no width shows nothing.
    return chart(context, { on, metric, rangeMs: Math.max(60_000, context.invocation.now - from) });
  },
});

async function list(on: System, context: CommandContext): Promise<Reply> {
  const read = await context.systems.metrics.read(on);
  const rows = on.metrics.map((metric) => {
    const found = read.find((each) => each.id === metric.id);
    const tone = toneOfReading(metric, found);
    const now = found?.reading.ok ? amount(found.reading.value, metric.unit) : "unknown";
    return [metric.id, { text: now, tone }, limitWords(metric), metric.title];
  });
  const tones = on.metrics.map((metric) =>
    toneOfReading(
      metric,
      read.find((each) => each.id === metric.id),
    ),
  );
  const beyond = tones.filter((tone) => tone === "bad" || tone === "warning").length;
  const unknown = tones.filter((tone) => tone === "unknown").length;
  return {
    card: {
      tone: worstTone(tones),
      title: `${on.title}: ${tallyWords({ all: tones.length, beyond, unknown })}`,
      blocks: [
        {
          kind: "table",
          columns: [{ title: "Metric" }, { title: "Now" }, { title: "Limits" }, { title: "What it is" }],
          rows,
        },
        ...unknownReasons(read.map(({ id, reading }) => ({ title: id, reading }))),
        ...notes(read),
      ],
      actions: on.metrics
        .filter((metric) => metric.key)
        .slice(0, 5)
        .map((metric) => ({ label: metric.title, command: "metrics", args: { system: on.id, metric: metric.id } })),
      footer: `Read at ${clock(context.invocation.now, context.invocation.now)}. metrics ${on.id} <metric> draws one.`,
    },
  };
}

/** What must be said beside the values: an instance that is not in one, a bound that is only a floor. */
function notes(read: readonly MetricReading[]): Block[] {
  const items = read.flatMap(({ id, note }) => (note === undefined ? [] : [{ text: `${id}: ${note}` }]));
  return items.length === 0 ? [] : [{ kind: "list", items }];
}

function tallyWords(count: { readonly all: number; readonly beyond: number; readonly unknown: number }): string {
  const { all, beyond, unknown } = count;
  if (unknown === all) return "no number could be read";
  if (beyond > 0) return unknown > 0 ? `${beyond} beyond a limit, ${unknown} unknown` : `${beyond} beyond a limit`;
  return unknown > 0 ? `${unknown} unknown, the rest within limits` : "every number within its limits";
}

interface Drawn {
  readonly on: System;
  readonly metric: Metric;
  readonly rangeMs: number;
}

async function chart(context: CommandContext, drawn: Drawn): Promise<Reply> {
  const { on, metric, rangeMs } = drawn;
  const now = context.invocation.now;
  const [read, past] = await Promise.all([
    context.systems.metrics.read(on, [metric.id]),
    context.systems.metrics.history(on.id, metric.id, now - rangeMs),
  ]);
  const found = read.find((each) => each.id === metric.id);
  const samples: Sample[] = found?.reading.ok
    ? [...past.filter((sample) => sample.at < found.reading.at), { at: found.reading.at, value: found.reading.value }]
    : [...past];
  const tone = toneOfReading(metric, found);
  const fields: CardField[] = [
    { name: "Now", value: valueWords(metric, found), tone },
    { name: "Limits", value: limitWords(metric) },
    ...rangeFields(metric, samples),
  ];
  const beyond = tone === "bad" || tone === "warning";
  const picture =
    samples.length < 2
      ? { why: "There are too few samples in that time to draw a chart." }
      : await draw(context, specOf(drawn, samples, context.invocation));
  return {
    card: {
      tone,
      title: `${on.title}, ${metric.title}: ${valueWords(metric, found)}`,
      ...(beyond && metric.hint !== undefined && { summary: metric.hint }),
      blocks: [
        { kind: "fields", fields },
        ...(found?.note === undefined ? [] : [{ kind: "text" as const, text: `Mind: ${found.note}.` }]),
        ...(samples.length > 0 ? [{ kind: "code" as const, text: sparkline(samples, 40) }] : []),
        ...(picture.file
          ? [{ kind: "image" as const, file: picture.file.name, alt: altOf(drawn, samples) }]
          : [{ kind: "text" as const, text: picture.why }]),
      ],
      actions: ["1h", "6h", "24h"].map((range) => ({
        label: range,
        command: "metrics",
        args: { system: on.id, metric: metric.id, range },
      })),
      footer:
        samples.length > 0
          ? `${samples.length} samples over ${span((samples.at(-1)?.at ?? now) - (samples[0]?.at ?? now))}. Wardroom keeps its own samples; times are UTC.`
          : "No samples yet.",
    },
    files: picture.file ? [picture.file] : [],
  };
}

/** Without its picture the answer still stands. */
async function draw(
  context: CommandContext,
  spec: ChartSpec,
): Promise<{ file?: { name: string; mediaType: string; bytes: Uint8Array }; why: string }> {
  try {
    return {
      file: {
        name: `${spec.title.replaceAll(/\W+/g, "-").toLowerCase()}.png`,
        mediaType: "image/png",
        bytes: await context.charts.draw(spec),
      },
      why: "",
    };
  } catch {
    return { why: "The chart could not be drawn; the figures above are complete." };
  }
}

function specOf(
  { on, metric, rangeMs }: Drawn,
  samples: readonly Sample[],
  { now, person }: CommandContext["invocation"],
): ChartSpec {
  const { timezone } = person;
  return {
    title: `${on.title}: ${metric.title}`,
    unit: metric.unit,
    series: [{ name: metric.title, samples }],
    // Where sampling began inside the range the picture begins there: an empty hour says nothing.
    from: Math.max(now - rangeMs, Math.min(samples[0]?.at ?? 0, now - leastShownMs)),
    to: now,
    ...(timezone !== undefined && { timezone }),
    thresholds: [...thresholdAt("warn", metric.warn, "warning"), ...thresholdAt("critical", metric.critical, "bad")],
  };
}

function thresholdAt(label: string, value: number | undefined, tone: "warning" | "bad"): ChartSpec["thresholds"] {
  return value === undefined ? [] : [{ label, value, tone }];
}

function rangeFields(metric: Metric, samples: readonly Sample[]): CardField[] {
  if (samples.length < 2) return [];
  const values = samples.map((sample) => sample.value);
  const [first, last] = [values[0] ?? 0, values.at(-1) ?? 0];
  const trend = last > first ? "rising" : last < first ? "falling" : "level";
  return [
    { name: "Lowest", value: amount(Math.min(...values), metric.unit) },
    { name: "Highest", value: amount(Math.max(...values), metric.unit) },
    { name: "Trend", value: `${trend}, ${last >= first ? "+" : ""}${amount(last - first, metric.unit)}` },
  ];
}

function valueWords(metric: Metric, read: MetricReading | undefined): string {
  if (!read) return "unknown";
  return read.reading.ok ? amount(read.reading.value, metric.unit) : `unknown: ${read.reading.detail}`;
}

function limitWords(metric: Metric): string {
  const side = metric.bad;
  const parts = [
    ...(metric.warn === undefined ? [] : [`warn ${side} ${amount(metric.warn, metric.unit)}`]),
    ...(metric.critical === undefined ? [] : [`critical ${side} ${amount(metric.critical, metric.unit)}`]),
  ];
  return parts.length > 0 ? parts.join(", ") : "none";
}

function altOf({ on, metric, rangeMs }: Drawn, samples: readonly Sample[]): string {
  const last = samples.at(-1);
  return `${metric.title} of ${on.title} over the last ${span(rangeMs)}, now ${last ? amount(last.value, metric.unit) : "unknown"}; ${limitWords(metric)}.`;
}

function unknownMetric(on: System, asked: string): UserError {
  const ids = on.metrics.map((metric) => metric.id);
  const close = nearest(asked, ids);
  return new UserError(
    `${on.title} has no metric ${asked}.`,
    close === undefined ? `It has ${ids.join(", ")}.` : `Did you mean ${close}?`,
  );
}
