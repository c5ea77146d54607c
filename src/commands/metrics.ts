import { z } from "zod";
import { type MetricView, metricCard, metricChart, type Picture } from "../cards/metric-chart.ts";
import { metricsCard } from "../cards/metrics.ts";
import { type CommandContext, defineCommand, type Reply } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import type { Metric } from "../domain/systems/metrics.ts";
import type { System } from "../domain/systems/system.ts";
import { nearest } from "../domain/text/distance.ts";
import { metricCourse } from "../reads/metric-course.ts";
import { momentOf, system, systemNamed } from "./fields.ts";

/** A chart of no width shows nothing. */
const leastRangeMs = 60_000;

/** Values are read live. A course is drawn from what the backend keeps, or else from what the bot has sampled. */
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
    const { invocation, systems } = context;
    const on = systemNamed(context, input.system);
    if (input.metric === undefined) return { card: metricsCard(on, await systems.metrics.read(on), invocation.now) };
    const metric = metricNamed(on, input.metric.toLowerCase().replaceAll("-", "_"));
    const from = momentOf("range", input.range, invocation.now);
    return course(context, { on, metric, rangeMs: Math.max(leastRangeMs, invocation.now - from) });
  },
});

async function course(
  context: CommandContext,
  { on, metric, rangeMs }: { readonly on: System; readonly metric: Metric; readonly rangeMs: number },
): Promise<Reply> {
  const { now } = context.invocation;
  const view = { system: on, metric, rangeMs, ...(await metricCourse(context, on, metric, now - rangeMs)) };
  const picture = await draw(context, view);
  return { card: metricCard(view, picture, now), files: "file" in picture ? [picture.file] : [] };
}

/** Without its picture the answer still stands. */
async function draw({ charts, invocation }: CommandContext, view: MetricView): Promise<Picture> {
  if (view.series.every(({ samples }) => samples.length < 2))
    return { why: "There are too few samples in that time to draw a chart." };
  const spec = metricChart(view, invocation.now, invocation.person.timezone);
  try {
    const name = `${spec.title.replaceAll(/\W+/g, "-").toLowerCase()}.png`;
    return { file: { name, mediaType: "image/png", bytes: await charts.draw(spec) } };
  } catch {
    return { why: "The chart could not be drawn; the figures above are complete." };
  }
}

function metricNamed(on: System, asked: string): Metric {
  const found = on.metrics.find((metric) => metric.id === asked);
  if (found) return found;
  const ids = on.metrics.map((metric) => metric.id);
  const close = nearest(asked, ids);
  throw new UserError(
    `${on.title} has no metric ${asked}.`,
    close === undefined ? `It has ${ids.join(", ")}.` : `Did you mean ${close}?`,
  );
}
