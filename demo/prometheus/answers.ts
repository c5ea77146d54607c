import type { Answer, Call } from "../service.ts";
import { evaluatePromql, type Result, type Valued } from "./evaluate.ts";
import { type Labels, labelKey, pointsIn, type Samples } from "./samples.ts";
import { durationMs, type Expression, parsePromql, QueryFault } from "./syntax.ts";

/** A series still has the value it was last scraped with so long ago, as Prometheus has it. */
const lookBackMs = 5 * 60_000;

/** As Prometheus itself allows. */
const mostPoints = 11_000;

export function success(data: unknown): Answer {
  return { status: 200, body: { status: "success", data } };
}

/** What is wrong with what was asked, in the form of Prometheus. */
export function badData(error: string): Answer {
  return { status: 400, body: { status: "error", errorType: "bad_data", error } };
}

/** Runs what reads a query; what that query has wrong becomes an answer. */
export function answered(run: () => Answer): Answer {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof QueryFault)) throw error;
    return badData(`invalid parameter "query": 1:${error.at}: parse error: ${error.message}`);
  }
}

/** The earliest moment (ms) that a query asks about; now of what is none. */
export function earliestAsked({ parameters }: Call, now: number): number {
  const ranges = [...(parameters.get("query") ?? "").matchAll(/\[([^\]]*)\]/g)].map(([, text = ""]) =>
    durationMs(text),
  );
  const from = moment(parameters.get("start") ?? parameters.get("time"), now) ?? now;
  return from - Math.max(lookBackMs, ...ranges);
}

/** `/api/v1/query`. */
export function answerQuery({ parameters }: Call, samples: Samples, now: number): Answer {
  const at = moment(parameters.get("time"), now);
  if (at === undefined)
    return badData(`invalid parameter "time": cannot parse ${JSON.stringify(parameters.get("time"))}`);
  return answered(() => {
    const result = evaluatePromql(parsePromql(parameters.get("query") ?? ""), samples, at);
    return success(resultData(result, at));
  });
}

/** `/api/v1/query_range`. */
export function answerRange({ parameters }: Call, samples: Samples): Answer {
  const [start, end] = ["start", "end"].map((name) => moment(parameters.get(name), undefined));
  const stepMs = Number(parameters.get("step")) * 1_000;
  if (start === undefined || end === undefined || !(stepMs > 0))
    return badData(
      'invalid parameter "start", "end" or "step": give seconds since 1970, and seconds between two points',
    );
  if (end < start) return badData('invalid parameter "end": end timestamp must not be before start time');
  if ((end - start) / stepMs > mostPoints)
    return badData(
      "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)",
    );
  return answered(() => {
    const expression = parsePromql(parameters.get("query") ?? "");
    return success({ resultType: "matrix", result: course(expression, samples, { start, end, stepMs }) });
  });
}

function course(
  expression: Expression,
  samples: Samples,
  { start, end, stepMs }: { readonly start: number; readonly end: number; readonly stepMs: number },
): unknown[] {
  const lines = new Map<string, { metric: Labels; values: [number, string][] }>();
  for (let at = start; at <= end; at += stepMs) {
    for (const { labels, value } of valuesOf(evaluatePromql(expression, samples, at), expression)) {
      const key = labelKey(labels);
      const line = lines.get(key) ?? { metric: labels, values: [] };
      lines.set(key, line);
      line.values.push([at / 1_000, shown(value)]);
    }
  }
  return [...lines.values()];
}

function valuesOf(result: Result, { at }: Expression): readonly Valued[] {
  if (result.kind === "vector") return result.series;
  if (result.kind === "scalar") return [{ labels: {}, value: result.value }];
  throw new QueryFault('invalid expression type "range vector" for range query, must be Scalar or instant Vector', at);
}

function resultData(result: Result, at: number): object {
  const point = (value: number): [number, string] => [at / 1_000, shown(value)];
  switch (result.kind) {
    case "scalar":
      return { resultType: "scalar", result: point(result.value) };
    case "vector":
      return {
        resultType: "vector",
        result: result.series.map(({ labels, value }) => ({ metric: labels, value: point(value) })),
      };
    case "range":
      return {
        resultType: "matrix",
        result: result.series.map((series) => ({
          metric: series.labels,
          values: pointsIn(series, at - result.rangeMs, at).map((each) => [each.at / 1_000, shown(each.value)]),
        })),
      };
  }
}

/** JSON has no NaN and no infinity: numbers are texts. */
function shown(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  return value === Number.NEGATIVE_INFINITY ? "-Inf" : String(value);
}

/** Seconds since 1970, or a time as RFC 3339 has it; undefined for what is neither. */
function moment(text: string | null, missing: number | undefined): number | undefined {
  if (text === null || text === "") return missing;
  const seconds = Number(text);
  const at = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

/** `/api/v1/series`: the labels of what `match[]` selects. */
export function answerSeries({ parameters }: Call, samples: Samples): Answer {
  const selectors = parameters.getAll("match[]");
  if (selectors.length === 0) return badData("no match[] parameter provided");
  return answered(() => {
    const found = selectors.flatMap((selector) => {
      const expression = parsePromql(selector);
      if (expression.kind !== "selector") throw new QueryFault("expected a selector", expression.at);
      return samples.select(expression.matchers).map(({ labels }) => labels);
    });
    return success([...new Map(found.map((labels) => [labelKey(labels), labels])).values()]);
  });
}

/** `/api/v1/labels`. */
export function answerLabels(samples: Samples): Answer {
  return success([...new Set(samples.all().flatMap(({ labels }) => Object.keys(labels)))].toSorted());
}
