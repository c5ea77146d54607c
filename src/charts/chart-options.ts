import type { EChartsOption, LineSeriesOption, MarkLineComponentOption, ScatterSeriesOption } from "echarts";
import { type ChartSpec, mostDrawnLines } from "../domain/messages/chart.ts";
import type { Sample } from "../domain/systems/metrics.ts";
import { axesOf } from "./axes.ts";
import { stretches, thinned, type ValueRange, valueRange } from "./chart-lines.ts";
import { figure, isBinary } from "./figure.ts";
import { colours, drawnText, faint, ink, limitColours, paper, width, zeroLine } from "./style.ts";
import { type TimeAxis, timeAxis } from "./time-axis.ts";

export const height = 400;

const plot = { left: 72, top: 84, bottom: 44 };
/** More points than the picture has columns would only be drawn over each other. */
const pointsMax = 1_600;

interface Line {
  readonly name: string;
  readonly colour: string;
  readonly stretches: readonly (readonly Sample[])[];
  readonly newest: Sample | undefined;
}

export interface Typeset {
  readonly font: string;
  /** Width of a text in bold small print, in the chart's pixels. */
  readonly measure: (text: string) => number;
}

/** What to draw, in the words of the chart library. Every text that came from outside is inert. */
export function chartOptions(chart: ChartSpec, { font, measure }: Typeset): EChartsOption {
  const range = chart.to > chart.from ? chart : { from: chart.from - 30_000, to: chart.from + 30_000 };
  const axis = timeAxis(range, chart.timezone);
  const lines = chart.series.slice(0, mostDrawnLines).map((series, index) => lineOf(series, index, range));
  const values = valueRange(
    [
      ...chart.thresholds.map((threshold) => threshold.value),
      ...lines.flatMap((line) => line.stretches.flat().map((sample) => sample.value)),
    ],
    isBinary(chart.unit) ? 1_024 : 1_000,
  );
  const labels = lines.map((line) => (line.newest ? measure(figure(line.newest.value, drawnText(chart.unit))) : 0));
  return {
    animation: false,
    backgroundColor: paper,
    textStyle: { fontFamily: font, color: ink },
    title: titleOf(chart, lines, { axis, font }),
    ...(lines.length > 1 && { legend: legendOf(lines, font) }),
    grid: { ...plot, right: Math.min(200, Math.max(32, ...labels.map((label) => label + 24))) },
    ...axesOf({ range, axis, values, unit: shortUnit(chart.unit) }),
    series: [
      ...lines.map((line, index) =>
        seriesOf(line, index === 0 ? marksOf(chart, values) : undefined, fillOf(lines, values)),
      ),
      newestOf(chart, lines),
    ],
    ...(lines.every((line) => line.newest === undefined) && { graphic: emptyNote(font) }),
  };
}

function lineOf(
  series: ChartSpec["series"][number],
  index: number,
  range: { readonly from: number; readonly to: number },
): Line {
  const found = stretches(series.samples.filter(({ at }) => at >= range.from && at <= range.to));
  return {
    name: drawnText(series.name),
    colour: colours[index % colours.length] ?? ink,
    stretches: thinned(found, pointsMax),
    newest: found.at(-1)?.at(-1),
  };
}

function titleOf(
  chart: ChartSpec,
  lines: readonly Line[],
  { axis, font }: { readonly axis: TimeAxis; readonly font: string },
): NonNullable<EChartsOption["title"]> {
  const newest = lines.length === 1 ? lines[0]?.newest : undefined;
  const parts = [
    newest
      ? `newest ${figure(newest.value, drawnText(chart.unit))} at ${axis.moment(newest.at)}`
      : drawnText(chart.unit),
    axis.zone,
  ];
  return {
    text: drawnText(chart.title),
    subtext: parts.filter((part) => part !== "").join("  ·  "),
    left: 20,
    top: 14,
    itemGap: 10,
    textStyle: { fontFamily: font, fontSize: 18, fontWeight: 600, color: ink, width: width - 40, overflow: "truncate" },
    subtextStyle: { fontFamily: font, fontSize: 12, color: faint },
  };
}

function legendOf(lines: readonly Line[], font: string): NonNullable<EChartsOption["legend"]> {
  return {
    data: lines.map((line) => line.name),
    type: "plain",
    right: 20,
    top: 42,
    itemWidth: 16,
    itemHeight: 8,
    itemGap: 18,
    icon: "roundRect",
    textStyle: { fontFamily: font, fontSize: 12, color: ink },
  };
}

function seriesOf(line: Line, marks: MarkLineComponentOption | undefined, fill: number): LineSeriesOption {
  return {
    type: "line",
    name: line.name,
    z: 3,
    // Between stretches stands an empty point, so that the line breaks.
    data: line.stretches.flatMap((stretch) => [
      ...stretch.map(({ at, value }) => ({ value: [at, value], symbolSize: stretch.length === 1 ? 5 : 0 })),
      { value: [stretch.at(-1)?.at ?? 0, Number.NaN], symbolSize: 0 },
    ]),
    connectNulls: false,
    showSymbol: true,
    symbol: "circle",
    lineStyle: { color: line.colour, width: 2, join: "round" },
    itemStyle: { color: line.colour },
    ...(fill > 0 && { areaStyle: { color: line.colour, opacity: fill } }),
    ...(marks && { markLine: marks }),
  };
}

/** One line that stands on zero is filled: a fill below any other would show an amount that is not there. */
function fillOf(lines: readonly Line[], values: ValueRange): number {
  return lines.length === 1 && values.min === 0 ? 0.08 : 0;
}

function marksOf(chart: ChartSpec, values: ValueRange): MarkLineComponentOption {
  const sorted = chart.thresholds.filter(({ value }) => Number.isFinite(value)).toSorted((a, b) => a.value - b.value);
  const close = ((values.max - values.min) * 18) / (height - plot.top - plot.bottom);
  return {
    symbol: "none",
    silent: true,
    data: [
      ...sorted.map((threshold, index) => ({
        yAxis: threshold.value,
        lineStyle: { color: limitColours[threshold.tone], width: 1.5, type: [6, 4] },
        label: {
          // Of two lines that lie close, the lower one has its words below.
          position:
            (sorted[index + 1]?.value ?? Number.POSITIVE_INFINITY) - threshold.value < close
              ? ("insideStartBottom" as const)
              : ("insideStartTop" as const),
          formatter: `${drawnText(threshold.label)} ${figure(threshold.value, drawnText(chart.unit))}`,
          color: limitColours[threshold.tone],
          fontSize: 12,
          fontWeight: 600,
          backgroundColor: "rgba(255,255,255,0.85)",
          padding: [1, 3],
        },
      })),
      ...(values.min < 0 && values.max > 0
        ? [{ yAxis: 0, lineStyle: { color: zeroLine, width: 1, type: "solid" as const }, label: { show: false } }]
        : []),
    ],
  };
}

function newestOf(chart: ChartSpec, lines: readonly Line[]): ScatterSeriesOption {
  return {
    type: "scatter",
    z: 5,
    clip: false,
    symbolSize: 10,
    labelLayout: { moveOverlap: "shiftY" },
    data: lines.flatMap(({ newest, colour }) =>
      newest
        ? [
            {
              value: [newest.at, newest.value],
              itemStyle: { color: colour, borderColor: paper, borderWidth: 2, opacity: 1 },
              label: {
                show: true,
                position: "right" as const,
                formatter: figure(newest.value, drawnText(chart.unit)),
                color: colour,
                fontSize: 13,
                fontWeight: 600,
                backgroundColor: "rgba(255,255,255,0.85)",
                padding: [1, 3],
              },
            },
          ]
        : [],
    ),
  };
}

function emptyNote(font: string): NonNullable<EChartsOption["graphic"]> {
  return {
    type: "text",
    left: "center",
    top: "middle",
    style: { text: "No samples in this range", font: `15px ${font}`, fill: faint },
  };
}

/** Units that belong to every figure of the axis; others stand once, beside the newest value. */
function shortUnit(unit: string): string {
  return ["ms", "s", "%"].includes(unit) || isBinary(unit) ? unit : "";
}
