import { z } from "zod";
import type { ChartSpec } from "../domain/messages/chart.ts";
import { redact } from "../domain/text/redact.ts";

const Numbers = z.instanceof(Float64Array);

/** What the drawing process is sent. Samples travel packed: a month of them as objects would hold up the sender. */
export const DrawOrder = z.object({
  id: z.number(),
  chart: z.object({
    title: z.string(),
    unit: z.string(),
    series: z.array(z.object({ name: z.string(), at: Numbers, value: Numbers })),
    from: z.number(),
    to: z.number(),
    thresholds: z.array(z.object({ label: z.string(), value: z.number(), tone: z.enum(["warning", "bad"]) })),
    timezone: z.string().exactOptional(),
  }),
});
export type DrawOrder = z.output<typeof DrawOrder>;

/** What it answers. */
export const Drawn = z.union([
  z.object({ id: z.number(), png: z.instanceof(Uint8Array) }),
  z.object({ id: z.number(), error: z.string() }),
]);
export type Drawn = z.output<typeof Drawn>;

/** What is secret is masked here: the drawing process knows no secret by its value. */
export function packed(chart: ChartSpec): DrawOrder["chart"] {
  return {
    title: redact(chart.title),
    unit: redact(chart.unit),
    from: chart.from,
    to: chart.to,
    thresholds: chart.thresholds.map(({ label, value, tone }) => ({ label: redact(label), value, tone })),
    series: chart.series.map(({ name, samples }) => ({
      name: redact(name),
      at: Float64Array.from(samples, (sample) => sample.at),
      value: Float64Array.from(samples, (sample) => sample.value),
    })),
    ...(chart.timezone !== undefined && { timezone: chart.timezone }),
  };
}

export function unpacked(chart: DrawOrder["chart"]): ChartSpec {
  return {
    ...chart,
    series: chart.series.map(({ name, at, value }) => ({
      name,
      samples: Array.from(at, (time, index) => ({ at: time, value: value[index] ?? Number.NaN })),
    })),
  };
}
