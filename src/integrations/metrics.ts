import { BackendError } from "../domain/failure.ts";
import type { MetricReading, Metrics, Sample } from "../domain/ports.ts";
import { chunkKeys, samplesIn } from "../domain/series.ts";
import type { Store } from "../domain/store.ts";
import type { Metric, System } from "../domain/system.ts";
import { addressOf } from "./address.ts";
import type { Http, HttpAnswer } from "./http.ts";
import { readPrometheus } from "./prometheus-metric.ts";
import { describe, readPointer } from "./read-pointer.ts";
import { type Taken, take } from "./reading.ts";
import { Scrapes } from "./scrapes.ts";

const deadlineMs = 3_000;

/** Reads metrics where the systems expose them, and their course from what was sampled. */
export function createMetrics(parts: { readonly http: Http; readonly store: Pick<Store, "read" | "now"> }): Metrics {
  const { http, store } = parts;
  const scrapes = new Scrapes(http);
  return {
    read(system, ids) {
      const wanted = system.metrics.filter((metric) => ids === undefined || ids.includes(metric.id));
      const documents = new Documents(http, system.id);
      return Promise.all(
        wanted.map(
          async (metric): Promise<MetricReading> => ({
            id: metric.id,
            reading: await take(() => readMetric({ documents, scrapes, system }, metric)),
          }),
        ),
      );
    },
    async history(system, metric, from) {
      const chunks = await store.read(chunkKeys(system, metric, { from, to: await store.now() }));
      return chunks.flatMap(samplesIn).filter((sample: Sample) => sample.at >= from);
    },
  };
}

/** JSON documents of one reading, each address asked once. */
class Documents {
  readonly #http: Http;
  readonly #backend: string;
  readonly #asked = new Map<string, Promise<HttpAnswer<unknown>>>();

  constructor(http: Http, backend: string) {
    this.#http = http;
    this.#backend = backend;
  }

  get(url: string): Promise<HttpAnswer<unknown>> {
    const asking = this.#asked.get(url) ?? this.#http.json({ backend: this.#backend, url, deadlineMs });
    this.#asked.set(url, asking);
    return asking;
  }
}

async function readMetric(
  from: { documents: Documents; scrapes: Scrapes; system: System },
  { source }: Metric,
): Promise<Taken<number>> {
  if ("prometheus" in source) return readPrometheus(from.scrapes, from.system.id, source.prometheus);
  const { url, path } = source.json;
  const answer = await from.documents.get(url);
  const pointed = readPointer(answer.body, path);
  if (pointed.present && typeof pointed.value === "number" && Number.isFinite(pointed.value))
    return { value: pointed.value, at: answer.at };
  const { host } = addressOf(url);
  throw new BackendError(host, { fault: "nonsense", detail: `${path} holds ${describe(pointed)}, not a number` });
}
