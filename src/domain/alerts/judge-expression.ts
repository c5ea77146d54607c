import type { MissingInstances } from "../systems/metrics.ts";
import type { FailedReading } from "../systems/reading.ts";
import type { AlertExpression, ComparisonSign, SeriesNamed } from "./alert-expression.ts";
import { type AlertLabels, showLabels, unmetBy } from "./matcher.ts";

/** One number that the bot reads of a system, as a series of Prometheus. */
export interface OwnSeries {
  readonly name: string;
  readonly labels: AlertLabels;
  readonly reading: { readonly ok: true; readonly value: number } | FailedReading;
  /** The true value lies above the one that was read. */
  readonly isFloor?: boolean;
  readonly missing?: MissingInstances;
}

/** What an expression gives: series for which it holds, and what it could not be judged without. */
export interface ExpressionVerdict {
  readonly holds: readonly { readonly labels: AlertLabels; readonly value: number }[];
  readonly unread: readonly FailedReading[];
  readonly missing?: MissingInstances;
}

/** Judges an expression over what was read, as PromQL does. What was not read makes it neither true nor false. */
export function judgeExpression(expression: AlertExpression, all: readonly OwnSeries[]): ExpressionVerdict {
  switch (expression.kind) {
    case "compare":
      return compared(expression, seriesFor(expression.series, all));
    case "absent":
      return absent(expression.series, all);
    case "and":
      return both(judgeExpression(expression.left, all), judgeExpression(expression.right, all));
    case "or":
      return either(judgeExpression(expression.left, all), judgeExpression(expression.right, all));
    case "unless":
      return without(judgeExpression(expression.left, all), judgeExpression(expression.right, all));
  }
}

/** The series that are meant. */
export function seriesFor({ name, matchers }: SeriesNamed, all: readonly OwnSeries[]): readonly OwnSeries[] {
  return all.filter((each) => each.name === name && unmetBy(each.labels, matchers) === undefined);
}

function compared(
  { sign, limit }: Extract<AlertExpression, { kind: "compare" }>,
  series: readonly OwnSeries[],
): ExpressionVerdict {
  const judged = series.map((each) => ({ each, is: compare(each, sign, limit) }));
  const missing = series.find((each) => each.missing)?.missing;
  return {
    holds: judged.flatMap(({ each: { labels, reading }, is }) =>
      is === true && reading.ok ? [{ labels, value: reading.value }] : [],
    ),
    unread: judged.flatMap(({ is }) => (typeof is === "boolean" ? [] : [is])),
    ...(missing && { missing }),
  };
}

function compare(
  { reading, isFloor = false }: OwnSeries,
  sign: ComparisonSign,
  limit: number,
): boolean | FailedReading {
  if (!reading.ok) return reading;
  const { value } = reading;
  const is = holdsFor(value, sign, limit);
  // Of a floor only what a higher value would say as well is known.
  const isKnown = !isFloor || (sign.startsWith(">") ? is : sign.startsWith("<") && !is);
  if (isKnown) return is;
  const detail = `it is more than ${value}, and how much more cannot be told`;
  return { ok: false, fault: "missing", detail, at: 0, latencyMs: 0 };
}

function holdsFor(value: number, sign: ComparisonSign, limit: number): boolean {
  switch (sign) {
    case ">":
      return value > limit;
    case ">=":
      return value >= limit;
    case "<":
      return value < limit;
    case "<=":
      return value <= limit;
    case "==":
      return value === limit;
    case "!=":
      return value !== limit;
  }
}

/** What cannot be read is not there, but for what is only not known yet. */
function absent(named: SeriesNamed, all: readonly OwnSeries[]): ExpressionVerdict {
  const series = seriesFor(named, all);
  if (series.some(({ reading }) => reading.ok)) return { holds: [], unread: [] };
  const soon = series.flatMap(({ reading }) => (!reading.ok && reading.againMs !== undefined ? [reading] : []));
  if (soon.length > 0) return { holds: [], unread: soon };
  const equal = named.matchers.filter(({ operator, value }) => operator === "=" && value !== "");
  return {
    holds: [{ labels: Object.fromEntries(equal.map(({ label, value }) => [label, value])), value: 1 }],
    unread: [],
  };
}

function both(left: ExpressionVerdict, right: ExpressionVerdict): ExpressionVerdict {
  const keys = keysOf(right);
  const holds = left.holds.filter(({ labels }) => keys.has(showLabels(labels)));
  const mayHold = (side: ExpressionVerdict) => side.holds.length > 0 || side.unread.length > 0;
  const isOpen = mayHold(left) && mayHold(right);
  return { ...missingIn(left, right), holds, unread: isOpen ? [...left.unread, ...right.unread] : [] };
}

function either(left: ExpressionVerdict, right: ExpressionVerdict): ExpressionVerdict {
  const keys = keysOf(left);
  const more = right.holds.filter(({ labels }) => !keys.has(showLabels(labels)));
  return {
    ...missingIn(left, right),
    holds: [...left.holds, ...more],
    unread: [...left.unread, ...right.unread],
  };
}

function without(left: ExpressionVerdict, right: ExpressionVerdict): ExpressionVerdict {
  const keys = keysOf(right);
  const holds = left.holds.filter(({ labels }) => !keys.has(showLabels(labels)));
  // What was not read may be what takes it away.
  if (right.unread.length > 0 && (holds.length > 0 || left.unread.length > 0))
    return { ...missingIn(left, right), holds: [], unread: [...left.unread, ...right.unread] };
  return { ...missingIn(left, right), holds, unread: left.unread };
}

function keysOf({ holds }: ExpressionVerdict): ReadonlySet<string> {
  return new Set(holds.map(({ labels }) => showLabels(labels)));
}

function missingIn(...sides: readonly ExpressionVerdict[]): Pick<ExpressionVerdict, "missing"> {
  const missing = sides.find((side) => side.missing)?.missing;
  return missing ? { missing } : {};
}
