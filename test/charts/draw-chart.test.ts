import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { drawChart } from "../../src/charts/draw-chart.ts";
import type { ChartSpec } from "../../src/domain/messages/chart.ts";
import { from, samplesOf, specOf, to } from "./chart-spec.ts";
import { decode, type Picture } from "./picture.ts";

const blue = "#2563eb";
const amber = "#b45309";
const red = "#dc2626";

const drawn = (changes: Partial<ChartSpec> = {}): Promise<Picture> => decode(drawChart(specOf(changes)));

/** The row with most of a colour: where a level line lies. */
function levelOf(picture: Picture, colour: string): number {
  const rows = picture.rows(colour);
  return rows.indexOf(Math.max(...rows));
}

describe("a drawn chart", () => {
  it("has the line, each threshold in its colour, and lies between them as the values do", async () => {
    const picture = await drawn({
      thresholds: [
        { label: "warn", value: 100, tone: "warning" },
        { label: "critical", value: 150, tone: "bad" },
      ],
    });
    expect(Math.max(...picture.rows(blue))).toBeGreaterThan(1_000);
    // Dashed: over the width of the plot, but not in every pixel.
    for (const colour of [amber, red]) expect(Math.max(...picture.rows(colour))).toBeGreaterThan(500);
    const [line, warn, critical] = [levelOf(picture, blue), levelOf(picture, amber), levelOf(picture, red)];
    expect(critical).toBeLessThan(warn);
    expect(warn).toBeLessThan(line);
    // Equal steps of the value are equal steps of the picture.
    expect(Math.abs(line - warn - (warn - critical))).toBeLessThanOrEqual(4);
  });

  it("leaves a gap where samples are missing", async () => {
    const whole = await drawn();
    const broken = await drawn({
      series: [{ name: "p95", samples: samplesOf(120, () => 50).filter((_, index) => index < 40 || index > 80) }],
    });
    const empty = (picture: Picture) =>
      picture
        .columns(blue)
        .slice(200, 1_300)
        .filter((count) => count === 0).length;
    expect(empty(whole)).toBe(0);
    expect(empty(broken)).toBeGreaterThan(350);
  });

  it("bridges a single missing sample", async () => {
    const picture = await drawn({
      series: [{ name: "p95", samples: samplesOf(120, () => 50).filter((_, index) => index !== 60) }],
    });
    expect(
      picture
        .columns(blue)
        .slice(200, 1_300)
        .filter((count) => count === 0),
    ).toEqual([]);
  });

  it("marks the newest value with a dot and words", async () => {
    const picture = await drawn({ series: [{ name: "p95", samples: samplesOf(60, () => 50) }] });
    const columns = picture.columns(blue);
    // The dot is the highest mark in the line's colour at the plot's right edge, the words stand right of it.
    const edge = columns.findLastIndex((count) => count >= 10);
    expect(edge).toBeGreaterThan(1_400);
    const shifted = await drawn({ series: [{ name: "p95", samples: samplesOf(60, () => 50).slice(0, 30) }] });
    expect(
      shifted
        .columns(blue)
        .slice(1_300)
        .every((count) => count === 0),
    ).toBe(true);
  });

  it("shows a single sample, and samples alone between gaps", async () => {
    const one = await drawn({ series: [{ name: "p95", samples: [{ at: from + 1_800_000, value: 50 }] }] });
    expect(one.rows(blue).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(100);
    const alone = await drawn({
      series: [{ name: "p95", samples: [...samplesOf(20, () => 50), { at: from + 600_000, value: 50 }] }],
    });
    expect(Math.max(...alone.columns(blue).slice(200, 600))).toBeGreaterThan(5);
  });

  it("says so when there is nothing to show", async () => {
    const picture = await drawn({ series: [{ name: "p95", samples: [] }] });
    expect(Math.max(...picture.rows(blue))).toBe(0);
    expect(
      picture
        .rows("#6b7280")
        .slice(350, 500)
        .some((count) => count > 20),
    ).toBe(true);
    expect(Math.max(...picture.rows(amber))).toBeGreaterThan(500);
  });

  it("keeps a peak of one sample among many", async () => {
    const samples = Array.from({ length: 100_000 }, (_, index) => ({
      at: from + index * 36,
      value: index === 33_333 ? 500 : 50 + (index % 7),
    }));
    const picture = await drawn({ series: [{ name: "p95", samples }], thresholds: [] });
    const rows = picture.rows(blue);
    const top = rows.findIndex((count) => count > 0);
    expect(levelOf(picture, blue) - top).toBeGreaterThan(350);
  });

  it("draws every series in a colour of its own", async () => {
    const series = ["a", "b", "c"].map((name, index) => ({ name, samples: samplesOf(120, () => 20 + index * 20) }));
    const picture = await drawn({ series });
    for (const colour of [blue, "#0f766e", "#7c3aed"]) expect(Math.max(...picture.rows(colour))).toBeGreaterThan(900);
  });

  it("takes odd input without failing", async () => {
    const odd: Partial<ChartSpec>[] = [
      { from: to, to },
      { from: to, to: from },
      { timezone: "Mars/Olympus" },
      { title: "\u202E\0".repeat(500), unit: "\n" },
      { series: [] },
      {
        series: [
          { name: "x", samples: samplesOf(9, (index) => [Number.NaN, Number.POSITIVE_INFINITY, 1][index % 3] ?? 0) },
        ],
      },
      { series: [{ name: "x", samples: samplesOf(9, (index) => (index - 4) * 1e300) }] },
      { series: [{ name: "x", samples: samplesOf(9, () => -1e-9) }], thresholds: [] },
      { thresholds: [{ label: "x", value: Number.NaN, tone: "bad" }] },
      { series: Array.from({ length: 40 }, (_, index) => ({ name: `s${index}`, samples: samplesOf(3, () => index) })) },
    ];
    for (const changes of odd) expect(await drawn(changes)).toMatchObject({ width: 1600, height: 800 });
  });

  it("brings its own letters, for machines without any font", async () => {
    const module = new URL("../../src/charts/draw-chart.ts", import.meta.url);
    const script = `
      await import(${JSON.stringify(module.href)});
      const { GlobalFonts } = await import("@napi-rs/canvas");
      console.log(JSON.stringify(GlobalFonts.families.map(({ family }) => family)));
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
      env: { DISABLE_SYSTEM_FONTS_LOAD: "1" },
    });
    expect(JSON.parse(stdout)).toEqual(
      expect.arrayContaining(
        ["latin", "latin-ext", "greek", "cyrillic", "cyrillic-ext", "vietnamese"].map(
          (alphabet) => `Inter ${alphabet}`,
        ),
      ),
    );
    const ink = (picture: Picture) =>
      picture
        .rows("#111827")
        .slice(20, 80)
        .reduce((sum, count) => sum + count, 0);
    expect(ink(await drawn({ title: "Ärger Ωλ Привет" }))).toBeGreaterThan(ink(await drawn({ title: "Ärger" })));
  });
});
