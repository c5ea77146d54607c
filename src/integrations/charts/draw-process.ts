import { z } from "zod";
import { drawChart } from "./draw-chart.ts";

const Sample = z.object({ at: z.number(), value: z.number() });
const Order = z.object({
  id: z.number(),
  chart: z.object({
    title: z.string(),
    unit: z.string(),
    series: z.array(z.object({ name: z.string(), samples: z.array(Sample) })),
    from: z.number(),
    to: z.number(),
    thresholds: z.array(z.object({ label: z.string(), value: z.number(), tone: z.enum(["warning", "bad"]) })),
    timezone: z.string().exactOptional(),
  }),
});

/** The child's side: draws what it is sent, one at a time, and ends with its parent. */
process.on("message", (message) => {
  const order = Order.safeParse(message).data;
  if (!order) return;
  try {
    process.send?.({ id: order.id, png: drawChart(order.chart) });
  } catch (error) {
    process.send?.({
      id: order.id,
      error: error instanceof Error ? error.message.slice(0, 200) : "the chart could not be drawn",
    });
  }
});
process.on("disconnect", () => process.exit(0));
