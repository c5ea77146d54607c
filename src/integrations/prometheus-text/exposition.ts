/** One line of an exposition. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** The moment the value is of, in ms since 1970, where its line says so. */
  readonly at?: number;
  /** Why the value, which is then NaN, is none. */
  readonly odd?: string;
}

/** Series by metric name. */
export type Exposition = ReadonlyMap<string, readonly Series[]>;

/** More lines than this are not an exposition anybody reads. */
const maxLines = 200_000;

/**
 * Reads Prometheus' text exposition: labels with escapes, `+Inf`, `NaN`, names in quotes, timestamps, and exemplars, which
 * are left aside. A composite value, as of a native histogram, is odd and spoils no other. Undefined when it is no
 * exposition: a line that is neither a comment nor a sample, or no sample at all.
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
    if (line === "" || line.startsWith("#")) continue;
    const sample = readLine(line);
    if (!sample) return undefined;
    const known = families.get(sample.name);
    if (known) known.push(sample.series);
    else families.set(sample.name, [sample.series]);
  }
  return families.size > 0 ? families : undefined;
}

const quotedName = /^\{\s*"((?:[^"\\]|\\.)*)"\s*(?:,|(?=\}))/;
/** A value of several parts: `{count:17,sum:324.5}`. */
const composite = /^\{\s*[a-z_]+\s*:.*\}/;
const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const noLabels: Readonly<Record<string, string>> = Object.freeze(Object.create(null));

function readLine(line: string): { name: string; series: Series } | undefined {
  const head = readHead(line);
  if (!head) return undefined;
  const { named, labels } = head;
  const rest = line.slice(head.end).trimStart();
  if (composite.test(rest))
    return { name: named, series: { labels, value: Number.NaN, odd: "is a native histogram, which has no one value" } };
  const [written = "", stamp = ""] = rest.split(/\s+/, 2);
  const value = readNumber(written);
  const at = stamp === "" || stamp.startsWith("#") ? undefined : readStamp(stamp);
  return value === undefined ? undefined : { name: named, series: { labels, value, ...(at !== undefined && { at }) } };
}

interface Head {
  readonly named: string;
  readonly labels: Series["labels"];
  readonly end: number;
}

/** Name and labels: `a{b="c"}`, or with names that take quotes `{"a.b",c="d"}`. */
function readHead(line: string): Head | undefined {
  const quoted = quotedName.exec(line);
  const named = quoted ? unescaped(quoted[1] ?? "") : name.exec(line)?.[0];
  if (named === undefined || named === "") return undefined;
  if (quoted) return withName(named, readLabels(line, quoted[0].length));
  const after = skipBlanks(line, named.length);
  const isLabelled = line[after] === "{" && !composite.test(line.slice(after));
  return withName(named, isLabelled ? readLabels(line, after + 1) : { labels: noLabels, end: after });
}

function withName(named: string, labelled: Omit<Head, "named"> | undefined): Head | undefined {
  return labelled && { named, ...labelled };
}

/** Milliseconds in Prometheus' own format, seconds in OpenMetrics: whatever is less than 1973 in ms is in seconds. */
function readStamp(text: string): number | undefined {
  const stamp = readNumber(text);
  if (stamp === undefined || !Number.isFinite(stamp)) return undefined;
  return stamp < 1e11 ? stamp * 1_000 : stamp;
}

function readLabels(line: string, start: number): { labels: Record<string, string>; end: number } | undefined {
  const labels: Record<string, string> = Object.create(null);
  const label = /([a-zA-Z_][a-zA-Z0-9_]*|"(?:[^"\\]|\\.)*")\s*=\s*"((?:[^"\\]|\\.)*)"\s*,?/y;
  let at = skipBlanks(line, start);
  while (line[at] !== "}") {
    label.lastIndex = at;
    const found = label.exec(line);
    if (!found) return undefined;
    const [, key = "", said = ""] = found;
    labels[key.startsWith('"') ? unescaped(key.slice(1, -1)) : key] = unescaped(said);
    at = skipBlanks(line, label.lastIndex);
  }
  return { labels, end: at + 1 };
}

function unescaped(text: string): string {
  return text.replaceAll(/\\([\\"n])/g, (_, escaped: string) => (escaped === "n" ? "\n" : escaped));
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
