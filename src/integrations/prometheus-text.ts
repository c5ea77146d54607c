/** One line of an exposition. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Series by metric name. */
export type Exposition = ReadonlyMap<string, readonly Series[]>;

/** More lines than this are not an exposition anybody reads. */
const maxLines = 200_000;

/**
 * Reads Prometheus' text exposition: labels with escapes, `+Inf`, `NaN`, timestamps and exemplars (both left aside).
 * Undefined when it is not one: a line that is neither a comment nor a sample, or no sample at all.
 */
export function parseExposition(text: string): Exposition | undefined {
  const families = new Map<string, Series[]>();
  const lines = text.split("\n");
  if (lines.length > maxLines) return undefined;
  for (const line of lines) {
    if (line === "" || line.startsWith("#") || line.trim() === "") continue;
    const sample = readLine(line);
    if (!sample) return undefined;
    const known = families.get(sample.name);
    if (known) known.push(sample.series);
    else families.set(sample.name, [sample.series]);
  }
  return families.size > 0 ? families : undefined;
}

const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;

function readLine(line: string): { name: string; series: Series } | undefined {
  const named = name.exec(line)?.[0];
  if (named === undefined) return undefined;
  const labelled = line[named.length] === "{" ? readLabels(line, named.length + 1) : { labels: {}, end: named.length };
  if (!labelled) return undefined;
  const value = readNumber(line.slice(labelled.end).trimStart().split(/\s/)[0] ?? "");
  return value === undefined ? undefined : { name: named, series: { labels: labelled.labels, value } };
}

function readLabels(line: string, start: number): { labels: Record<string, string>; end: number } | undefined {
  const labels: Record<string, string> = Object.create(null);
  const label = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*,?/y;
  let at = start;
  while (line[at] !== "}") {
    label.lastIndex = at;
    const found = label.exec(line);
    if (!found) return undefined;
    labels[found[1] ?? ""] = (found[2] ?? "").replaceAll(/\\(.)/g, (_, escaped: string) =>
      escaped === "n" ? "\n" : escaped,
    );
    at = label.lastIndex;
    while (line[at] === " ") at += 1;
  }
  return { labels, end: at + 1 };
}

function readNumber(text: string): number | undefined {
  if (/^[+]?Inf$/i.test(text)) return Number.POSITIVE_INFINITY;
  if (/^-Inf$/i.test(text)) return Number.NEGATIVE_INFINITY;
  if (text === "NaN") return Number.NaN;
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
}
