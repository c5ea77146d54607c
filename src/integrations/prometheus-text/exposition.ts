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
 * Names in quotes, which need a newer syntax, are left out. Undefined when it is no exposition: a line that is neither a
 * comment nor a sample, or no sample at all.
 */
export function parseExposition(text: string): Exposition | undefined {
  const families = new Map<string, Series[]>();
  let lines = 0;
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf("\n", start);
    const end = found < 0 ? text.length : found;
    const line = text.slice(start, end).trim();
    start = end + 1;
    lines += 1;
    if (lines > maxLines) return undefined;
    if (line === "" || line.startsWith("#") || quotedName.test(line)) continue;
    const sample = readLine(line);
    if (!sample) return undefined;
    const known = families.get(sample.name);
    if (known) known.push(sample.series);
    else families.set(sample.name, [sample.series]);
  }
  return families.size > 0 ? families : undefined;
}

const quotedName = /^\{\s*"/;
const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const noLabels: Readonly<Record<string, string>> = Object.freeze(Object.create(null));

function readLine(line: string): { name: string; series: Series } | undefined {
  const named = name.exec(line)?.[0];
  if (named === undefined) return undefined;
  const after = skipBlanks(line, named.length);
  const labelled = line[after] === "{" ? readLabels(line, after + 1) : { labels: noLabels, end: after };
  if (!labelled) return undefined;
  const value = readNumber(line.slice(labelled.end).trimStart().split(/\s/, 1)[0] ?? "");
  return value === undefined ? undefined : { name: named, series: { labels: labelled.labels, value } };
}

function readLabels(line: string, start: number): { labels: Record<string, string>; end: number } | undefined {
  const labels: Record<string, string> = Object.create(null);
  const label = /([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*,?/y;
  let at = skipBlanks(line, start);
  while (line[at] !== "}") {
    label.lastIndex = at;
    const found = label.exec(line);
    if (!found) return undefined;
    labels[found[1] ?? ""] = (found[2] ?? "").replaceAll(/\\([\\"n])/g, (_, escaped: string) =>
      escaped === "n" ? "\n" : escaped,
    );
    at = skipBlanks(line, label.lastIndex);
  }
  return { labels, end: at + 1 };
}

function skipBlanks(line: string, start: number): number {
  let at = start;
  while (line[at] === " " || line[at] === "\t") at += 1;
  return at;
}

function readNumber(text: string): number | undefined {
  if (/^\+?inf(?:inity)?$/i.test(text)) return Number.POSITIVE_INFINITY;
  if (/^-inf(?:inity)?$/i.test(text)) return Number.NEGATIVE_INFINITY;
  if (/^[+-]?nan$/i.test(text)) return Number.NaN;
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}
