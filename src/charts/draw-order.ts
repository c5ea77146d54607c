import { z } from "zod";
import type { ChartSpec } from "../domain/messages/chart.ts";
import { DigestPicture } from "../domain/messages/digest-picture.ts";
import { redact } from "../domain/text/redact.ts";

const Numbers = z.instanceof(Float64Array);

/** Samples travel packed: a month of them as objects would hold up the sender. */
const ChartOrder = z.object({
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
type ChartOrder = z.output<typeof ChartOrder>;

/** What the drawing process is sent: a chart, or a digest at a glance. */
export const DrawOrder = z.union([ChartOrder, z.object({ id: z.number(), digest: DigestPicture })]);

/** What it answers. */
export const Drawn = z.union([
  z.object({ id: z.number(), png: z.instanceof(Uint8Array) }),
  z.object({ id: z.number(), error: z.string() }),
]);
export type Drawn = z.output<typeof Drawn>;

/** What is secret is masked here: the drawing process knows no secret by its value. */
export function packed(chart: ChartSpec): ChartOrder["chart"] {
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

export function unpacked(chart: ChartOrder["chart"]): ChartSpec {
  return {
    ...chart,
    series: chart.series.map(({ name, at, value }) => ({
      name,
      samples: Array.from(at, (time, index) => ({ at: time, value: value[index] ?? Number.NaN })),
    })),
  };
}

/** The same of a digest, whose course is thin enough to travel as it is. */
export function packedDigest({ curve, strip, budget, ...picture }: DigestPicture): DigestPicture {
  return {
    ...picture,
    title: redact(picture.title),
    ...(curve && { curve: { ...curve, title: redact(curve.title), unit: redact(curve.unit) } }),
    ...(strip && {
      strip: { title: redact(strip.title), rows: strip.rows.map((row) => ({ ...row, name: redact(row.name) })) },
    }),
    ...(budget && {
      budget: {
        title: redact(budget.title),
        rows: budget.rows.map((row) => ({ ...row, name: redact(row.name), words: redact(row.words) })),
      },
    }),
  };
}
