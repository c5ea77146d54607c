import type { EChartsOption } from "echarts";
import type { ValueRange } from "./chart-lines.ts";
import { showTick } from "./figure.ts";
import { faint, rule, zeroLine } from "./style.ts";
import type { TimeAxis } from "./time-axis.ts";

/** Time below, values at the side, and a line for each value that is marked. `unit` stands behind each, empty where none does. */
export function axesOf(of: {
  readonly range: { readonly from: number; readonly to: number };
  readonly axis: TimeAxis;
  readonly values: ValueRange;
  readonly unit: string;
}): Pick<EChartsOption, "xAxis" | "yAxis"> {
  const { range, axis, values, unit } = of;
  const label = { color: faint, fontSize: 12 };
  return {
    xAxis: {
      type: "value",
      min: range.from,
      max: range.to,
      axisLine: { show: true, onZero: false, lineStyle: { color: zeroLine } },
      axisTick: { show: true, customValues: [...axis.ticks], lineStyle: { color: zeroLine } },
      axisLabel: { ...label, customValues: [...axis.ticks], formatter: (at: number) => axis.label(at) },
      splitLine: { show: false },
    },
    yAxis: {
      type: "value",
      min: values.min,
      max: values.max,
      interval: values.step,
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { ...label, formatter: (value: number) => showTick(value, values, unit) },
      splitLine: { lineStyle: { color: rule } },
    },
  };
}
