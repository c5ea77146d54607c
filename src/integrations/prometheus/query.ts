import { z } from "zod";
import { type Datum, numberOf } from "../../domain/systems/exact.ts";
import type { GivenValue, MetricSeries, Sample } from "../../domain/systems/metrics.ts";
import { argumentsIn } from "../../domain/systems/placeholders.ts";
import type { Look, Taken } from "../../domain/systems/reading.ts";
import { redact } from "../../domain/text/redact.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import type { Http } from "../wire/http.ts";
import { evaluate, fault, type Grid, type Labels, ofServer, type Point, seriesName } from "./server.ts";
import { unbalanced } from "./unbalanced.ts";

/** A longer one is no address that every proxy passes on. */
const longestQuery = 4_000;

/** An argument inside a query could widen what it asks: the query is fixed, and a condition picks out of what it gives. */
export const Query = z
  .string()
  .min(1)
  .max(longestQuery)
  .refine(
    (query) => argumentsIn(query).length === 0,
    "an argument does not go into a query: ask for all, by its label, and pick in a condition, as now[service]",
  )
  .refine((query) => unbalanced(query) === undefined, { error: ({ input }) => unbalanced(String(input)) ?? "" });

const OneNumber = ofServer({ query: Query });
export const PromqlMetric = z.strictObject({
  /** `lines`: what is drawn over time in place of the number's own course, as one line for each service. */
  prometheus: ofServer({ query: Query, lines: Query.optional() }),
});
export const PromqlFact = z.strictObject({
  /** With `label` the value of that label of the one series, as of `build_info`; else its number. */
  prometheus: ofServer({ query: Query, label: z.string().min(1).optional() }),
});
type PromqlMetric = z.output<typeof PromqlMetric>;
type PromqlFact = z.output<typeof PromqlFact>;

interface Series {
  readonly metric: Labels;
  readonly value: Point | undefined;
}

/** The one number that a query gives. No series, several, or no number is an error in words. Throws BackendError. */
export async function readValue(http: Http, { prometheus }: PromqlMetric, look: Look): Promise<GivenValue> {
  const { lines: _, ...asked } = prometheus;
  const { url, at, series } = await one(http, asked, look);
  return { value: numberIn(url, series), at };
}

/** The number of the one series that a query gives, or one of its labels. Throws BackendError. */
export async function readDatum(http: Http, { prometheus }: PromqlFact, look: Look): Promise<Taken<Datum>> {
  const { url, at, series } = await one(http, prometheus, look);
  const { label } = prometheus;
  if (label === undefined) return { value: numberIn(url, series), at };
  const value = Object.hasOwn(series.metric, label) ? series.metric[label] : undefined;
  if (value === undefined) throw fault(url, "nonsense", `gave a series without the label ${label}`);
  return { value, at };
}

async function one(
  http: Http,
  asked: z.output<typeof OneNumber>,
  look: Look,
): Promise<{ url: Endpoint; at: number; series: Series }> {
  const { url, at, series } = await seriesNow(http, asked, look);
  const [first] = series;
  if (first && series.length === 1) return { url, at, series: first };
  const some = series.slice(0, 3).map(({ metric }) => `{${seriesName(metric)}}`);
  const names = redact(some.join(", ")).slice(0, 200);
  throw fault(url, "nonsense", `gave ${series.length} series where one is wanted, as ${names}: sum them, or pick one`);
}

/** The series that a query gives now; a plain number is one without labels. None is an error. Throws BackendError. */
export async function seriesNow(
  http: Http,
  asked: z.output<typeof OneNumber>,
  look: Look,
): Promise<{ readonly url: Endpoint; readonly at: number; readonly series: readonly Series[] }> {
  const { result, at, url } = await evaluate(http, { server: asked }, look);
  switch (result.resultType) {
    case "matrix":
      throw fault(
        url,
        "nonsense",
        "gave a range where a number is wanted: take it over the range, as with rate(…[5m])",
      );
    case "string":
      throw fault(url, "nonsense", "gave a text where a number is wanted");
    case "scalar":
      return { url, at, series: [{ metric: {}, value: result.result }] };
    case "vector":
      if (result.result.length === 0)
        throw fault(url, "missing", "gave no series: nothing that the query names is there now");
      return { url, at, series: result.result.map(({ metric, value }) => ({ metric, value })) };
  }
}

/** A number, and never one made of what is none. Throws BackendError. */
export function numberIn(url: Endpoint, { metric, value }: Series): number {
  const name = redact(seriesName(metric)).slice(0, 200);
  const which = name === "" ? "" : ` for {${name}}`;
  if (!value) throw fault(url, "nonsense", `gave a native histogram${which}: ask for its histogram_quantile`);
  const number = numberOf(value[1]);
  if (number === undefined) throw fault(url, "missing", `gave ${value[1].slice(0, 20)}${which}, which is not known`);
  return number;
}

/** As many points as a chart can show, and far below the 11,000 that Prometheus gives at most. */
const mostPoints = 400;
const shortestStepSeconds = 5;
/** A chart of more lines is read by nobody. */
export const mostLines = 20;

/** The moments from a time (ms) until now, so many that a chart can show them. */
export function gridFrom(from: number): Grid {
  const end = Math.floor(Date.now() / 1_000);
  const seconds = end - from / 1_000;
  const step = Math.max(shortestStepSeconds, Math.ceil(seconds / mostPoints));
  // Counted back from now, so that the present is among them however far apart they are.
  return { start: end - Math.max(0, Math.floor(seconds / step)) * step, end, step };
}

/** The course of a query from a time (ms) until now, in at most 400 points of at most 20 lines. Throws BackendError. */
export async function readCourse(
  http: Http,
  { prometheus }: PromqlMetric,
  look: Look & { readonly from: number },
): Promise<readonly MetricSeries[]> {
  const { lines: wanted, ...asked } = prometheus;
  const server = wanted === undefined ? asked : { ...asked, query: wanted };
  const { result, url } = await evaluate(http, { server, grid: gridFrom(look.from) }, look);
  if (result.resultType !== "matrix") throw fault(url, "nonsense", "gave no course");
  const lines = result.result;
  if (lines.length > mostLines)
    throw fault(url, "nonsense", `gave ${lines.length} lines, more than ${mostLines}: sum them, or ask for fewer`);
  return lines.map(({ metric, values = [] }) => ({
    name: lines.length === 1 ? "" : redact(seriesName(metric)),
    samples: numberPoints(values),
  }));
}

/** The points that are numbers: what is none, as NaN, is a gap. */
export function numberPoints(points: readonly Point[]): Sample[] {
  return points.flatMap(([at, text]) => {
    const value = numberOf(text);
    return value === undefined ? [] : [{ at: Math.round(at * 1_000), value }];
  });
}
