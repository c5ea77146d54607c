import type { EChartsOption, GraphicComponentOption } from "echarts";
import type { DigestPicture } from "../domain/messages/digest-picture.ts";
import { axesOf } from "./axes.ts";
import { stretches, thinned, valueRange } from "./chart-lines.ts";
import { figure, isBinary } from "./figure.ts";
import { colours, drawnText, faint, ink, limitColours, paper, rule, width } from "./style.ts";
import { type TimeAxis, timeAxis } from "./time-axis.ts";

const left = 190;
const right = 40;
const header = 64;
const partTitle = 26;
const curveHeight = 180;
const axisHeight = 30;
const rowHeight = 24;
const gap = 22;
const pointsMax = 1_200;
/** Rows of a part that are told apart on a phone. */
const mostRows = 8;
const nameMax = 26;

/** How high the picture is: what is missing takes no room. */
export function digestHeight({ curve, strip, budget }: DigestPicture): number {
  return header + curveRoom(curve) + stripRoom(strip) + budgetRoom(budget);
}

function curveRoom(curve: DigestPicture["curve"]): number {
  return curve ? partTitle + curveHeight + axisHeight + gap : 0;
}

function stripRoom(strip: DigestPicture["strip"]): number {
  return strip ? partTitle + Math.min(strip.rows.length, mostRows) * rowHeight + axisHeight + gap : 0;
}

function budgetRoom(budget: DigestPicture["budget"]): number {
  return budget ? partTitle + Math.min(budget.rows.length, mostRows) * rowHeight + gap : 0;
}

/** What to draw, in the words of the chart library: the course above, what happened when below it, and the limits last. */
export function digestOptions(picture: DigestPicture, font: string): EChartsOption {
  const { curve, strip, budget } = picture;
  const axis = timeAxis(picture, picture.timezone);
  const stripTop = header + curveRoom(curve);
  const budgetTop = stripTop + stripRoom(strip);
  const write = writer(font);
  return {
    animation: false,
    backgroundColor: paper,
    textStyle: { fontFamily: font, color: ink },
    ...(curve && curveOptions(curve, picture, axis)),
    graphic: [
      write(drawnText(picture.title), { x: 20, y: 18, size: 18, bold: true }),
      write(`${axis.moment(picture.from)} to ${axis.moment(picture.to)}  ·  ${axis.zone}`, {
        x: 20,
        y: 42,
        colour: faint,
      }),
      ...(curve ? [write(curveTitle(curve, axis), { x: 20, y: header, bold: true })] : []),
      ...(strip ? stripOf(strip, { picture, axis, top: stripTop, write }) : []),
      ...(budget ? budgetOf(budget, budgetTop, write) : []),
    ],
  };
}

interface Written {
  readonly x: number;
  readonly y: number;
  readonly size?: number;
  readonly bold?: boolean;
  readonly colour?: string;
  readonly align?: "left" | "right" | "center";
}

type Write = (text: string, at: Written) => GraphicComponentOption;

function writer(font: string): Write {
  return (text, { x, y, size = 12, bold = false, colour = ink, align = "left" }) => ({
    type: "text",
    style: { text, x, y, fill: colour, font: `${bold ? "600 " : ""}${size}px ${font}`, align },
    z: 10,
  });
}

function box(
  at: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  fill: string,
) {
  return { type: "rect" as const, shape: { ...at, r: 2 }, style: { fill }, z: 5 };
}

function curveTitle({ title, unit, samples }: NonNullable<DigestPicture["curve"]>, axis: TimeAxis): string {
  const known = samples.filter(({ value }) => Number.isFinite(value));
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last) return `${drawnText(title)}: not known`;
  const change = last.value - first.value;
  return `${drawnText(title)}: ${figure(last.value, drawnText(unit))}, ${change > 0 ? "+" : ""}${figure(change, drawnText(unit))} since ${axis.moment(first.at)}`;
}

function curveOptions(
  { unit, samples }: NonNullable<DigestPicture["curve"]>,
  picture: DigestPicture,
  axis: TimeAxis,
): EChartsOption {
  const lines = thinned(stretches(samples.filter(({ at }) => at >= picture.from && at <= picture.to)), pointsMax);
  const values = valueRange(
    lines.flat().map(({ value }) => value),
    isBinary(unit) ? 1_024 : 1_000,
  );
  return {
    grid: { left, right, top: header + partTitle, height: curveHeight },
    ...axesOf({ range: picture, axis, values, unit: isBinary(unit) ? unit : "" }),
    series: [
      {
        type: "line",
        data: lines.flatMap((line) => [
          ...line.map(({ at, value }) => [at, value]),
          [line.at(-1)?.at ?? 0, Number.NaN],
        ]),
        connectNulls: false,
        showSymbol: lines.every(({ length }) => length === 1),
        lineStyle: { color: colours[0] ?? ink, width: 2 },
        itemStyle: { color: colours[0] ?? ink },
      },
    ],
  };
}

interface Placed {
  readonly picture: DigestPicture;
  readonly axis: TimeAxis;
  readonly top: number;
  readonly write: Write;
}

function stripOf(
  { title, rows }: NonNullable<DigestPicture["strip"]>,
  { picture, axis, top, write }: Placed,
): GraphicComponentOption[] {
  const shown = rows.slice(0, mostRows);
  const most = Math.max(1, ...shown.flatMap(({ cells }) => cells.map((cell) => cell?.count ?? 0)));
  const room = width - left - right;
  const bottom = top + partTitle + shown.length * rowHeight;
  const across = (at: number): number => left + ((at - picture.from) / (picture.to - picture.from)) * room;
  return [
    write(drawnText(title), { x: 20, y: top, bold: true }),
    ...shown.flatMap(({ name, cells }, row) => {
      const y = top + partTitle + row * rowHeight;
      const each = room / Math.max(1, cells.length);
      return [
        write(shortName(name), { x: left - 10, y: y + 5, align: "right" }),
        ...cells.flatMap((cell, at) => {
          const place = { x: left + at * each + 1, y: y + 1, width: Math.max(1, each - 2), height: rowHeight - 4 };
          const isLegible = cell !== null && cell.count > 0 && each >= 16;
          const middle = {
            x: place.x + place.width / 2,
            y: y + 5,
            align: "center",
            colour: paper,
            bold: true,
          } as const;
          return [
            box(place, cell === null ? "#f3f4f6" : shade(cell, most)),
            ...(cell === null && each >= 16 ? [write("?", { ...middle, colour: faint, bold: false })] : []),
            ...(isLegible ? [write(`${cell.count}`, middle)] : []),
          ];
        }),
      ];
    }),
    ...axis.ticks.map((at) => write(axis.label(at), { x: across(at), y: bottom + 6, colour: faint, align: "center" })),
  ];
}

/** Darker is more; what nothing happened in is pale, what is not known is grey with a question mark. */
function shade(
  { count, tone }: { readonly count: number; readonly tone: "neutral" | "warning" | "bad" },
  most: number,
): string {
  if (count === 0) return "#ecfdf5";
  const part = count / most;
  const shades = {
    neutral: ["#64748b", "#475569", "#334155"],
    warning: ["#d97706", "#b45309", "#92400e"],
    bad: ["#ef4444", "#dc2626", "#991b1b"],
  }[tone];
  return shades[part > 0.66 ? 2 : part > 0.33 ? 1 : 0] ?? ink;
}

function budgetOf(
  { title, rows }: NonNullable<DigestPicture["budget"]>,
  top: number,
  write: Write,
): GraphicComponentOption[] {
  const shown = rows.slice(0, mostRows);
  const room = width - left - right - 170;
  // All of a limit stands at three quarters, so that what is past it is seen to be.
  const whole = room * 0.75;
  return [
    write(drawnText(title), { x: 20, y: top, bold: true }),
    ...shown.flatMap(({ name, used, words, tone }, row) => {
      const y = top + partTitle + row * rowHeight;
      const bar = { x: left, y: y + 3, height: rowHeight - 9 };
      return [
        write(shortName(name), { x: left - 10, y: y + 5, align: "right" }),
        box({ ...bar, width: whole }, rule),
        box(
          { ...bar, width: Math.max(1, Math.min(room, used * whole)) },
          tone === "neutral" ? (colours[1] ?? ink) : limitColours[tone],
        ),
        box({ x: left + whole - 1, y, width: 2, height: rowHeight - 3 }, ink),
        write(drawnText(words), {
          x: left + room + 10,
          y: y + 5,
          ...(tone !== "neutral" && { colour: limitColours[tone], bold: true }),
        }),
      ];
    }),
  ];
}

function shortName(name: string): string {
  const whole = drawnText(name);
  // What stands behind a comma explains what stands before it.
  const shown = whole.length > nameMax ? (whole.split(",")[0] ?? whole) : whole;
  return shown.length > nameMax ? `${shown.slice(0, nameMax - 1)}…` : shown;
}
