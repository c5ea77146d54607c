import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type Canvas, createCanvas, GlobalFonts } from "@napi-rs/canvas";
import type * as Echarts from "echarts";
import type { ChartSpec } from "../domain/messages/chart.ts";
import type { DigestPicture } from "../domain/messages/digest-picture.ts";
import { chartOptions, height } from "./chart-options.ts";
import { digestHeight, digestOptions } from "./digest-options.ts";
import { width } from "./style.ts";

const require = createRequire(import.meta.url);
/** The package's one file for `require` loads in a quarter of the time of its hundreds of modules. */
const echarts: typeof Echarts = require("echarts");

/** Twice the size it is shown at, for phones. */
const scale = 2;

/** Servers often have no font at all, and text without a font is not drawn. Each alphabet is a file, and a family, of its own. */
const fonts = join(dirname(require.resolve("@fontsource-variable/inter/package.json")), "files");
const families = ["latin", "latin-ext", "greek", "cyrillic", "cyrillic-ext", "vietnamese"].map((alphabet) => {
  GlobalFonts.registerFromPath(join(fonts, `inter-${alphabet}-wght-normal.woff2`), `Inter ${alphabet}`);
  return `"Inter ${alphabet}"`;
});
const font = [...families, '"Noto Sans"', '"DejaVu Sans"', '"Noto Color Emoji"', "sans-serif"].join(", ");

/** Without a way to measure, the library guesses the widths of texts, and they run into each other. */
const ruler = createCanvas(1, 1).getContext("2d");
const measure = (text: string, style: string): { width: number } => {
  ruler.font = style;
  return { width: ruler.measureText(text).width };
};
echarts.setPlatformAPI({ measureText: (text, style) => measure(text, style ?? `12px ${font}`) });

/** A PNG on a light ground: it must be read on a dark phone at night. Throws when the libraries cannot draw. */
export function drawChart(chart: ChartSpec): Uint8Array {
  return drawn(height, chartOptions(chart, { font, measure: (text) => measure(text, `600 13px ${font}`).width }));
}

/** A digest at a glance, as high as what it shows. */
export function drawDigest(picture: DigestPicture): Uint8Array {
  return drawn(digestHeight(picture), digestOptions(picture, font));
}

function drawn(high: number, options: Echarts.EChartsOption): Uint8Array {
  const canvas = createCanvas(width * scale, high * scale);
  if (!isDrawable(canvas)) throw new Error("the canvas cannot be drawn on");
  const drawing = echarts.init(canvas, null, { width, height: high, devicePixelRatio: scale });
  try {
    drawing.setOption(options);
    return canvas.toBuffer("image/png");
  } finally {
    drawing.dispose();
  }
}

/** The library's types know the browser's canvas only; what it does with one is draw. */
function isDrawable(canvas: unknown): canvas is HTMLElement & Canvas {
  return typeof canvas === "object" && canvas !== null && "getContext" in canvas;
}
