/** A value with its unit as people read it on a chart: `95 ms`, `1.2 k`, `3.4 MiB`, `-1.2 k USD`. Three digits that count. */
export function figure(value: number, unit = ""): string {
  if (!Number.isFinite(value)) return "unknown";
  const size = Math.abs(value);
  if (unit === "ms" && size >= 10_000) return figure(value / 1_000, "s");
  if (unit === "s" && size > 0 && size < 1) return figure(value * 1_000, "ms");
  if (isBinary(unit)) return scaled(value, { step: 1_024, names: binaryNames });
  const names = ["", "k", "M", "bn", "tn"].map((name) => [name, unit].filter((word) => word !== "").join(" "));
  return scaled(value, { step: 1_000, names });
}

export function isBinary(unit: string): boolean {
  return unit === "B" || unit === "bytes";
}

/** A figure beside a grid line: all of an axis in one scale, with just the decimals that tell its lines apart. */
export function showTick(
  value: number,
  axis: { readonly min: number; readonly max: number; readonly step: number },
  unit: string,
): string {
  const binary = isBinary(unit);
  const base = binary ? 1_024 : 1_000;
  const names = binary ? binaryNames : ["", "k", "M", "bn", "tn"];
  const size = Math.max(Math.abs(axis.min), Math.abs(axis.max));
  // Four digits are read as quickly as one with a letter behind it.
  const power = size < 10_000 && !binary ? 0 : Math.min(names.length - 1, Math.floor(Math.log(size) / Math.log(base)));
  const divisor = base ** Math.max(0, power);
  const step = axis.step / divisor;
  const decimals =
    [0, 1, 2, 3, 4, 5, 6].find((places) => Math.abs(step * 10 ** places - Math.round(step * 10 ** places)) < 1e-6) ?? 6;
  const text = (value / divisor).toLocaleString("en-GB", {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  if (Number(text) === 0) return "0";
  return [text.replace("-", "−"), names[Math.max(0, power)] ?? "", binary ? "" : unit]
    .filter((word) => word !== "")
    .join(" ");
}

const binaryNames = ["B", "KiB", "MiB", "GiB", "TiB"];

function scaled(value: number, scale: { readonly step: number; readonly names: readonly string[] }): string {
  let left = value;
  let index = 0;
  // Judged as it will be shown: 999.9 becomes 1 k, never 1000.
  while (Math.abs(Number(left.toPrecision(3))) >= scale.step && index < scale.names.length - 1) {
    left /= scale.step;
    index += 1;
  }
  return `${digits(left)} ${scale.names[index] ?? ""}`.trimEnd();
}

function digits(value: number): string {
  const rounded = Number(value.toPrecision(Math.abs(value) >= 1_000 ? 4 : 3));
  const text = Math.abs(rounded) > 0 && Math.abs(rounded) < 0.0001 ? rounded.toExponential() : String(rounded);
  return text.replace("-", "−");
}
