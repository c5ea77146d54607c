import { BackendError } from "../domain/failure.ts";
import type { Metric } from "../domain/system.ts";
import type { Series } from "./prometheus-text.ts";
import { type Bucket, histogramQuantile } from "./quantile.ts";
import type { Taken } from "./reading.ts";
import { increases, type Scrape, type Scrapes, seriesOf } from "./scrapes.ts";

export type PrometheusSource = Extract<Metric["source"], { prometheus: unknown }>["prometheus"];

/** Less than this between two scrapes says nothing about a rate. */
const shortestSpanMs = 4_000;

/** Reads one metric from the instances that expose it. Throws BackendError; an absent series is never zero. */
export async function readPrometheus(
  scrapes: Scrapes,
  backend: string,
  source: PrometheusSource,
): Promise<Taken<number>> {
  const asked = await Promise.allSettled(
    source.urls.map(async (url) => ({ url, newest: await scrapes.newest(backend, url) })),
  );
  const answered = asked.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const refused = asked.find((each) => each.status === "rejected");
  // A sum without one of its parts is a wrong number; an extreme or a share over the rest is still a true one.
  const needsAll =
    source.quantile === undefined &&
    source.ratio === undefined &&
    (source.rate === true || source.across === "sum" || source.across === "mean");
  if (refused && (needsAll || answered.length === 0)) throw refused.reason;
  const at = Math.max(...answered.map(({ newest }) => newest.at));
  const grown = (name: string, labels = source.labels): Series[] =>
    answered.flatMap(({ url, newest }) => [
      ...increases(windowOf(scrapes, { url, newest }, source.window), name, labels).values(),
    ]);
  if (source.quantile !== undefined)
    return { value: quantileOf(source, source.quantile, grown(`${source.name}_bucket`)), at };
  if (source.ratio)
    return {
      value: ratioOf(source, grown(source.name), grown(source.name, { ...source.labels, ...source.ratio.labels })),
      at,
    };
  if (source.rate) return { value: rateOf(source, grown(source.name), spanOf(scrapes, answered, source.window)), at };
  return {
    value: gaugeOf(
      source,
      answered.flatMap(({ newest }) => seriesOf(newest, source.name, source.labels)),
    ),
    at,
  };
}

/** With one look only, what a counter has counted since its process started stands in: a longer window, not a guess. */
function windowOf(scrapes: Scrapes, on: { url: string; newest: Scrape }, windowMs: number): readonly Scrape[] {
  const inside = scrapes.since(on.url, on.newest.at - windowMs);
  const first = inside[0];
  if (first && on.newest.at - first.at >= shortestSpanMs) return inside;
  return [{ at: 0, exposition: new Map() }, on.newest];
}

function spanOf(scrapes: Scrapes, answered: readonly { url: string; newest: Scrape }[], windowMs: number): number {
  const spans = answered.map(
    ({ url, newest }) => newest.at - (scrapes.since(url, newest.at - windowMs)[0]?.at ?? newest.at),
  );
  return Math.min(...spans);
}

function quantileOf(source: PrometheusSource, quantile: number, grown: readonly Series[]): number {
  const sums = new Map<number, number>();
  for (const { labels, value } of grown) {
    const le = labels["le"] === "+Inf" ? Number.POSITIVE_INFINITY : Number(labels["le"]);
    if (!Number.isNaN(le)) sums.set(le, (sums.get(le) ?? 0) + value);
  }
  const buckets = [...sums].map(([le, count]): Bucket => ({ le, count }));
  const value = histogramQuantile(quantile, buckets);
  if (value === undefined)
    throw nothing(source, buckets.length === 0 ? "is not exposed as a histogram" : "counted nothing in the window");
  return value;
}

function ratioOf(source: PrometheusSource, all: readonly Series[], some: readonly Series[]): number {
  if (all.length === 0) throw nothing(source, "is not exposed");
  const total = sum(all);
  if (!(total > 0)) throw nothing(source, "counted nothing in the window, so there is no share of it");
  return sum(some) / total;
}

function rateOf(source: PrometheusSource, grown: readonly Series[], spanMs: number): number {
  if (grown.length === 0) throw nothing(source, "is not exposed");
  if (spanMs < shortestSpanMs)
    throw nothing(source, `has been looked at once; ask again in ${Math.ceil(shortestSpanMs / 1_000)} s`);
  return sum(grown) / (spanMs / 1_000);
}

function gaugeOf(source: PrometheusSource, series: readonly Series[]): number {
  const values = series.map(({ value }) => value);
  if (values.length === 0) throw nothing(source, "is not exposed");
  if (values.some(Number.isNaN)) throw nothing(source, "reads NaN");
  switch (source.across) {
    case "sum":
      return sum(series);
    case "mean":
      return sum(series) / values.length;
    case "max":
      return Math.max(...values);
    case "min":
      return Math.min(...values);
  }
}

function sum(series: readonly Series[]): number {
  return series.reduce((total, { value }) => total + value, 0);
}

function nothing(source: PrometheusSource, said: string): BackendError {
  return new BackendError(source.name, { fault: "nonsense", detail: said });
}
