import { z } from "zod";
import { metricCard, metricChart } from "../cards/metric-chart.ts";
import { metricsCard } from "../cards/metrics.ts";
import { type CommandContext, defineCommand, type Reply } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import type { Metric } from "../domain/systems/metrics.ts";
import type { System } from "../domain/systems/system.ts";
import { nearest } from "../domain/text/distance.ts";
import { metricCourse } from "../reads/metric-course.ts";
import { drawn } from "./draw.ts";
import { answerExpression } from "./expression.ts";
import { momentOf, rangeField, system, systemNamed } from "./fields.ts";

/** A chart of no width shows nothing. */
const leastRangeMs = 60_000;
/** As long as a query in a file may be, and a little less than a command. */
const longestExpression = 3_900;

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
    range: rangeField("How far back the chart goes: 30m, 6h, 1d; 1h when left out").optional(),
    query: z.string().min(1).max(longestExpression).optional().meta({
      label: "Query",
      help: "PromQL, for a question nobody foresaw; takes the right query",
      multiline: true,
    }),
    backend: z.string().max(40).optional().meta({ label: "Backend", help: "Which one answers the query" }),
  }),
  async run(input, context) {
    const { invocation, systems } = context;
    const on = systemNamed(context, input.system);
    const rangeOf = (text: string): number =>
      Math.max(leastRangeMs, invocation.now - momentOf("range", text, invocation.now));
    if (input.query !== undefined) {
      // Typed without a key, what follows the system is how far back.
      const range = input.range ?? input.metric;
      return answerExpression(context, {
        on,
        text: input.query,
        backend: input.backend,
        rangeMs: range === undefined ? undefined : rangeOf(range),
      });
    }
    if (input.metric === undefined) return { card: metricsCard(on, await systems.metrics.read(on), invocation.now) };
    const metric = metricNamed(on, input.metric.toLowerCase().replaceAll("-", "_"));
    return course(context, { on, metric, rangeMs: rangeOf(input.range ?? "1h") });
  },
});

async function course(
  context: CommandContext,
  { on, metric, rangeMs }: { readonly on: System; readonly metric: Metric; readonly rangeMs: number },
): Promise<Reply> {
  const { now } = context.invocation;
  const view = { system: on, metric, rangeMs, ...(await metricCourse(context, on, metric, now - rangeMs)) };
  const picture = await drawn(context, metricChart(view, now, context.invocation.person.timezone));
  return { card: metricCard(view, picture, now), files: "file" in picture ? [picture.file] : [] };
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
