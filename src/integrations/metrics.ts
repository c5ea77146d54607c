import { BackendError } from "../domain/failure.ts";
import type { Store } from "../domain/store.ts";
import type { MetricReading, Metrics, Sample } from "../domain/systems/metrics.ts";
import { chunkKeys, samplesIn } from "../domain/systems/series.ts";
import type { Metric, System } from "../domain/systems/system.ts";
import { type Noted, readPrometheus } from "./prometheus-text/metric.ts";
import { Scrapes } from "./prometheus-text/scrapes.ts";
import { addressOf } from "./wire/address.ts";
import type { Http, HttpAnswer } from "./wire/http.ts";
import { describe, readPointer } from "./wire/read-pointer.ts";
import { take } from "./wire/reading.ts";

const deadlineMs = 3_000;

/** Reads metrics where the systems expose them, and their course from what was sampled. */
export function createMetrics(parts: { readonly http: Http; readonly store: Pick<Store, "read" | "now"> }): Metrics {
  const { http, store } = parts;
  const scrapes = new Scrapes(http);
  return {
    read(system, ids) {
      const wanted = system.metrics.filter((metric) => ids === undefined || ids.includes(metric.id));
      const documents = new Documents(http, system.id);
      return Promise.all(wanted.map((metric) => readOne({ documents, scrapes, system }, metric)));
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

interface From {
  readonly documents: Documents;
  readonly scrapes: Scrapes;
  readonly system: System;
}

async function readOne(from: From, metric: Metric): Promise<MetricReading> {
  let note: string | undefined;
  const reading = await take(async () => {
    const noted = await readMetric(from, metric);
    note = noted.note;
    return noted;
  });
  return { id: metric.id, reading, ...(note !== undefined && { note }) };
}

async function readMetric(from: From, { source }: Metric): Promise<Noted> {
  if ("prometheus" in source) return readPrometheus(from.scrapes, from.system.id, source.prometheus);
  const { url, path } = source.json;
  const answer = await from.documents.get(url);
  const pointed = readPointer(answer.body, path);
  if (pointed.present && typeof pointed.value === "number" && Number.isFinite(pointed.value))
    return { value: pointed.value, at: answer.at };
  const address = addressOf(url);
  const detail = `GET ${address.path} answered with ${describe(pointed)} at ${path}, not a number`;
  throw new BackendError(address.host, { fault: "nonsense", detail });
}
