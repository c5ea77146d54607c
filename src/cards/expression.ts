import type { Block, Card, CardAction } from "../domain/messages/card.ts";
import type { ChartSpec } from "../domain/messages/chart.ts";
import { numberOf } from "../domain/systems/exact.ts";
import type { Evaluated, EvaluatedSeries } from "../domain/systems/metrics.ts";
import type { FailedReading, Reading } from "../domain/systems/reading.ts";
import type { System } from "../domain/systems/system.ts";
import { cutText } from "../domain/text/cut-text.ts";
import { clock } from "../domain/text/moment.ts";
import { counted, span } from "../domain/text/quantities.ts";
import { type ChosenLines, chosenLines } from "./chosen-lines.ts";
import { chartRanges, type Picture } from "./metric-chart.ts";

/** Longest name of a series in a row of the table; its beginning is what tells it. */
const longestName = 120;
/** A whole expression is in the message; a title and a picture have its beginning. */
const longestTitle = 60;

/** An expression that somebody asked, and where. */
export interface AskedExpression {
  readonly system: System;
  readonly backend: string;
  readonly text: string;
  /** Of a course, how far back it goes. */
  readonly rangeMs?: number;
}

/** What an expression gave: its series with their values, and the course as a picture where one was asked for. */
export function expressionCard(
  asked: AskedExpression,
  reading: Reading<Evaluated>,
  shown: { readonly picture?: Picture; readonly now: number },
): Card {
  if (!reading.ok) return failedCard(asked, reading);
  const { series, found, doubts } = reading.value;
  const isPartial = doubts.length > 0;
  return {
    tone: isPartial || found === 0 ? "unknown" : "neutral",
    title: `${asked.system.title}: ${headline(reading.value)}`,
    ...(isPartial && { summary: `This may not be the whole: ${asked.backend} says ${doubts.join("; ")}` }),
    blocks: [
      { kind: "code", text: asked.text },
      ...valueBlocks(series),
      ...noteBlocks(asked, reading.value),
      ...pictureBlocks(asked, shown.picture),
    ],
    actions: chartRanges.map((range) => rangeAction(asked, range)),
    footer: `Asked of ${asked.backend}, read at ${clock(reading.at, shown.now)}. No limit is set for this, so nothing here says whether it is well.`,
  };
}

/** What the picture of an expression's course shows. */
export function expressionChart(
  { system, text, rangeMs = 0 }: AskedExpression,
  { series }: Evaluated,
  viewed: { readonly now: number; readonly timezone: string | undefined },
): ChartSpec {
  return {
    title: `${system.title}: ${cutText(text, longestTitle)}`,
    unit: "",
    series: linesOf(series).drawn,
    from: viewed.now - rangeMs,
    to: viewed.now,
    thresholds: [],
    ...(viewed.timezone !== undefined && { timezone: viewed.timezone }),
  };
}

/** Nothing says which side is bad: of many the highest are drawn. */
function linesOf(series: readonly EvaluatedSeries[]): ChosenLines {
  const named = series.map(({ name, samples }) => ({
    name: cutText(name === "" ? "value" : name, longestTitle),
    samples,
  }));
  return chosenLines(named, "above");
}

function headline({ series, found }: Evaluated): string {
  const [only] = series;
  if (!only) return "no series";
  if (found === 1) return only.value ?? "a histogram, which is no one number";
  return found > series.length ? `${series.length} of ${found} series` : counted(found, "series").replace(/ss$/, "s");
}

function valueBlocks(series: readonly EvaluatedSeries[]): Block[] {
  if (series.length === 0) return [];
  const rows = series.map(({ name, value }) => [
    cutText(name === "" ? "(no labels)" : name, longestName),
    value === undefined
      ? { text: "a histogram", tone: "unknown" as const }
      : { text: value, tone: isKnown(value) ? ("neutral" as const) : ("unknown" as const) },
  ]);
  return [{ kind: "table", columns: [{ title: "Series" }, { title: "Now", align: "right" }], rows }];
}

/** What has to be said so that nobody takes this for more than it is. */
function noteBlocks(asked: AskedExpression, { series, found }: Evaluated): Block[] {
  const notes = [
    ...(found === 0
      ? [
          asked.rangeMs === undefined
            ? "Nothing that the query names is there now, or nothing fulfils it. That is not zero."
            : `Nothing that the query names was there in the last ${span(asked.rangeMs)}, or nothing fulfilled it. That is not zero.`,
        ]
      : []),
    ...(found > series.length
      ? [
          `Only ${series.length} of ${found} series are shown, in no order: ask for topk(${series.length}, …), or sum them.`,
        ]
      : []),
    ...(series.some(({ value }) => value === "NaN")
      ? ["NaN is no number: most often nothing was divided by nothing. It is not zero."]
      : []),
    ...(series.some(({ value }) => value !== undefined && /^[+-]Inf$/.test(value))
      ? ["Inf is no number: something was divided by zero."]
      : []),
    ...(asked.rangeMs === undefined ? [] : linesOf(series).notes),
    ...(series.some(({ value }) => value === undefined) ? ["Of a histogram ask for its histogram_quantile."] : []),
  ];
  return notes.map((text) => ({ kind: "text", text }));
}

function isKnown(value: string): boolean {
  return numberOf(value) !== undefined;
}

function pictureBlocks({ text, rangeMs = 0 }: AskedExpression, picture: Picture | undefined): Block[] {
  if (!picture) return [];
  return "file" in picture
    ? [
        {
          kind: "image",
          file: picture.file.name,
          alt: `The course of ${cutText(text, longestTitle)} over the last ${span(rangeMs)}.`,
        },
      ]
    : [{ kind: "text", text: picture.why }];
}

function rangeAction({ system, backend, text }: AskedExpression, range: string): CardAction {
  return { label: range, command: "metrics", args: { system: system.id, query: text, backend, range } };
}

/** What the server said, and where in the expression it said it. */
function failedCard({ system, backend, text }: AskedExpression, { detail, fault }: FailedReading): Card {
  const isRefused = fault === "refused";
  return {
    tone: isRefused ? "warning" : "unknown",
    title: `${system.title}: ${isRefused ? `${backend} does not take this query` : "the query has no answer"}`,
    summary: detail,
    blocks: [{ kind: "code", text: pointedAt(text, detail) ?? text }],
    footer: isRefused ? "Correct it and ask again." : "Nothing is known of what was asked.",
  };
}

/** The expression with a mark below where the server's `line:column` points; undefined where it says none. */
function pointedAt(text: string, detail: string): string | undefined {
  const [, line, column] = /\b(\d{1,4}):(\d{1,4}): parse error/.exec(detail) ?? [];
  const lines = text.split("\n");
  const at = Number(line) - 1;
  if (column === undefined || lines[at] === undefined) return undefined;
  return lines.toSpliced(at + 1, 0, `${" ".repeat(Math.max(0, Number(column) - 1))}^`).join("\n");
}
