import type { ChartSpec } from "../domain/messages/chart.ts";
import { numberOf, textOfDatum } from "../domain/systems/exact.ts";
import type { Sample } from "../domain/systems/metrics.ts";
import { columnOfQuery, timeOfCell } from "../domain/systems/newest.ts";
import type { QueryCell, QueryChart, QueryTable } from "../domain/systems/queries.ts";
import { chosenLines } from "./chosen-lines.ts";
import type { QueryFound } from "./query.ts";

/** What is drawn of an answer, and what is not, in words. Without a picture the words say why. */
export interface QueryCourse {
  readonly spec?: ChartSpec;
  readonly notes: readonly string[];
}

/** The lines that a query's `chart` makes of its answer. What cannot be read as a time or a number is left out and told, never zero. */
export function queryCourse({ system, query, table }: QueryFound, chart: QueryChart, timezone?: string): QueryCourse {
  const named = [chart.time, ...chart.values, ...(chart.by === undefined ? [] : [chart.by])];
  const missing = named.filter((name) => columnOfQuery(table, name) < 0);
  if (missing.length > 0)
    return { notes: [`Nothing is drawn: the answer has no column ${missing.join(", ")}, which chart: names.`] };
  const points = table.rows.flatMap((row) => pointsOf(table, chart, row));
  const lines = Map.groupBy(
    points.filter(({ sample }) => sample !== undefined),
    ({ line }) => line,
  );
  const unread = points.filter(({ sample }) => sample === undefined || Number.isNaN(sample.value)).length;
  const all = [...lines].map(([name, each]) => ({
    name,
    samples: each.flatMap(({ sample }) => sample ?? []).toSorted((a, b) => a.at - b.at),
  }));
  const chosen = chosenLines(all, chart.bad);
  const notes = [
    ...(unread > 0 ? [`${unread} of ${points.length} values are not drawn: they, or their time, cannot be read.`] : []),
    ...chosen.notes,
  ];
  const series = chosen.drawn;
  const times = series.flatMap(({ samples }) => samples.map(({ at }) => at));
  if (series.every(({ samples }) => samples.every(({ value }) => Number.isNaN(value)))) return { notes };
  const spec = {
    title: `${system.title}: ${query.title}`,
    unit: chart.unit,
    series,
    from: times.reduce((a, b) => Math.min(a, b)),
    to: times.reduce((a, b) => Math.max(a, b)),
    thresholds: [],
    ...(timezone !== undefined && { timezone }),
  };
  return { spec, notes };
}

interface Point {
  readonly line: string;
  /** Undefined where its time cannot be read. What has a time and no number that can be read is a gap there: NaN. */
  readonly sample: Sample | undefined;
}

function pointsOf(table: QueryTable, { time, values, by, unit }: QueryChart, row: readonly QueryCell[]): Point[] {
  const cell = (name: string): QueryCell => row[columnOfQuery(table, name)] ?? null;
  const at = timeOfCell(cell(time));
  const of = by === undefined ? [] : [textOfDatum(cell(by)) ?? "–"];
  return values.map((name): Point => {
    const value = numberOf(cell(name)) ?? (unit === "B" ? sizeOf(cell(name)) : undefined) ?? Number.NaN;
    const line = [...of, ...(of.length === 0 || values.length > 1 ? [name] : [])].join(" ");
    return { line, sample: at === undefined ? undefined : { at, value } };
  });
}

const sizeSteps = ["", "K", "M", "G", "T", "P"];

/** `61.3G`, `4,100 MiB` or `12kB`, in bytes: what programs print beside a file counts in steps of 1,024. */
function sizeOf(cell: QueryCell): number | undefined {
  const [, digits = "", step = ""] = /^([\d,]*\.?\d+)\s?([KMGTP]?)(?:i?B)?$/i.exec(textOfDatum(cell) ?? "") ?? [];
  const value = numberOf(digits.replaceAll(",", ""));
  return value === undefined ? undefined : value * 1_024 ** sizeSteps.indexOf(step.toUpperCase());
}
