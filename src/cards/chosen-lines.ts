import { mostDrawnLines } from "../domain/messages/chart.ts";
import type { Metric, MetricSeries } from "../domain/systems/metrics.ts";
import { wholeItems } from "../domain/text/quantities.ts";

/** Characters of the names of lines that are not drawn; the rest of them are counted. */
const longestNames = 300;

/** The lines that are drawn, and which are not, in words. */
export interface ChosenLines {
  readonly drawn: readonly MetricSeries[];
  readonly notes: readonly string[];
}

/** Of more lines than are told apart in one picture those that stand worst at their end, the worst first; else all, as they come. */
export function chosenLines(series: readonly MetricSeries[], bad: Metric["bad"]): ChosenLines {
  if (series.length <= mostDrawnLines) return { drawn: series, notes: [] };
  const worst = worstFirst(series, bad);
  const names = worst.slice(mostDrawnLines).map(({ name }) => name);
  const which = bad === "above" ? "highest" : "lowest";
  return {
    drawn: worst.slice(0, mostDrawnLines),
    notes: [
      `Drawn are the ${mostDrawnLines} of ${series.length} lines that are ${which} at their end; left out: ${wholeItems(names, longestNames)}.`,
    ],
  };
}

/** By their newest number; what has none comes last. */
export function worstFirst(series: readonly MetricSeries[], bad: Metric["bad"]): readonly MetricSeries[] {
  const sign = bad === "above" ? -1 : 1;
  return series.toSorted((a, b) => {
    const [one, other] = [newestNumber(a), newestNumber(b)];
    if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined);
    return sign * (one - other);
  });
}

function newestNumber({ samples }: MetricSeries): number | undefined {
  return samples.findLast(({ value }) => Number.isFinite(value))?.value;
}
