import { enableCompileCache } from "node:module";
import { DrawOrder, unpacked } from "./draw-order.ts";

/** The entry of the drawing process: draws what it is sent, one chart after the other, and ends with its parent. */
enableCompileCache();
const { drawChart, drawDigest } = await import("./draw-chart.ts");

process.on("message", (message) => {
  const order = DrawOrder.safeParse(message).data;
  if (!order) return;
  try {
    const png = "chart" in order ? drawChart(unpacked(order.chart)) : drawDigest(order.digest);
    process.send?.({ id: order.id, png });
  } catch (error) {
    const why = error instanceof Error ? error.message.slice(0, 200) : "the chart could not be drawn";
    process.send?.({ id: order.id, error: why });
  }
});
process.on("disconnect", () => process.exit(0));
