import { type Canvas, createCanvas } from "@napi-rs/canvas";
import * as echarts from "echarts";
import { inert } from "../../domain/inert.ts";
import type { ChartSpec, Sample } from "../../domain/ports.ts";

const width = 800;
const height = 400;
/** Twice the size it is shown at, for phones. */
const scale = 2;
const font = '"DejaVu Sans", "Noto Sans", "Liberation Sans", Arial, sans-serif';
const ink = "#1f2733";
const faint = "#5b6675";
const grid = "#e3e7ec";
const lines = ["#1f5fbf", "#0f8a6d", "#8a4fbf", "#b3651b"];
const toneColours = { warning: "#b7791f", bad: "#c53030" } as const;

/** A PNG on a light ground: it must be read on a dark phone at night. Throws when the libraries cannot draw. */
export function drawChart(chart: ChartSpec): Uint8Array {
  const canvas = createCanvas(width * scale, height * scale);
  if (!isDrawable(canvas)) throw new Error("the canvas cannot be drawn on");
  const drawing = echarts.init(canvas, null, { width, height, devicePixelRatio: scale });
  try {
    drawing.setOption(optionsOf(chart));
    return canvas.toBuffer("image/png");
  } finally {
    drawing.dispose();
  }
}

/** The library's types know the browser's canvas only; what it does with one is draw. */
function isDrawable(canvas: unknown): canvas is HTMLElement & Canvas {
  return typeof canvas === "object" && canvas !== null && "getContext" in canvas;
}

function optionsOf(chart: ChartSpec): echarts.EChartsOption {
  return {
    animation: false,
    backgroundColor: "#ffffff",
    textStyle: { fontFamily: font, color: ink },
    title: {
      text: inert(chart.title),
      subtext: subtitleOf(chart),
      left: 16,
      top: 10,
      textStyle: { fontFamily: font, fontSize: 17, color: ink },
      subtextStyle: { fontFamily: font, fontSize: 12, color: faint },
    },
    grid: { left: 64, right: 92, top: 72, bottom: 40 },
    xAxis: {
      type: "time",
      min: chart.from,
      max: chart.to,
      axisLabel: { fontFamily: font, color: faint, hideOverlap: true, formatter: (at: number) => clock(at, chart) },
      axisLine: { lineStyle: { color: grid } },
      axisTick: { show: false },
      splitLine: { show: false },
    },
    yAxis: {
      type: "value",
      scale: true,
      min: (range: { min: number }) => padded(chart, range.min, -1),
      max: (range: { max: number }) => padded(chart, range.max, 1),
      axisLabel: {
        fontFamily: font,
        color: faint,
        showMinLabel: false,
        showMaxLabel: false,
        formatter: (value: number) => short(value),
      },
      splitLine: { lineStyle: { color: grid } },
    },
    series: chart.series.map((series, at) => seriesOf(chart, series, at)),
    ...(chart.series.every((series) => series.samples.length === 0) && {
      graphic: [
        {
          type: "text",
          left: "center",
          top: "middle",
          style: { text: "No samples in this range yet", font: `14px ${font}`, fill: faint },
        },
      ],
    }),
  };
}

function seriesOf(chart: ChartSpec, series: ChartSpec["series"][number], at: number): object {
  const colour = lines[at % lines.length] ?? ink;
  const last = series.samples.at(-1);
  return {
    type: "line",
    name: inert(series.name),
    data: withGaps(series.samples).map((point) => [point.at, point.value]),
    showSymbol: series.samples.length === 1,
    symbolSize: 7,
    connectNulls: false,
    sampling: "lttb",
    lineStyle: { color: colour, width: 2 },
    itemStyle: { color: colour },
    areaStyle: { color: colour, opacity: 0.06 },
    ...(at === 0 && { markLine: thresholdLines(chart) }),
    ...(last && {
      markPoint: {
        symbol: "circle",
        symbolSize: 9,
        data: [{ coord: [last.at, last.value] }],
        label: {
          show: true,
          position: "right",
          fontFamily: font,
          fontWeight: "bold",
          color: colour,
          formatter: `${short(last.value)} ${inert(chart.unit)}`.trim(),
        },
        itemStyle: { color: colour, borderColor: "#ffffff", borderWidth: 2 },
      },
    }),
  };
}

function thresholdLines(chart: ChartSpec): echarts.MarkLineComponentOption {
  return {
    symbol: "none",
    silent: true,
    data: chart.thresholds.map((threshold) => ({
      yAxis: threshold.value,
      lineStyle: { color: toneColours[threshold.tone], width: 1.5, type: "dashed" },
      label: {
        formatter: `${inert(threshold.label)} ${short(threshold.value)}`,
        position: "insideStartTop",
        color: toneColours[threshold.tone],
        fontFamily: font,
      },
    })),
  };
}

/** Where samples are missing for three times their usual distance the line breaks: nothing is known there. */
function withGaps(samples: readonly Sample[]): { at: number; value: number | null }[] {
  const steps = samples.slice(1).map((sample, at) => sample.at - (samples[at]?.at ?? 0));
  const usual = steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
  return samples.flatMap((sample, at) => {
    const before = samples[at - 1];
    const gap = before !== undefined && usual > 0 && sample.at - before.at > 3 * usual;
    return [...(gap ? [{ at: before.at + 1, value: null }] : []), { at: sample.at, value: sample.value }];
  });
}

/** Room above and below, and every threshold in sight. */
function padded(chart: ChartSpec, end: number, side: 1 | -1): number {
  const values = [...chart.thresholds.map((threshold) => threshold.value), ...(Number.isFinite(end) ? [end] : [])];
  const all = [...values, ...chart.series.flatMap((series) => series.samples.map((sample) => sample.value))];
  if (all.length === 0) return side === 1 ? 1 : 0;
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const room = (high - low || Math.abs(high) || 1) * 0.08;
  return side === 1 ? high + room : low >= 0 && low - room < 0 ? 0 : low - room;
}

function subtitleOf(chart: ChartSpec): string {
  const last = chart.series[0]?.samples.at(-1);
  const unit = inert(chart.unit);
  return last ? `now ${short(last.value)} ${unit}`.trim() : unit;
}

function clock(at: number, chart: ChartSpec): string {
  const wide = chart.to - chart.from > 36 * 3_600_000;
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: chart.timezone ?? "UTC",
    hour: "2-digit",
    minute: "2-digit",
    ...(wide && { day: "2-digit", month: "short" }),
  });
  return format.format(at);
}

function short(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${trim(value / 1e6)} M`;
  if (size >= 1e4) return `${trim(value / 1e3)} k`;
  return trim(value);
}

function trim(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 1 ? 2 : 4;
  return String(Number(value.toFixed(digits)));
}
