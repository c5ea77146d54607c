import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Meter } from "../domain/meter.ts";
import { catalogue, type MetricDefinition } from "./metric-catalogue.ts";

type Labels = Readonly<Record<string, string>>;

/** The meter that the bot measures with, and the page it fills. */
export interface Measurements {
  readonly meter: Meter;
  readonly contentType: string;
  /** Everything measured, in Prometheus text exposition. */
  text(): Promise<string>;
}

export interface MetricsOptions {
  /** Called instead of throwing for a name or label that is not in the catalogue. Throws when left out, as tests want. */
  readonly onMisuse?: (problem: string) => void;
}

/** How many different values a label may take before the rest is counted under `other`. */
export const labelValuesMax = 200;

/**
 * The bot's measurements, each defined in the catalogue. Measuring never throws in production: pass `onMisuse` there.
 * Labels of a call must be exactly those of the catalogue.
 */
export function createMeasurements(options: MetricsOptions = {}): Measurements {
  const registry = new Registry();
  const book = new Book(registry, options.onMisuse ?? fail);
  let processMeasured = false;
  return {
    meter: {
      count: (name, labels = {}, by = 1) => book.count(name, labels, by),
      observe: (name, seconds, labels = {}) => book.observe(name, seconds, labels),
      gauge: (name, value, labels = {}) => book.gauge(name, value, labels),
    },
    contentType: registry.contentType,
    text() {
      // The process metrics start observers of the collector and the loop; nobody pays for them before the first scrape.
      if (!processMeasured) collectDefaultMetrics({ register: registry });
      processMeasured = true;
      return registry.metrics();
    },
  };
}

function fail(problem: string): never {
  throw new Error(problem);
}

/** Holds the instruments and the label values seen. */
class Book {
  readonly #counters = new Map<string, Counter>();
  readonly #gauges = new Map<string, Gauge>();
  readonly #histograms = new Map<string, Histogram>();
  readonly #seen = new Map<string, Set<string>>();
  readonly #misuse: (problem: string) => void;

  constructor(registry: Registry, misuse: (problem: string) => void) {
    this.#misuse = misuse;
    for (const [name, metric] of Object.entries(catalogue)) this.#register(registry, name, metric);
  }

  count(name: string, labels: Labels, by: number): void {
    const counter = this.#counters.get(name);
    if (!counter) return this.#misuse(`no counter is called ${name}`);
    if (!(by >= 0)) return this.#misuse(`${name}: a counter cannot grow by ${by}`);
    const bounded = this.#bounded(name, labels);
    if (bounded) counter.inc(bounded, by);
  }

  observe(name: string, value: number, labels: Labels): void {
    const histogram = this.#histograms.get(name);
    if (!histogram) return this.#misuse(`no histogram is called ${name}`);
    if (!Number.isFinite(value)) return this.#misuse(`${name}: ${value} is no measurement`);
    const bounded = this.#bounded(name, labels);
    if (bounded) histogram.observe(bounded, value);
  }

  gauge(name: string, value: number, labels: Labels): void {
    const gauge = this.#gauges.get(name);
    if (!gauge) return this.#misuse(`no gauge is called ${name}`);
    if (!Number.isFinite(value)) return this.#misuse(`${name}: ${value} is no measurement`);
    const bounded = this.#bounded(name, labels);
    if (bounded) gauge.set(bounded, value);
  }

  #register(registry: Registry, name: string, metric: MetricDefinition): void {
    const shared = { name, help: metric.help, labelNames: [...metric.labels], registers: [registry] };
    switch (metric.kind) {
      case "counter":
        this.#counters.set(name, new Counter(shared));
        return;
      case "gauge":
        this.#gauges.set(name, new Gauge(shared));
        return;
      case "histogram":
        this.#histograms.set(name, new Histogram({ ...shared, buckets: [...metric.buckets] }));
        return;
    }
  }

  /** The labels with values past the bound as `other`; undefined when they are not the catalogue's. */
  #bounded(name: string, labels: Labels): Record<string, string> | undefined {
    const expected = catalogue[name]?.labels ?? [];
    const given = Object.keys(labels);
    if (given.length !== expected.length || given.some((label) => !expected.includes(label))) {
      this.#misuse(`${name} takes the labels ${expected.join(", ") || "none"}, not ${given.join(", ") || "none"}`);
      return undefined;
    }
    return Object.fromEntries(Object.entries(labels).map(([label, value]) => [label, this.#known(name, label, value)]));
  }

  /** What people type can end up in a label; unbounded series would fill the memory of this process and of Prometheus. */
  #known(name: string, label: string, value: string): string {
    const key = `${name} ${label}`;
    const seen = this.#seen.get(key) ?? new Set<string>();
    this.#seen.set(key, seen);
    if (seen.has(value)) return value;
    if (value === "" || value.length > 100 || seen.size >= labelValuesMax) return "other";
    seen.add(value);
    return value;
  }
}
