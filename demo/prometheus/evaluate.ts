import { histogramQuantile } from "../../src/integrations/prometheus-text/quantile.ts";
import { type KeptSeries, type Labels, labelKey, pointsIn, type Samples, valueAt } from "./samples.ts";
import { allLabels, comparisons, type Expression, type Grouping, QueryFault, setOperators } from "./syntax.ts";

/** A value of one series at the moment that is asked about. */
export interface Valued {
  readonly labels: Labels;
  readonly value: number;
}

export type Result =
  | { readonly kind: "scalar"; readonly value: number }
  | { readonly kind: "vector"; readonly series: readonly Valued[] }
  | { readonly kind: "range"; readonly series: readonly KeptSeries[]; readonly rangeMs: number };

/** A sample is the value of its series for so long, as in Prometheus. */
const lookbackMs = 300_000;

/** Evaluates a query at a moment (ms). Throws QueryFault for what does not fit together. */
export function evaluatePromql(expression: Expression, samples: Samples, at: number): Result {
  const again = (each: Expression): Result => evaluatePromql(each, samples, at);
  switch (expression.kind) {
    case "number":
      return { kind: "scalar", value: expression.value };
    case "selector":
      return select(expression, samples, at);
    case "call":
      return call(expression, again, at);
    case "aggregate":
      return vector(aggregate(expression, seriesOf(again(expression.of), expression, "aggregation expression")));
    case "binary":
      return binary(expression, again(expression.left), again(expression.right));
  }
}

function vector(series: readonly Valued[]): Result {
  return { kind: "vector", series };
}

function select(
  { matchers, rangeMs }: Extract<Expression, { kind: "selector" }>,
  samples: Samples,
  at: number,
): Result {
  const series = samples.select(matchers);
  if (rangeMs !== undefined) return { kind: "range", series, rangeMs };
  return vector(
    series.flatMap((each) => {
      const value = valueAt(each, at, lookbackMs);
      return value === undefined ? [] : [{ labels: each.labels, value }];
    }),
  );
}

type Call = Extract<Expression, { kind: "call" }>;

function call(asked: Call, again: (each: Expression) => Result, at: number): Result {
  const { name, args } = asked;
  const [first, second] = args;
  const wanted = name === "histogram_quantile" ? 2 : 1;
  if (!first || args.length !== wanted)
    throw new QueryFault(
      `expected ${wanted} argument(s) in call to ${JSON.stringify(name)}, got ${args.length}`,
      asked.at,
    );
  switch (name) {
    case "vector":
      return vector([{ labels: {}, value: numberIn(again(first), asked) }]);
    case "histogram_quantile":
      return vector(
        quantiles(
          numberIn(again(first), asked),
          seriesOf(second && again(second), asked, `call to function "${name}"`),
        ),
      );
    default:
      return vector(rates(again(first), { asked, at, isRate: name === "rate" }));
  }
}

function rates(given: Result, { asked, at, isRate }: { asked: Call; at: number; isRate: boolean }): Valued[] {
  if (given.kind !== "range")
    throw new QueryFault(
      `expected type range vector in call to function "${asked.name}", got ${given.kind === "vector" ? "instant vector" : given.kind}`,
      asked.at,
    );
  const { series, rangeMs } = given;
  return series.flatMap((each) => {
    const increase = increaseOver(pointsIn(each, at - rangeMs, at), { from: at - rangeMs, to: at });
    if (increase === undefined) return [];
    return [{ labels: withoutName(each.labels), value: isRate ? increase / (rangeMs / 1_000) : increase }];
  });
}

/**
 * How much a counter grew in a window, as Prometheus has it: across restarts, and beyond the first and last sample as far as
 * the window reaches or half of the usual distance of two samples, but never to below zero.
 */
function increaseOver(
  points: readonly { readonly at: number; readonly value: number }[],
  window: { readonly from: number; readonly to: number },
): number | undefined {
  const [first] = points;
  const last = points.at(-1);
  if (!first || !last || points.length < 2) return undefined;
  const grown = points.slice(1).reduce((sum, { value }, index) => {
    const before = points[index]?.value ?? 0;
    return value < before ? sum + before : sum;
  }, last.value - first.value);
  const sampledMs = last.at - first.at;
  const apartMs = sampledMs / (points.length - 1);
  const mostMs = apartMs * 1.1;
  const zeroMs = grown > 0 && first.value >= 0 ? sampledMs * (first.value / grown) : Number.POSITIVE_INFINITY;
  const startMs = Math.min(first.at - window.from, zeroMs);
  const endMs = window.to - last.at;
  const reachedMs = sampledMs + (startMs < mostMs ? startMs : apartMs / 2) + (endMs < mostMs ? endMs : apartMs / 2);
  return grown * (reachedMs / sampledMs);
}

function quantiles(quantile: number, series: readonly Valued[]): Valued[] {
  const bucketed = series.filter(({ labels }) => labels["le"] !== undefined);
  return grouped(bucketed, { keeps: false, labels: ["le", "__name__"] }).map(({ labels, members }) => ({
    labels,
    value: quantileOf(quantile, members),
  }));
}

/** Where nothing was counted it is no number, as in Prometheus; in the open bucket it is the highest bound. */
function quantileOf(quantile: number, members: readonly Valued[]): number {
  const buckets = members.map(({ labels, value }) => ({ le: boundOf(labels["le"] ?? ""), count: value }));
  const found = histogramQuantile(quantile, buckets);
  return found.known ? found.value : Number.NaN;
}

function boundOf(text: string): number {
  return text === "+Inf" ? Number.POSITIVE_INFINITY : Number(text);
}

function aggregate(
  { operation, grouping }: Extract<Expression, { kind: "aggregate" }>,
  series: readonly Valued[],
): Valued[] {
  return grouped(series, grouping).map(({ labels, members }) => {
    const values = members.map(({ value }) => value);
    const sum = values.reduce((total, value) => total + value, 0);
    const results: Readonly<Record<string, number>> = {
      sum,
      avg: sum / values.length,
      max: Math.max(...values),
      min: Math.min(...values),
      count: values.length,
    };
    return { labels, value: results[operation] ?? Number.NaN };
  });
}

function grouped(
  series: readonly Valued[],
  grouping: Grouping,
): { readonly labels: Labels; readonly members: readonly Valued[] }[] {
  const groups = new Map<string, { labels: Labels; members: Valued[] }>();
  for (const each of series) {
    const labels = labelsFor(each.labels, grouping);
    const key = labelKey(labels);
    const group = groups.get(key);
    if (group) group.members.push(each);
    else groups.set(key, { labels, members: [each] });
  }
  return [...groups.values()];
}

/** Of a series' labels those that count; its name is never among them. */
function labelsFor(labels: Labels, { keeps, labels: named }: Grouping): Labels {
  return Object.fromEntries(
    Object.entries(labels).filter(([name]) => name !== "__name__" && named.includes(name) === keeps),
  );
}

function withoutName(labels: Labels): Labels {
  return labelsFor(labels, allLabels);
}

type Binary = Extract<Expression, { kind: "binary" }>;

function binary(asked: Binary, left: Result, right: Result): Result {
  if (left.kind === "range" || right.kind === "range")
    throw new QueryFault("binary expression must contain only scalar and instant vector types", asked.at);
  if (setOperators.has(asked.operator)) {
    if (left.kind === "scalar" || right.kind === "scalar")
      throw new QueryFault(
        `set operator ${JSON.stringify(asked.operator)} not allowed in binary scalar expression`,
        asked.at,
      );
    return vector(combined(asked, left.series, right.series));
  }
  if (left.kind === "scalar" && right.kind === "scalar") {
    if (comparisons.has(asked.operator) && !asked.bool)
      throw new QueryFault("comparisons between scalars must use BOOL modifier", asked.at);
    return { kind: "scalar", value: computed(asked.operator, left.value, right.value) };
  }
  if (left.kind === "scalar" && right.kind === "vector")
    return vector(right.series.flatMap((each) => outcome(asked, { of: each, left: left.value, right: each.value })));
  if (left.kind === "vector" && right.kind === "scalar")
    return vector(left.series.flatMap((each) => outcome(asked, { of: each, left: each.value, right: right.value })));
  return vector(left.kind === "vector" && right.kind === "vector" ? paired(asked, left.series, right.series) : []);
}

/** Each series of one side with the one of the other that has the same labels. Throws QueryFault where there are several. */
function paired(asked: Binary, left: readonly Valued[], right: readonly Valued[]): Valued[] {
  const other = new Map(right.map((each) => [labelKey(labelsFor(each.labels, asked.matching)), each]));
  const seen = new Set<string>();
  if (other.size < right.length)
    throw new QueryFault(
      "found duplicate series for the match group on the right hand-side of the operation",
      asked.at,
    );
  return left.flatMap((each) => {
    const labels = labelsFor(each.labels, asked.matching);
    const key = labelKey(labels);
    const partner = other.get(key);
    if (!partner) return [];
    if (seen.has(key))
      throw new QueryFault("multiple matches for labels: many-to-one matching must be explicit", asked.at);
    seen.add(key);
    const of = comparisons.has(asked.operator) && !asked.bool ? each : { labels, value: each.value };
    return outcome(asked, { of, left: each.value, right: partner.value });
  });
}

/** A comparison keeps the series where it holds; with `bool`, and for everything else, the series has what is computed. */
function outcome(
  { operator, bool }: Binary,
  { of, left, right }: { readonly of: Valued; readonly left: number; readonly right: number },
): Valued[] {
  const value = computed(operator, left, right);
  if (comparisons.has(operator) && !bool) return value === 1 ? [of] : [];
  return [{ labels: withoutName(of.labels), value }];
}

function computed(operator: string, left: number, right: number): number {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return left / right;
    case "%":
      return left % right;
    case "^":
      return left ** right;
    case "==":
      return Number(left === right);
    case "!=":
      return Number(left !== right);
    case "<":
      return Number(left < right);
    case ">":
      return Number(left > right);
    case "<=":
      return Number(left <= right);
    case ">=":
      return Number(left >= right);
    default:
      throw new QueryFault(`unexpected ${JSON.stringify(operator)}`, 1);
  }
}

function combined({ operator, matching }: Binary, left: readonly Valued[], right: readonly Valued[]): Valued[] {
  const keyOf = ({ labels }: Valued): string => labelKey(labelsFor(labels, matching));
  const [ours, theirs] = [new Set(left.map(keyOf)), new Set(right.map(keyOf))];
  switch (operator) {
    case "and":
      return left.filter((each) => theirs.has(keyOf(each)));
    case "unless":
      return left.filter((each) => !theirs.has(keyOf(each)));
    default:
      return [...left, ...right.filter((each) => !ours.has(keyOf(each)))];
  }
}

function numberIn(given: Result, { name, at }: Call): number {
  if (given.kind === "scalar") return given.value;
  throw new QueryFault(`expected type scalar in call to function "${name}", got ${given.kind}`, at);
}

function seriesOf(given: Result | undefined, { at }: Expression, where: string): readonly Valued[] {
  if (given?.kind === "vector") return given.series;
  const got = given?.kind === "range" ? "range vector" : "scalar";
  throw new QueryFault(`expected type instant vector in ${where}, got ${got}`, at);
}
