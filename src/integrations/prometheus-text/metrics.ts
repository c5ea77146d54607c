import { z } from "zod";
import { BackendError } from "../../domain/failure.ts";
import type { NotedValue } from "../../domain/systems/metrics.ts";
import { Url } from "../../domain/systems/values.ts";
import { DurationText, parseDuration, showWait } from "../../domain/text/duration.ts";
import { addressOf } from "../wire/address.ts";
import type { Series } from "./exposition.ts";
import { histogramQuantile, sumBuckets } from "./quantile.ts";
import { type Scrape, type Scrapes, withLabels } from "./scrapes.ts";

/** Prometheus text exposition; each instance is asked, never the balancer. */
export const PrometheusMetric = z.strictObject({
  urls: z.array(Url).min(1),
  name: z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/),
  labels: z.record(z.string(), z.string()).optional(),
  /** Quantile of a histogram over the last `window`, from the increase of its buckets summed over instances. */
  quantile: z.number().gt(0).lt(1).optional(),
  /** Share of this metric's increase that carries these labels: an error rate. */
  ratio: z.strictObject({ labels: z.record(z.string(), z.string()) }).optional(),
  /** Increase per second over `window`. */
  rate: z.literal(true).optional(),
  window: DurationText.prefault("5m"),
  across: z.enum(["sum", "max", "min", "mean"]).default("sum"),
});
type PrometheusMetric = z.output<typeof PrometheusMetric>;

/** What one instance contributes: its series (for counters their growth over `spanMs`), or why it contributes nothing. */
interface Part {
  readonly url: string;
  readonly at: number;
  readonly spanMs: number;
  readonly series: readonly Series[];
}
interface Missing {
  readonly url: string;
  readonly error: BackendError;
}

/**
 * Reads one metric from the instances that expose it. Throws BackendError: an absent series is never zero, a counter
 * watched too briefly is not guessed, and a sum without one of its instances is not given at all.
 */
export async function readPrometheus(scrapes: Scrapes, backend: string, source: PrometheusMetric): Promise<NotedValue> {
  const asked = await Promise.all(source.urls.map((url) => readPart(scrapes, source, { backend, url })));
  const parts = asked.flatMap((each) => ("error" in each ? [] : [each]));
  const missing = asked.flatMap((each) => ("error" in each ? [each] : []));
  const [first] = missing;
  if (first && parts.length === 0) throw first.error;
  if (first && needsEvery(source)) throw incomplete(source, first.error, missing.length);
  const { value, note } = valueOf(source, parts);
  if (!Number.isFinite(value)) throw nothing(source, `reads ${value}`);
  const notes = [note, ...missing.map(({ url, error }) => `without ${addressOf(url).host} (${withoutHost(error)})`)];
  const said = notes.filter((each) => each !== undefined).join("; ");
  return { value, at: Math.max(...parts.map(({ at }) => at)), ...(said !== "" && { note: said }) };
}

/** A sum without one of its parts is a wrong number; an extreme or a share over the rest is still a true one. */
function needsEvery(source: PrometheusMetric): boolean {
  if (source.quantile !== undefined || source.ratio !== undefined) return false;
  return source.across === "sum" || source.across === "mean";
}

async function readPart(
  scrapes: Scrapes,
  source: PrometheusMetric,
  from: { readonly backend: string; readonly url: string },
): Promise<Part | Missing> {
  const { backend, url } = from;
  try {
    return partOf(scrapes, source, await scrapes.newest(backend, url));
  } catch (error) {
    if (error instanceof BackendError) return { url, error };
    throw error;
  }
}

function partOf(scrapes: Scrapes, source: PrometheusMetric, scrape: Scrape): Part {
  const { url, at } = scrape;
  const host = addressOf(url).host;
  const isCounter = source.quantile !== undefined || source.ratio !== undefined || source.rate === true;
  const name = source.quantile === undefined ? source.name : `${source.name}_bucket`;
  const exposed = withLabels(scrape.exposition.get(name) ?? [], source.labels);
  // Looked at even when nothing fits, so that the window runs from the first scrape on.
  const growth = isCounter ? scrapes.growth(scrape, name, parseDuration(source.window)) : undefined;
  if (exposed.length === 0)
    throw new BackendError(host, { fault: "missing", detail: `does not expose ${labelled(source, name)}` });
  if (!growth) return { url, at, spanMs: 0, series: exposed };
  if (!growth.known) {
    const wait = showWait(Math.ceil(growth.waitMs / 1_000) * 1_000);
    throw new BackendError(host, {
      fault: "missing",
      detail: `${name} has only just been looked at; ask again in ${wait}`,
    });
  }
  return { url, at, spanMs: growth.spanMs, series: withLabels(growth.series, source.labels) };
}

function valueOf(source: PrometheusMetric, parts: readonly Part[]): { readonly value: number; readonly note?: string } {
  const series = parts.flatMap((part) => part.series);
  if (source.quantile !== undefined) return quantileOf(source, source.quantile, series);
  if (source.ratio) return { value: ratioOf(source, source.ratio.labels, series) };
  if (!source.rate)
    return {
      value: across(
        source,
        series.map(({ value }) => value),
      ),
    };
  return {
    value: across(
      source,
      parts.map((part) => total(part.series) / (part.spanMs / 1_000)),
    ),
  };
}

function quantileOf(
  source: PrometheusMetric,
  quantile: number,
  grown: readonly Series[],
): { value: number; note?: string } {
  const buckets = sumBuckets(grown);
  if (!buckets) throw nothing(source, "has different buckets on different instances, which cannot be summed");
  const found = histogramQuantile(quantile, buckets);
  if (!found.known) throw nothing(source, found.why);
  return { value: found.value, ...(found.isFloor && { note: "or more: it lies beyond the largest bucket" }) };
}

function ratioOf(source: PrometheusMetric, labels: Readonly<Record<string, string>>, grown: readonly Series[]): number {
  const unknown = Object.keys(labels).find((label) => grown.every((series) => series.labels[label] === undefined));
  // Series of a label's value appear with the first count, so an absent value is a true zero; an absent label is a mistake.
  if (unknown !== undefined) throw nothing(source, `has no label ${unknown}`);
  const all = total(grown);
  if (!(all > 0)) throw nothing(source, "counted nothing in the window, so there is no share of it");
  return total(withLabels(grown, labels)) / all;
}

function across(source: PrometheusMetric, values: readonly number[]): number {
  if (values.some(Number.isNaN)) throw nothing(source, "reads NaN");
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

function labelled(source: PrometheusMetric, name: string): string {
  const labels = Object.entries(source.labels ?? {}).map(([label, value]) => `${label}="${value}"`);
  return labels.length > 0 ? `${name}{${labels.join(",")}}` : name;
}

function withoutHost(error: BackendError): string {
  return error.message.slice(error.backend.length + 2);
}

function incomplete(source: PrometheusMetric, error: BackendError, missing: number): BackendError {
  if (source.urls.length === 1) return error;
  const detail = `${withoutHost(error)}; ${missing} of ${source.urls.length} instances missing, so there is no ${source.across} over all`;
  return new BackendError(error.backend, { fault: error.fault, detail });
}

function nothing(source: PrometheusMetric, said: string): BackendError {
  return new BackendError(source.name, { fault: "nonsense", detail: said });
}
