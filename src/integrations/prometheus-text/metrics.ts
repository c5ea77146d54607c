import { z } from "zod";
import type { ExposedSeries } from "../../domain/alerts/own-series.ts";
import { BackendError } from "../../domain/failure.ts";
import type { GivenValue } from "../../domain/systems/metrics.ts";
import { DurationText, parseDuration, showWait } from "../../domain/text/duration.ts";
import { stamp } from "../../domain/text/moment.ts";
import { addressOf, showAddress } from "../wire/address.ts";
import { Endpoint, endpointKey } from "../wire/endpoint.ts";
import { asFailedReading } from "../wire/reading.ts";
import type { Series } from "./exposition.ts";
import { histogramQuantile, sumBuckets } from "./quantile.ts";
import { presentSeries, type Scrape, type Scrapes } from "./scrapes.ts";
import { neverFits, Selector, selected, showSelector } from "./selector.ts";

/** Prometheus text exposition; each instance is asked, never the balancer. */
export const PrometheusMetric = z.strictObject({
  urls: z.array(Endpoint).min(1),
  name: z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/),
  labels: Selector.optional(),
  /** Quantile of a histogram over the last `window`, from the increase of its buckets summed over instances. */
  quantile: z.number().gt(0).lt(1).optional(),
  /** Share of this metric's increase that carries these labels: an error rate. */
  ratio: z.strictObject({ labels: Selector }).optional(),
  /** Increase per second over `window`. */
  rate: z.literal(true).optional(),
  window: DurationText.prefault("5m"),
  across: z.enum(["sum", "max", "min", "mean"]).default("sum"),
});
type PrometheusMetric = z.output<typeof PrometheusMetric>;

/** What one instance contributes: its series (for counters their growth over `spanMs`), or why it contributes nothing. */
interface Part {
  readonly at: number;
  readonly spanMs: number;
  readonly series: readonly Series[];
  /** What of it is not in the series. */
  readonly lacks?: BackendError;
}

/**
 * Reads one metric from the instances that expose it. Throws BackendError: an absent series is never zero, a counter
 * watched too briefly is not guessed, and a sum without one of its instances is not given at all. An extreme, a share or a
 * quantile over the rest is true of the rest, and says which instances it is without.
 */
export async function readPrometheus(scrapes: Scrapes, backend: string, given: PrometheusMetric): Promise<GivenValue> {
  // An address that stands there twice is one instance, and counted twice its sum would be a wrong one.
  const source = { ...given, urls: [...new Map(given.urls.map((url) => [endpointKey(url), url])).values()] };
  const asked = await Promise.all(source.urls.map((url) => readPart(scrapes, source, { backend, url })));
  const parts = asked.flatMap((each) => (each instanceof BackendError ? [] : [each]));
  const errors = asked.flatMap((each) => (each instanceof BackendError ? [each] : (each.lacks ?? [])));
  const [first] = errors;
  if (first && parts.length === 0) throw first;
  if (first && needsEvery(source)) throw incomplete(source, first, errors.length);
  const { value, isFloor } = valueOf(source, parts);
  if (!Number.isFinite(value)) throw nothing(source, `reads ${value}`);
  return {
    value,
    at: Math.max(...parts.map(({ at }) => at)),
    ...(isFloor && { isFloor }),
    ...(first && { missing: { failures: errors.map(asFailedReading), of: source.urls.length } }),
  };
}

/** The series that a metric is, where it is one as it stands, or the highest or lowest of several. */
export function exposedSeries(source: PrometheusMetric): ExposedSeries | undefined {
  const { name, urls, labels, quantile, ratio, rate } = source;
  if (labels !== undefined || quantile !== undefined || ratio !== undefined || rate !== undefined) return undefined;
  if (source.across === "max") return { name, only: "highest" };
  if (source.across === "min") return { name, only: "lowest" };
  return urls.length === 1 ? { name } : undefined;
}

/** A sum without one of its parts is a wrong number; an extreme or a share over the rest is still a true one. */
function needsEvery(source: PrometheusMetric): boolean {
  if (source.quantile !== undefined || source.ratio !== undefined) return false;
  return source.across === "sum" || source.across === "mean";
}

async function readPart(
  scrapes: Scrapes,
  source: PrometheusMetric,
  from: { readonly backend: string; readonly url: Endpoint },
): Promise<Part | BackendError> {
  try {
    return partOf(scrapes, source, await scrapes.newest(from.backend, from.url));
  } catch (error) {
    if (error instanceof BackendError) return error;
    throw error;
  }
}

function partOf(scrapes: Scrapes, source: PrometheusMetric, scrape: Scrape): Part {
  const { at } = scrape;
  const isCounter = source.quantile !== undefined || source.ratio !== undefined || source.rate === true;
  const name = source.quantile === undefined ? source.name : `${source.name}_bucket`;
  const absent = (detail: string, more: { readonly againMs?: number } = {}) =>
    new BackendError(instanceName(source, scrape.url), { fault: "missing", detail, ...more });
  const { series: present, elsewhen } = presentSeries(scrape, name);
  const exposed = selected(present, source.labels);
  const stale = selected(elsewhen, source.labels)[0]?.at;
  // Looked at even when nothing fits, so that the window runs from the first scrape on.
  const growth = isCounter ? scrapes.growth(scrape, name, parseDuration(source.window)) : undefined;
  if (exposed.length === 0 && stale !== undefined)
    throw absent(`${name} is of ${stamp(stale)}, which is too ${stale < at ? "old" : "far ahead"} to count as now`);
  if (exposed.length === 0) throw absent(`does not expose ${name}${showSelector(source.labels)}`);
  const odd = exposed.find((each) => each.odd !== undefined);
  if (odd) throw absent(`${name} ${odd.odd ?? ""}`);
  if (!growth) {
    // Not a number is what an idle instance says of itself: it contributes nothing.
    const series = exposed.filter(({ value }) => !Number.isNaN(value));
    if (series.length === 0) throw absent(`${name} reads NaN`);
    const lacks =
      series.length < exposed.length ? "reads NaN in part" : stale === undefined ? undefined : inPart(stale);
    return { at, spanMs: 0, series, ...(lacks !== undefined && { lacks: absent(`${name} ${lacks}`) }) };
  }
  // What a counter that is no number has counted is not known, and a share or a rate without it would look well.
  const broken = exposed.find(({ value }) => !Number.isFinite(value));
  if (broken) throw absent(`${name} counts ${broken.value}${exposed.length > 1 ? " in part" : ""}`);
  if (stale !== undefined) throw absent(`${name} ${inPart(stale)}`);
  if (!growth.known) {
    const wait = showWait(Math.ceil(growth.waitMs / 1_000) * 1_000);
    throw absent(`${name} has only just been looked at; ask again in ${wait}`, { againMs: growth.waitMs });
  }
  return { at, spanMs: growth.spanMs, series: selected(growth.series, source.labels) };
}

function inPart(stale: number): string {
  return `is in part of ${stamp(stale)}, which does not count as now`;
}

/** Host and port; with its path where several instances share them. */
function instanceName({ urls }: PrometheusMetric, url: Endpoint): string {
  const { host } = addressOf(url);
  return urls.filter((each) => addressOf(each).host === host).length > 1 ? showAddress(url) : host;
}

interface Valued {
  readonly value: number;
  readonly isFloor?: boolean;
}

function valueOf(source: PrometheusMetric, parts: readonly Part[]): Valued {
  const series = parts.flatMap((part) => part.series);
  if (source.quantile !== undefined) return quantileOf(source, source.quantile, series);
  if (source.ratio) return { value: ratioOf(source, source.ratio.labels, series) };
  const values = source.rate
    ? parts.map((part) => total(part.series) / (part.spanMs / 1_000))
    : series.map(({ value }) => value);
  return { value: across(source, values) };
}

function quantileOf(source: PrometheusMetric, quantile: number, grown: readonly Series[]): Valued {
  const buckets = sumBuckets(grown);
  if (!buckets) throw nothing(source, "has different buckets on different instances, which cannot be summed");
  const found = histogramQuantile(quantile, buckets);
  if (!found.known) throw nothing(source, found.why);
  return found;
}

/** Series appear with the first count, so one that is absent is a true zero where it could come, and else a mistake. */
function ratioOf(source: PrometheusMetric, labels: Selector, grown: readonly Series[]): number {
  const counted = selected(grown, labels);
  const never = counted.length === 0 ? neverFits(grown, labels) : undefined;
  if (never !== undefined) throw nothing(source, never);
  const all = total(grown);
  if (!(all > 0)) throw nothing(source, "counted nothing in the window, so there is no share of it");
  return total(counted) / all;
}

function across(source: PrometheusMetric, values: readonly number[]): number {
  const sum = values.reduce((all, value) => all + value, 0);
  switch (source.across) {
    case "sum":
      return sum;
    case "mean":
      return sum / values.length;
    case "max":
      return Math.max(...values);
    case "min":
      return Math.min(...values);
  }
}

function total(series: readonly Series[]): number {
  return series.reduce((sum, { value }) => sum + value, 0);
}

function incomplete(source: PrometheusMetric, error: BackendError, missing: number): BackendError {
  if (source.urls.length === 1) return error;
  const { backend, fault, reason, againMs } = error;
  const own = error.message.slice(backend.length + 2);
  const detail = `${own}; ${missing} of ${source.urls.length} instances missing, so there is no ${source.across} over all`;
  return new BackendError(backend, { fault, detail, reason, ...(againMs !== undefined && { againMs }) });
}

function nothing(source: PrometheusMetric, said: string): BackendError {
  return new BackendError(source.name, { fault: "nonsense", detail: said });
}
