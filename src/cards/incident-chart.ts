import type { IncidentCourse } from "../domain/incidents/measured.ts";
import type { ChartSpec } from "../domain/messages/chart.ts";
import { chosenLines } from "./chosen-lines.ts";
import { shownFrom } from "./metric-chart.ts";
import { severityWord } from "./metric-words.ts";

/** The picture of what alerts of an incident rest on, over its time. */
export function incidentChart(
  { title, unit, bad, limits, series }: IncidentCourse,
  of: { readonly title: string; readonly from: number; readonly to: number },
): ChartSpec {
  return {
    title: `${of.title}: ${title}`,
    unit,
    series: chosenLines(series, bad).drawn.map(({ name, samples }) => ({ name: name === "" ? title : name, samples })),
    from: shownFrom(series, of),
    to: of.to,
    thresholds: limits.map(({ severity, at }) => ({
      label: severityWord(severity),
      value: at,
      tone: severity === "critical" ? "bad" : "warning",
    })),
  };
}
