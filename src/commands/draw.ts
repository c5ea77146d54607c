import type { Picture } from "../cards/metric-chart.ts";
import type { CommandContext } from "../domain/commands/command.ts";
import type { ChartSpec } from "../domain/messages/chart.ts";

/** A chart as a picture. Without it the answer still stands. */
export async function drawn({ charts }: Pick<CommandContext, "charts">, spec: ChartSpec): Promise<Picture> {
  if (spec.series.every(({ samples }) => samples.length < 2))
    return { why: "There are too few samples in that time to draw a chart." };
  try {
    const name = `${spec.title.replaceAll(/\W+/g, "-").toLowerCase().slice(0, 80)}.png`;
    return { file: { name, mediaType: "image/png", bytes: await charts.draw(spec) } };
  } catch {
    return { why: "The chart could not be drawn; the figures above are complete." };
  }
}
