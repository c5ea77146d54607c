import { enableCompileCache } from "node:module";
import { DrawOrder, unpacked } from "./draw-order.ts";

/** The entry of the drawing process: draws what it is sent, one chart after the other, and ends with its parent. */
enableCompileCache();
const { drawChart } = await import("./draw-chart.ts");

process.on("message", (message) => {
  const order = DrawOrder.safeParse(message).data;
  if (!order) return;
  try {
    process.send?.({ id: order.id, png: drawChart(unpacked(order.chart)) });
  } catch (error) {
    const why = error instanceof Error ? error.message.slice(0, 200) : "the chart could not be drawn";
    process.send?.({ id: order.id, error: why });
  }
});
process.on("disconnect", () => process.exit(0));
